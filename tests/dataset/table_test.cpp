#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "dataset/raw_files.hpp"
#include "dataset/reader.hpp"
#include "dataset/table_text.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

Pool read(const std::string& text, const std::vector<std::string>& settings = {}) {
  const TemporaryFolder folder;
  put(folder / "ward.csv", text);
  Config config =
      Config::parse(R"({"kind": "table", "fractions": [1, 0, 0], "standardise": false})", "test");
  for (const std::string& setting : settings) config.set(setting);
  const auto reader = ReaderRegistry::make(config, "");
  config.finish();
  Pool pool = reader->read(folder / "ward.csv");
  check_pool(pool);
  return pool;
}

std::string refusal(const std::string& text, const std::vector<std::string>& settings = {}) {
  return message_of([&] { read(text, settings); });
}

TextTable parse(const std::string& text, char separator = ',') {
  return parse_table(text, separator, "t.csv");
}

std::string parse_refusal(const std::string& text) {
  return message_of([&] { parse(text); });
}

using Records = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("CSV: quotes, separators and line ends inside fields") {
  const TextTable table = parse("a,\"b,c\",d\r\n\"x \"\"y\"\"\",\"1\n2\",\n,\"\",z\n");
  CHECK(table.columns == std::vector<std::string>{"a", "b,c", "d"});
  CHECK(table.records == Records{{"x \"y\"", "1\n2", ""}, {"", "", "z"}});
  CHECK(table.line == std::vector<std::size_t>{2, 4});
}

TEST_CASE("CSV: byte order mark, empty lines, no newline at the end") {
  const TextTable table = parse(
      "\xef\xbb\xbf"
      "a,b\n\n1,2\r\n\r\n3,4");
  CHECK(table.columns == std::vector<std::string>{"a", "b"});
  CHECK(table.records == Records{{"1", "2"}, {"3", "4"}});
  CHECK(table.line == std::vector<std::size_t>{3, 5});
  CHECK(parse("a\tb\n1,5\t2\n", '\t').records == Records{{"1,5", "2"}});
}

TEST_CASE("CSV: malformed text is refused with its line") {
  CHECK(contains(parse_refusal("a,b\n1,2\n3\n"), "t.csv: line 3: want 2 fields, have 1"));
  CHECK(contains(parse_refusal("a,b\n1,2,3\n"), "line 2: want 2 fields, have 3"));
  CHECK(contains(parse_refusal("a,b\n1,\"2\n3,4\n"), "line 2: want a closing quote"));
  CHECK(contains(parse_refusal("a,b\n1,2\"3\n"), "line 2: want the whole field in quotes"));
  CHECK(contains(parse_refusal("a,b\n1,\"2\"3\n"), "line 2: want a separator"));
  CHECK(contains(parse_refusal("a,a\n1,2\n"), "line 1: want each column once"));
  CHECK(contains(parse_refusal("a,\n1,2\n"), "line 1: want a name"));
  CHECK(contains(parse_refusal("a,b\n"), "have none"));
  CHECK(contains(parse_refusal(""), "have none"));
  CHECK(contains(parse_refusal("a,b\n1,\xff\n"), "UTF-8"));
}

TEST_CASE("the separator is guessed from the header, outside quotes") {
  CHECK(guess_separator("a,b;c,d\n") == ',');
  CHECK(guess_separator("\"a,b,c\";d;e\n1,2,3,4,5\n") == ';');
  CHECK(guess_separator("a\tb\n") == '\t');
}

