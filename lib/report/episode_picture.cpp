#include "report/episode_picture.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "draw/characters.hpp"
#include "statistics/rank_agreement.hpp"

namespace attune {
namespace {

using Anchor = Drawing::Anchor;

constexpr double kMargin = 18, kInfo = 212, kResult = 74;  // widths left and right of the bars
constexpr double kLines = 120;                             // height of the lines' panel
constexpr double kRow = 54, kBar = 40;                     // of a query
constexpr double kLetter = 6.4;                            // mean width of small text
constexpr std::size_t kName = 48;                          // characters of a class's name
constexpr Colour kGrey{110, 110, 110}, kLight{215, 215, 215}, kWrong{236, 236, 236};

std::string shortened(const std::string& text, std::size_t most) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) == 0x80) continue;  // inside a character
    if (++seen > most) return text.substr(0, i) + "…";
  }
  return text;
}

// Names differ in their ends as often as in their beginnings, so that the middle is left out.
std::string without_middle(const std::string& text, std::size_t most) {
  const std::size_t length = characters(text);
  if (length <= most) return text;
  const std::size_t end = most / 2;
  std::size_t seen = 0, from = 0;
  while (from < text.size() && seen < length - end)
    if ((text[++from] & 0xC0) != 0x80) ++seen;
  return shortened(text, most - end) + text.substr(from);
}

class Painter {
 public:
  explicit Painter(const EpisodeView& view)
      : view_(view),
        column_(std::clamp(860 / static_cast<double>(view.support.size()), 15.0, 56.0)),
        gap_(column_ > 20 ? 8 : 4) {
    for (const auto& answer : view_.answers)
      for (const double weight : answer.weights) top_ = std::max(top_, weight);
    bars_ = view_.support.empty() ? 0 : place(view_.support.size() - 1) + column_;
    drawing_.width = std::max(kMargin + kInfo + bars_ + kResult + kMargin, 640.0);
  }

  Drawing operator()() {
    heading();
    legend();
    support();
    lines();
    for (const auto& answer : view_.answers) row(answer);
    drawing_.height = y_ + kMargin;
    return std::move(drawing_);
  }

 private:
  // Left end of a support item's column, from the left end of the bars.
  double place(std::size_t item) const {
    const auto classes = static_cast<double>(view_.support[item].label);
    return static_cast<double>(item) * column_ + classes * gap_;
  }
  double left(std::size_t item) const { return kMargin + kInfo + place(item); }
  double middle(std::size_t item) const { return left(item) + column_ / 2; }

  void text(double x, double y, double size, const std::string& what, Colour colour = {},
            Anchor anchor = Anchor::start, bool bold = false) {
    drawing_.add(Drawing::Text{x, y, size, what, anchor, colour, bold});
  }
  void box(double x, double y, double width, double height, Colour fill) {
    drawing_.add(Drawing::Rectangle{x, y, width, height, fill});
  }
  void line(double x1, double y1, double x2, double y2, double width, Colour colour,
            double opacity = 1) {
    drawing_.add(Drawing::Line{x1, y1, x2, y2, width, colour, opacity});
  }

  // An example in a frame of its class's colour; feature vectors are named by their pool row.
  void example(const EpisodeView::Item& item, double x, double y, double side) {
    const double frame = side > 16 ? 2 : 1;
    box(x, y, side, side, class_colour(item.label));
    const double inner = side - 2 * frame;
    if (!item.samples.empty()) {
      drawing_.add(Drawing::Picture{x + frame, y + frame, inner, inner, view_.rows, view_.columns,
                                    view_.channels, item.samples});
      return;
    }
    box(x + frame, y + frame, inner, inner, {255, 255, 255});
    if (side < 22) return;
    const std::string number = std::to_string(item.row);
    const double size = std::min(11.0, inner / (0.66 * static_cast<double>(number.size())));
    text(x + side / 2, y + side / 2 + size * 0.36, size, number, {}, Anchor::middle);
  }

  void heading() {
    text(kMargin, y_ + 14, 16, view_.title, {}, Anchor::start, true);
    const double fits = (drawing_.width - 2 * kMargin) / kLetter;
    text(kMargin, y_ + 32, 11, shortened(view_.subtitle, static_cast<std::size_t>(fits)), kGrey);
    y_ += 44;
  }

  // Sign, colour and name of each class.
  void legend() {
    std::size_t longest = 12;
    for (const std::string& name : view_.class_name) longest = std::max(longest, characters(name));
    const double width = drawing_.width - 2 * kMargin;
    const double step = 50 + kLetter * static_cast<double>(std::min(longest, kName));
    const auto per_row = static_cast<std::size_t>(std::max(1.0, std::floor(width / step)));
    for (std::size_t n = 0; n < view_.class_name.size(); ++n) {
      const double x = kMargin + static_cast<double>(n % per_row) * step;
      const double y = y_ + static_cast<double>(n / per_row) * 17;
      box(x, y + 2, 11, 11, class_colour(n));
      text(x + 15, y + 12, 11, class_sign(n), {}, Anchor::start, true);
      text(x + 34, y + 12, 11, without_middle(view_.class_name[n], kName));
    }
    y_ += 17 * std::ceil(static_cast<double>(view_.class_name.size()) /
                         static_cast<double>(per_row)) +
          14;
  }

