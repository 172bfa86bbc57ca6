#include "report/episode_text.hpp"

#include <doctest/doctest.h>

using namespace attune;

namespace {

// Two classes, two support texts, one query that is called wrongly.
EpisodeText some_episode() {
  EpisodeText e;
  e.title = "Episode 7";
  e.subtitle = "matching & co";
  e.class_name = {"bank", "<way>"};
  e.support = {{3, 0, {{"my", 0.25}, {"card", 0.75}}},
               {9, 1, {{"where", 0.5}, {"est", 0.5, false}}}};
  e.query = {{5, 1, {{"a<b", 0.1}, {"שלום", 0.9, false}}}};
  e.answers = {{0, {0.3, 0.7}, 0, 0.625}};
  return e;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

}  // namespace

TEST_CASE("plain text: classes, weights above the mean, unknown words, the heaviest first") {
  const std::string text = to_terminal(some_episode(), false);
  CHECK(text.starts_with("Episode 7\nmatching & co\n\nquery 0 is "));
  CHECK(text.find("62.5 %) WRONG\n") != std::string::npos);
  CHECK(text.find("\n  a<b [שלום](0.9") != std::string::npos);
  CHECK(text.find("where [est]") != std::string::npos);
  CHECK(text.find("my card(0.75)") != std::string::npos);
  CHECK(text.find("0.7") < text.find("0.3 "));
  CHECK(text.find("####### ") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(count(to_terminal(some_episode(), false, 1), "#") == 7);
}

TEST_CASE("colour: every token is painted, the heaviest with the full ink, and the paint ends") {
  const std::string text = to_terminal(some_episode(), true);
  CHECK(count(text, "\x1b[48;2;") == 6);
  CHECK(count(text, "\x1b[0m") == 6);
  CHECK(count(text, "48;2;0;114;178;38;2;255;255;255") == 4);  // card, where, est, shalom
  CHECK(count(text, ";4m") == 2);
}

TEST_CASE("without attention to the support there are no support texts; letters stand close") {
  EpisodeText e = some_episode();
  e.answers[0].weights.clear();
  e.spaced = false;
  const std::string text = to_terminal(e, false);
  CHECK(text.find("a<b[שלום]") != std::string::npos);
  CHECK(text.find("card") == std::string::npos);
  CHECK(to_html(e).find("<table>") == std::string::npos);
}

TEST_CASE("HTML: what texts hold is escaped, every direction is isolated, tags are closed") {
  const std::string html = to_html(some_episode());
  CHECK(html.find("a&lt;b") != std::string::npos);
  CHECK(html.find("&lt;way&gt;") != std::string::npos);
  CHECK(html.find("matching &amp; co") != std::string::npos);
  CHECK(html.find("<way>") == std::string::npos);
  CHECK(html.find("section class=\"wrong\"") != std::string::npos);
  CHECK(html.find("class=\"unknown\" title=\"0.9") != std::string::npos);
  for (const std::string tag : {"section", "table", "tr", "td", "span", "bdi", "b", "p", "div"})
    CHECK(count(html, "<" + tag + ">") + count(html, "<" + tag + " ") ==
          count(html, "</" + tag + ">"));
  CHECK(count(html, "<bdi>") == 3);
}
