// What comes from files — titles, claims, names of classes, words — is shown and nothing else: in
// no writer does it become markup, a second line, or a command to the terminal.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "draw/drawing.hpp"
#include "draw/xml.hpp"
#include "report/alignment_picture.hpp"
#include "report/episode_picture.hpp"
#include "report/episode_text.hpp"
#include "report/trial_picture.hpp"
#include "table/markdown_text.hpp"
#include "table/table.hpp"

using namespace attune;

namespace {

constexpr const char* kHostile =
    "<img src=x onerror=alert(1)>|[x](javascript:y) "
    "\x1b[2J\u009b31m\u202e\"&lt;`id`\\\r\nSecond\x07";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Nothing that a terminal obeys but lines and tabs.
void check_harmless(const std::string& text) {
  CAPTURE(text);
  for (const char c : text)
    CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t'));
  for (const char* part : {"\x7f", "\u009b", "\u202e"}) CHECK(!contains(text, part));
}

Table hostile_table() {
  Table table;
  table.title = kHostile;
  table.labels = {"model", "[source"};
  table.columns = {{"5w1s"}};
  table.lines = {{{kHostile, "*a* _b_ ~c~"}, {Estimate{98.4, 0.1}}, false, {}},
                 {{"[5] P", "* b"}, {Estimate{9.5, {}}}, true, {}}};
  table.notes = {kHostile, "# no heading"};
  return table;
}

}  // namespace

TEST_CASE("Markdown: signs that would act are escaped, others stay") {
  CHECK(markdown_text("a|b\\c") == "a\\|b\\\\c");
  CHECK(markdown_text("<b>x</b> <!-- --> <0.01 a < b") == "\\<b>x\\</b> \\<!-- --> <0.01 a < b");
  CHECK(markdown_text("&lt; &#60; Lake & Baroni; a&b") == "\\&lt; \\&#60; Lake & Baroni; a&b");
  CHECK(markdown_text("[5] [x](y) [x][y] [x]: y") == "[5] [x\\](y) [x\\][y] [x\\]: y");
  CHECK(markdown_text("linear_elu_x (*.json) 5 * 3") == "linear_elu_x (\\*.json) 5 \\* 3");
  CHECK(markdown_text("(*.json)") == "(*.json)");
  CHECK(markdown_text("_a_ **b** ~~c~~ $d$ $5 ~6") ==
        "\\_a\\_ \\*\\*b\\*\\* \\~\\~c\\~\\~ \\$d\\$ \\$5 \\~6");
  CHECK(markdown_text("`make a-b.c` and `<b>` and `` ` ``") ==
        "`make a-b.c` and \\`\\<b>\\` and \\`\\` \\` \\`\\`");
  CHECK(markdown_text("a\r\nb\tc\x1b") == "a  b c\\\\x1b");
  CHECK(markdown_text("title ##") == "title \\#\\#");
  CHECK(markdown_text("# 1") == "# 1");
  CHECK(markdown_item("# 1") == "\\# 1");
  CHECK(markdown_item("> q") == "\\> q");
  CHECK(markdown_item("- q") == "\\- q");
  CHECK(markdown_item("-0.5 of 2") == "-0.5 of 2");
  CHECK(markdown_item("12. q") == "12\\. q");
  CHECK(markdown_item("1.5 q") == "1.5 q");
  CHECK(markdown_item("[x] q") == "\\[x] q");
  CHECK(markdown_item("    code") == "code");
}

TEST_CASE("Markdown: a table of hostile names has its lines and columns, and comes back") {
  const std::string text = to_markdown(hostile_table());
  check_harmless(text);
  CHECK(!contains(text, " <img"));
  CHECK(contains(text, "\\<img src=x onerror=alert(1)>\\|[x\\](javascript:y)"));
  const Table back = parse_table(text, "t.md");
  REQUIRE(back.lines.size() == 2);
  REQUIRE(back.notes.size() == 2);
  CHECK(back.lines[0].labels[1] == "*a* _b_ ~c~");
  CHECK(back.lines[1].labels == hostile_table().lines[1].labels);
  CHECK(back.labels == hostile_table().labels);
  CHECK(back.notes[1] == "# no heading");
  CHECK(back.title.starts_with("<img src=x onerror=alert(1)>|[x](javascript:y) \\x1b[2J"));
  CHECK(back.title.ends_with("\"&lt;`id`\\  Second\\x07"));
}