  void support() {
    text(kMargin, y_ + 30, 12, "support", {}, Anchor::start, true);
    text(kMargin, y_ + 45, 10, std::to_string(view_.support.size()) + " labelled examples", kGrey);
    for (std::size_t i = 0; i < view_.support.size(); ++i) {
      const auto& item = view_.support[i];
      if (i == 0 || view_.support[i - 1].label != item.label) {
        std::size_t last = i;
        while (last + 1 < view_.support.size() && view_.support[last + 1].label == item.label)
          ++last;
        text((left(i) + left(last) + column_) / 2, y_ + 11, 12, class_sign(item.label), {},
             Anchor::middle, true);
      }
      example(item, left(i) + 1, y_ + 16, column_ - 2);
    }
    y_ += 16 + column_;
  }

  // Middle of a shown query in the row below the lines.
  double query_middle(std::size_t answer) const {
    const double step = bars_ / static_cast<double>(view_.answers.size());
    return kMargin + kInfo + (static_cast<double>(answer) + 0.5) * step;
  }

  void lines() {
    const double step = bars_ / static_cast<double>(view_.answers.size());
    const double side = std::clamp(step - 4, 10.0, 38.0);
    text(kMargin, y_ + kLines / 2 + 4, 10, "the wider, the more attention", kGrey);
    struct Edge {
      double weight;
      std::size_t answer, item;
    };
    std::vector<Edge> edges;
    for (std::size_t a = 0; a < view_.answers.size(); ++a)
      for (std::size_t i = 0; i < view_.support.size(); ++i)
        edges.push_back({view_.answers[a].weights[i], a, i});
    std::ranges::stable_sort(edges, {}, &Edge::weight);  // the strong ones above
    for (const Edge& edge : edges) {
      const double share = top_ > 0 ? edge.weight / top_ : 0;
      if (share < 0.02) continue;
      line(query_middle(edge.answer), y_ + kLines, middle(edge.item), y_ + 3, 0.4 + 3.6 * share,
           class_colour(view_.support[edge.item].label), 0.12 + 0.78 * share);
    }
    y_ += kLines;
    text(kMargin, y_ + side / 2, 12, "queries", {}, Anchor::start, true);
    text(kMargin, y_ + side / 2 + 14, 10,
         std::to_string(view_.answers.size()) + " shown of " + std::to_string(view_.query.size()),
         kGrey);
    for (std::size_t a = 0; a < view_.answers.size(); ++a) {
      const std::size_t q = view_.answers[a].query;
      example(view_.query[q], query_middle(a) - side / 2, y_, side);
      text(query_middle(a), y_ + side + 11, 9, std::to_string(q), kGrey, Anchor::middle);
    }
    y_ += std::max(side, 30.0) + 34;
    text(kMargin + kInfo, y_, 10, "attention to each support item; dashed: uniform", kGrey);
    text(drawing_.width - kMargin, y_, 10, "items attended", kGrey, Anchor::end);
    y_ += 4;
  }

  void scale(double base) {
    const double from = kMargin + kInfo, to = from + bars_;
    line(from, base, to, base, 1, kLight);
    line(from - 4, base - kBar, from, base - kBar, 1, kGrey);
    text(from - 6, base - kBar + 4, 9, to_text(top_, 2), kGrey, Anchor::end);
  }

  void uniform(double base) {
    const double from = kMargin + kInfo, to = from + bars_;
    const double y = base - kBar / top_ / static_cast<double>(view_.support.size());
    for (double x = from; x < to; x += 6) line(x, y, std::min(x + 3, to), y, 0.8, kGrey);
  }

  void row(const EpisodeView::Answer& answer) {
    const auto& query = view_.query[answer.query];
    const bool right = query.label == answer.predicted;
    const double base = y_ + kRow - 6, right_side = drawing_.width - kMargin;
    if (!right) box(kMargin - 6, y_ + 1, right_side - kMargin + 12, kRow - 2, kWrong);
    example(query, kMargin, y_ + 8, 38);
    text(kMargin + 46, y_ + 21, 10, "query " + std::to_string(answer.query), kGrey);
    text(kMargin + 46, y_ + 33, 11, "is " + class_sign(query.label));
    text(kMargin + 46, y_ + 46, 11,
         "called " + class_sign(answer.predicted) + ", p " + to_text(answer.probability, 2), {},
         Anchor::start, true);
    text(kMargin + kInfo - 44, y_ + 42, 15, right ? "✓" : "✗", {}, Anchor::middle, true);
    scale(base);
    for (std::size_t i = 0; i < view_.support.size(); ++i) {
      const double height = top_ > 0 ? answer.weights[i] / top_ * kBar : 0;
      box(left(i) + column_ * 0.12, base - height, column_ * 0.76, height,
          class_colour(view_.support[i].label));
    }
    uniform(base);
    text(right_side, y_ + 38, 12, to_text(effective_number(answer.weights), 1), {}, Anchor::end,
         true);
    y_ += kRow;
  }

  const EpisodeView& view_;
  double column_, gap_, bars_ = 0, top_ = 0, y_ = kMargin;
  Drawing drawing_;
};

}  // namespace

std::string class_sign(std::size_t label) {
  constexpr std::size_t kLetters = 26;
  std::string sign(1, static_cast<char>('A' + label % kLetters));
  return label < kLetters ? sign : class_sign(label / kLetters - 1) + sign;
}

Colour class_colour(std::size_t label) {
  static constexpr Colour kColours[] = {{0, 114, 178},   {230, 159, 0},  {0, 158, 115},
                                        {204, 121, 167}, {86, 180, 233}, {213, 94, 0},
                                        {90, 90, 90}};
  return kColours[label % std::size(kColours)];
}

Drawing draw_episode(const EpisodeView& view) { return Painter(view)(); }

}  // namespace attune
