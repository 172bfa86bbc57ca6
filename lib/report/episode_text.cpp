#include "report/episode_text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "draw/xml.hpp"
#include "report/episode_picture.hpp"

namespace attune {
namespace {

constexpr Colour kInk{0, 114, 178};  // what weighs most; Okabe & Ito 2008, blue

double heaviest(const EpisodeText::Item& item) {
  double most = 0;
  for (const auto& token : item.tokens) most = std::max(most, token.weight);
  return most;
}

// 0…1, in steps of a tenth: the share of the heaviest token's weight.
double shade(const EpisodeText::Token& token, double most) {
  return most > 0 ? std::round(10 * token.weight / most) / 10 : 0;
}

std::uint8_t mixed(std::uint8_t ink, double part) {
  return static_cast<std::uint8_t>(std::lround(255 - part * (255 - ink)));
}

std::string sign_of(const EpisodeText& episode, std::uint32_t label) {
  return class_sign(label) + " " + episode.class_name[label];
}

std::string printable_sign(const EpisodeText& episode, std::uint32_t label) {
  return printable(sign_of(episode, label));
}

std::string percent(double p) { return to_text(100 * p, 1) + " %"; }

// Support items of an answer, the heaviest first, equal ones in their order.
std::vector<std::size_t> by_weight(const EpisodeText::Answer& answer) {
  std::vector<std::size_t> order(answer.weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return answer.weights[a] > answer.weights[b];
  });
  return order;
}

std::string plain_tokens(const EpisodeText& episode, const EpisodeText::Item& item) {
  std::string line;
  for (const auto& token : item.tokens) {
    if (episode.spaced && !line.empty()) line += ' ';
    line += token.known ? printable(token.text) : "[" + printable(token.text) + "]";
    if (token.weight * static_cast<double>(item.tokens.size()) > 1)
      line += "(" + to_text(token.weight, 2) + ")";
  }
  return line;
}

std::string painted_tokens(const EpisodeText& episode, const EpisodeText::Item& item) {
  const double most = heaviest(item);
  std::string line;
  for (const auto& token : item.tokens) {
    if (episode.spaced && !line.empty()) line += ' ';
    const double part = shade(token, most);
    const bool dark = part > 0.55;
    line += "\x1b[48;2;" + std::to_string(mixed(kInk.red, part)) + ";" +
            std::to_string(mixed(kInk.green, part)) + ";" + std::to_string(mixed(kInk.blue, part)) +
            (dark ? ";38;2;255;255;255" : ";38;2;0;0;0") + (token.known ? "m" : ";4m") +
            printable(token.text) + "\x1b[0m";
  }
  return line;
}

std::string html_tokens(const EpisodeText& episode, const EpisodeText::Item& item) {
  const double most = heaviest(item);
  std::string line = "<bdi>";
  for (const auto& token : item.tokens) {
    const double part = shade(token, most);
    line += std::string("<span") + (token.known ? "" : " class=\"unknown\"") + " title=\"" +
            to_text(token.weight, 4) + (token.known ? "" : ", unknown") +
            "\" style=\"background:rgba(0,114,178," + to_text(part, 1) + ")" +
            (part > 0.55 ? ";color:#fff" : "") + "\">" + xml_text(token.text) + "</span>";
    if (episode.spaced) line += ' ';
  }
  return line + "</bdi>";
}

std::string html_class(const EpisodeText& episode, std::uint32_t label) {
  return "<b style=\"color:" + colour_text(class_colour(label)) + "\">" +
         xml_text(sign_of(episode, label)) + "</b>";
}

std::string html_answer(const EpisodeText& episode, const EpisodeText::Answer& answer) {
  const auto& item = episode.query[answer.query];
  const bool right = item.label == answer.predicted;
  std::string html = "<section" + std::string(right ? "" : " class=\"wrong\"") + "><p>query " +
                     std::to_string(answer.query) + " is " + html_class(episode, item.label) +
                     ", called " + html_class(episode, answer.predicted) + " (" +
                     percent(answer.probability) + ") " + (right ? "✓" : "✗") + "</p>\n<p>" +
                     html_tokens(episode, item) + "</p>\n";
  if (answer.weights.empty()) return html + "</section>\n";
  html += "<table>\n";
  for (const std::size_t s : by_weight(answer)) {
    const auto& of = episode.support[s];
    html += "<tr><td class=\"number\">" + to_text(answer.weights[s], 3) +
            "</td><td><div style=\"width:" + to_text(100 * answer.weights[s], 1) +
            "px;background:" + colour_text(class_colour(of.label)) + "\"></div></td><td>" +
            html_class(episode, of.label) + "</td><td>" + html_tokens(episode, of) + "</td></tr>\n";
  }
  return html + "</table></section>\n";
}

}  // namespace

std::string to_terminal(const EpisodeText& episode, bool colour, std::size_t most) {
  const auto tokens = [&](const EpisodeText::Item& item) {
    return colour ? painted_tokens(episode, item) : plain_tokens(episode, item);
  };
  std::string text = printable(episode.title) + "\n" + printable(episode.subtitle) + "\n";
  for (const auto& answer : episode.answers) {
    const auto& item = episode.query[answer.query];
    text += "\nquery " + std::to_string(answer.query) + " is " +
            printable_sign(episode, item.label) + ", called " +
            printable_sign(episode, answer.predicted) + " (" + percent(answer.probability) + ")" +
            (item.label == answer.predicted ? "" : " WRONG") + "\n  " + tokens(item) + "\n";
    std::size_t shown = 0;
    for (const std::size_t s : by_weight(answer)) {
      if (shown++ == most) break;
      const auto& of = episode.support[s];
      const auto bar =
          static_cast<std::size_t>(std::lround(10 * std::clamp(answer.weights[s], 0.0, 1.0)));
      text += "  " + to_text(answer.weights[s], 3) + " " + std::string(bar, '#') +
              std::string(11 - bar, ' ') + printable_sign(episode, of.label) + "  " + tokens(of) +
              "\n";
    }
  }
  return text;
}

std::string to_html(const EpisodeText& episode) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
      xml_text(episode.title) +
      "</title>\n<style>body{font-family:sans-serif;margin:2em;max-width:60em}"
      "section{border-top:1px solid #ccc;padding:.5em}.wrong{background:#eee}"
      ".unknown{text-decoration:underline dotted}.number{font-variant-numeric:tabular-nums}"
      "td{padding:.1em .5em}td div{height:.8em}span{padding:0 .1em;border-radius:.2em}"
      "</style></head>\n<body><h1>" +
      xml_text(episode.title) + "</h1>\n<p>" + xml_text(episode.subtitle) +
      ". A token is the darker the more of its text's features come from it, compared with the "
      "heaviest token of the text; dotted: unknown to the model.</p>\n";
  for (const auto& answer : episode.answers) html += html_answer(episode, answer);
  return html + "</body></html>\n";
}

}  // namespace attune