TEST_CASE("TSV, CSV, JSON and LaTeX of hostile names") {
  for (const auto& format : table_formats()) {
    CAPTURE(format);
    check_harmless(render(hostile_table(), format));
  }
  CHECK(parse_table(to_tsv(hostile_table()), "t").lines.size() == 2);
  const Table json = parse_table(to_json(hostile_table()), "t");
  CHECK(json.title == kHostile);
  CHECK(json.lines[0].labels[0] == kHostile);
  CHECK(json.notes == hostile_table().notes);
  const std::string latex = to_latex(hostile_table());
  CHECK(contains(
      latex, "\\midrule\n{[}5] P & {*} b & $9.50$"));  // braces: else an argument of the line break
  CHECK(contains(latex, "\\textless{}img src=x onerror=alert(1)\\textgreater{}\\textbar{}[x]"));
  std::size_t lines = 0;
  for (const char c : latex) lines += c == '\n';
  CHECK(lines == 13);  // two of notes, two of the head, nine of the table
}

TEST_CASE("HTML and SVG: no tags, no characters that XML forbids") {
  CHECK(xml_text("<a href=\"x\">&amp;") == "&lt;a href=&quot;x&quot;&gt;&amp;amp;");
  CHECK(xml_text("a\x1b\nb\xff\uFFFE") == "a\uFFFD\uFFFDb\uFFFD\uFFFD");
  EpisodeText e;
  e.title = e.subtitle = kHostile;
  e.class_name = {kHostile, kHostile};
  e.support = {{3, 0, {{kHostile, 0.25}, {kHostile, 0.75, false}}}};
  e.query = {{5, 1, {{kHostile, 1}}}};
  e.answers = {{0, {1}, 0, 0.625}};
  const std::string html = to_html(e);
  check_harmless(html);
  CHECK(!contains(html, "<img"));
  CHECK(contains(html, "&amp;lt;`id`"));
  Drawing drawing{100, 30, {}};
  drawing.add(Drawing::Text{5, 24, 20, kHostile});
  check_harmless(to_svg(drawing));
  CHECK(!contains(to_svg(drawing), "<img"));
}

TEST_CASE("Graphviz: names stay inside their quotes, signs of labels are shown as they are") {
  AttentionGraph graph;
  graph.title = kHostile;
  graph.rows = graph.columns = {{"s0", "a\"; evil [label=\\N", 0U}, {"s1", kHostile, 1U}};
  graph.weights = {1, 0, 0, 1};
  const std::string dot = to_dot(graph);
  check_harmless(dot);
  CHECK(contains(dot, "label=\"a\\\"; evil [label=\\\\N\""));
  CHECK(contains(dot, "&amp;lt;`id`\\\\\\\\x0d\\\\x0aSecond"));
}

TEST_CASE("terminal: texts, trials and alignments hold no commands but our own colours") {
  EpisodeText e;
  e.title = e.subtitle = kHostile;
  e.class_name = {kHostile, kHostile};
  e.support = {{3, 0, {{kHostile, 0.25}, {kHostile, 0.75, false}}}};
  e.query = {{5, 1, {{kHostile, 1}}}};
  e.answers = {{0, {1}, 0, 0.625}};
  check_harmless(to_terminal(e, false));
  const std::string colour = to_terminal(e, true);
  CHECK(!contains(colour, "\x1b[2J"));
  CHECK(!contains(colour, "\u009b"));
  TrialView trial;
  trial.title = trial.subtitle = kHostile;
  trial.action_name = {kHostile};
  trial.steps = {{0, 0.5, 1, {}, true}};
  trial.maps = {{"layer1", {1}}};
  check_harmless(to_terminal(trial, false));
  AlignmentView alignment;
  alignment.title = alignment.subtitle = kHostile;
  alignment.support = {{{kHostile}, {kHostile}}};
  alignment.step = {kHostile};
  alignment.weights = {0.5, 0.5};
  check_harmless(to_terminal(alignment));
}
