#include "report/alignment_picture.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

constexpr double kMargin = 18, kCell = 18, kLine = 20, kLetter = 7.2, kShown = 0.005;
constexpr char kAnalogy[] = "analogy";
constexpr Colour kGrey{110, 110, 110}, kInk{0, 114, 178};

std::string shown(const std::string& token) {
  return token.empty() ? "∎" : token == " " ? "␣" : token;
}

std::size_t code_points_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Colour shade(double part) {
  const auto mix = [part](std::uint8_t c) {
    return static_cast<std::uint8_t>(std::lround(255 - std::min(part, 1.0) * (255 - c)));
  };
  return {mix(kInk.red), mix(kInk.green), mix(kInk.blue)};
}

// Words with spaces between them, single letters without.
std::string sentence(const std::vector<std::string>& tokens, const std::vector<std::string>& like) {
  const bool words =
      std::ranges::any_of(like, [](const std::string& token) { return code_points_of(token) > 1; });
  return join(tokens, words ? " " : "");
}
std::string sentence(const std::vector<std::string>& tokens) { return sentence(tokens, tokens); }

// Where each pair's items begin, and the weights by pair and by item.
struct Shares {
  explicit Shares(const AlignmentView& view) {
    for (const AlignmentView::Pair& pair : view.support) {
      begin.push_back(items);
      items += pair.source.size() + pair.target.size();
    }
    if (view.weights.size() != view.step.size() * items)
      throw Error("alignment: want " + std::to_string(view.step.size() * items) +
                  " weights, have " + std::to_string(view.weights.size()));
  }
  double of_pair(const AlignmentView& view, std::size_t step, std::size_t pair) const {
    const std::size_t end = pair + 1 < begin.size() ? begin[pair + 1] : items;
    double sum = 0;
    for (std::size_t i = begin[pair]; i < end; ++i) sum += view.weights[step * items + i];
    return sum;
  }
  double of_item(const AlignmentView& view, std::size_t item) const {
    double sum = 0;
    for (std::size_t t = 0; t < view.step.size(); ++t) sum += view.weights[t * items + item];
    return sum;
  }
  std::vector<std::size_t> begin;
  std::size_t items = 0;
};

std::vector<std::size_t> pairs_with_weight(const AlignmentView& view, const Shares& shares) {
  std::vector<std::size_t> pairs;
  for (std::size_t k = 0; k < view.support.size(); ++k)
    for (std::size_t t = 0; t < view.step.size(); ++t)
      if (shares.of_pair(view, t, k) >= kShown) {
        pairs.push_back(k);
        break;
      }
  return pairs;
}

}  // namespace

Drawing draw_alignment(const AlignmentView& view) {
  const Shares shares(view);
  const auto pairs = pairs_with_weight(view, shares);
  std::size_t widest = view.followed.empty() ? 4 : std::size(kAnalogy), longest = 4;
  for (const std::size_t k : pairs) {
    widest = std::max(widest, code_points_of(sentence(view.support[k].source)));
    std::size_t letters = 0;
    for (const std::string& token : view.support[k].target)
      letters += std::max<std::size_t>(2, code_points_of(token) + 1);
    longest = std::max(longest, letters);
  }
  Drawing drawing;
  const auto text = [&](double x, double y, double size, const std::string& what, Colour colour,
                        Drawing::Anchor anchor, bool bold) {
    drawing.add(Drawing::Text{x, y, size, what, anchor, colour, bold});
  };
  using Anchor = Drawing::Anchor;
  const double left = kMargin + kLetter * static_cast<double>(widest) + 10;
  const double right = left + kCell * static_cast<double>(view.step.size()) + 14;
  text(kMargin, kMargin + 14, 15, view.title, {}, Anchor::start, true);
  text(kMargin, kMargin + 31, 11, view.subtitle, kGrey, Anchor::start, false);
  double y = kMargin + 52;
  for (std::size_t t = 0; t < view.step.size(); ++t)
    text(left + kCell * (static_cast<double>(t) + 0.5), y, 12, shown(view.step[t]), {},
         Anchor::middle, true);
  y += 6;
  if (!view.followed.empty()) {
    text(left - 8, y + 14, 12, kAnalogy, kGrey, Anchor::end, false);
    for (std::size_t t = 0; t < view.step.size(); ++t)
      drawing.add(Drawing::Rectangle{left + kCell * static_cast<double>(t), y, kCell - 1, kLine - 1,
                                     shade(view.followed.at(t))});
    y += kLine + 4;
  }
  for (const std::size_t k : pairs) {
    const AlignmentView::Pair& pair = view.support[k];
    text(left - 8, y + 14, 12, sentence(pair.source), {}, Anchor::end, false);
    for (std::size_t t = 0; t < view.step.size(); ++t)
      drawing.add(Drawing::Rectangle{left + kCell * static_cast<double>(t), y, kCell - 1, kLine - 1,
                                     shade(shares.of_pair(view, t, k))});
    double x = right;
    for (std::size_t j = 0; j < pair.target.size(); ++j) {
      const double width = kLetter * static_cast<double>(std::max<std::size_t>(
                                         2, code_points_of(pair.target[j]) + 1));
      const double weight = shares.of_item(view, shares.begin[k] + pair.source.size() + j);
      drawing.add(Drawing::Rectangle{x, y, width - 1, kLine - 1, shade(0.8 * weight)});
      text(x + width / 2, y + 14, 12, shown(pair.target[j]), {}, Anchor::middle, false);
      x += width;
    }
    y += kLine;
  }
  drawing.width = right + kLetter * static_cast<double>(longest) + kMargin;
  drawing.width =
      std::max(drawing.width, kMargin * 2 + 8.5 * static_cast<double>(code_points_of(view.title)));
  drawing.height = y + kMargin;
  return drawing;
}

std::string to_terminal(const AlignmentView& view) {
  const Shares shares(view);
  std::string out = printable(view.title) + "\n" + printable(view.subtitle) + "\n";
  for (std::size_t t = 0; t < view.step.size(); ++t) {
    const double* row = view.weights.data() + t * shares.items;
    const auto most = static_cast<std::size_t>(std::max_element(row, row + shares.items) - row);
    std::size_t k = 0;
    while (k + 1 < shares.begin.size() && shares.begin[k + 1] <= most) ++k;
    const AlignmentView::Pair& pair = view.support[k];
    const auto marked = [&](const std::vector<std::string>& tokens, std::size_t first) {
      std::vector<std::string> all;
      for (std::size_t j = 0; j < tokens.size(); ++j) {
        if (first + j == most)
          all.push_back("[" + shown(tokens[j]) + "]");
        else
          all.push_back(tokens[j]);
      }
      return sentence(all, tokens);
    };
    const std::size_t first = shares.begin[k];
    out += "  " + shown(view.step[t]) + "\t" + to_text(row[most], 2) + "\t" +
           marked(pair.source, first) + " → " + marked(pair.target, first + pair.source.size());
    if (!view.followed.empty())
      out += std::string("\t") + kAnalogy + " " + to_text(view.followed.at(t), 2);
    out += "\n";
  }
  return printable(out, "\n\t");
}

}  // namespace attune