TEST_CASE("table: rows become examples by class, features in the order of the columns") {
  const std::string text = "age,label,note,dose\n1,b,x,10\n2,a,y,20\n3,b,z,30\n4,a,x,1e-3\n";
  const Pool pool = read(text, {R"(ignore=["note"])"});
  CHECK(pool.class_name == std::vector<std::string>{"a", "b"});
  CHECK(pool.example_shape == std::vector<std::uint32_t>{2});
  CHECK(pool.features == std::vector<float>{2, 20, 4, 1e-3f, 1, 10, 3, 30});
  CHECK(pool.y == std::vector<std::uint32_t>{0, 0, 1, 1});
  CHECK(pool.group == std::vector<std::uint32_t>{0, 0, 0, 0});
  const Pool grouped = read(text, {"group=note"});
  CHECK(grouped.features == pool.features);
  CHECK(grouped.group_name == std::vector<std::string>{"x", "y", "z"});
  CHECK(grouped.group == std::vector<std::uint32_t>{1, 0, 0, 2});
  CHECK(read("x;label\n1;p\n2;p\n").features == std::vector<float>{1, 2});
  CHECK(read("x;y;z,label\n1,p\n2,p\n", {"separator=comma"}).features == std::vector<float>{1, 2});
}

TEST_CASE("table: what is no number is refused with line and column") {
  const std::string head = "label,pulse\np,1\n";
  CHECK(contains(refusal(head + "p,\n"), "line 3: column \"pulse\": want a number, have nothing"));
  for (const std::string bad :
       {"n/a", "1.5kg", "nan", "inf", "1e999", "1e39", "0x10", "1 2", "--1"}) {
    CAPTURE(bad);
    CHECK(contains(refusal(head + "p," + bad + "\n"),
                   "line 3: column \"pulse\": want a number, have \"" + bad + "\""));
  }
  CHECK(read(head + "p, -2.5 \n").features == std::vector<float>{1, -2.5f});
  CHECK(contains(refusal(head + " ,1\n"), "line 3: column \"label\": want a class"));
}

TEST_CASE("table: unknown columns and tables without features are refused") {
  CHECK(contains(refusal("a,b\n1,2\n"), "want a column \"label\", have a, b"));
  CHECK(contains(refusal("label,b\np,2\np,3\n", {"group=who"}), "want a column \"who\""));
  CHECK(contains(refusal("label\np\np\n"), "want columns of features"));
}

TEST_CASE("table: standardised by the training classes alone") {
  std::string text = "label,x,constant\n";
  for (int c = 0; c < 10; ++c)
    for (int i = 0; i < 4; ++i)
      text += "class" + std::to_string(c) + "," + std::to_string(c * c + i) + ",5\n";
  const std::vector<std::string> split = {"fractions=[0.5,0.2,0.3]", "seed=3"};
  std::vector<std::string> standardised = split;
  standardised.push_back("standardise=true");
  const Pool raw = read(text, split), pool = read(text, standardised);
  double sum = 0, squares = 0, n = 0;
  for (std::size_t i = 0; i < raw.examples(); ++i)
    if (raw.class_split[raw.y[i]] == 0) {
      sum += raw.features[2 * i];
      squares += raw.features[2 * i] * raw.features[2 * i];
      ++n;
    }
  CHECK(n == 20);
  const double mean = sum / n, deviation = std::sqrt(squares / n - mean * mean);
  for (std::size_t i = 0; i < raw.examples(); ++i) {
    CHECK(pool.features[2 * i] == doctest::Approx((raw.features[2 * i] - mean) / deviation));
    CHECK(pool.features[2 * i + 1] == 0);
  }
  CHECK(
      contains(refusal(text, {"fractions=[0,0,1]", "standardise=true"}), "want training classes"));
}

TEST_CASE("labels, groups and column names that are one to Unicode are one") {
  const Pool pool = read("x,Art\u00a0,who\n1,e\u0301,Zoe\u0308\n2,\u00e9 ,Zo\u00eb\n",
                         {"label=\"Art\"", "group=\"who\""});
  CHECK(pool.class_name == std::vector<std::string>{"\u00e9"});
  CHECK(pool.group_name == std::vector<std::string>{"Zo\u00eb"});
  CHECK(parse_refusal("e\u0301,\u00e9\n1,2\n") ==
        "t.csv: line 1: want each column once, have \"\u00e9\" twice");
  CHECK(contains(refusal("x,label\n1,\u200b\n2,a\n"),
                 "line 2: column \"label\": want a class, have nothing"));
}
