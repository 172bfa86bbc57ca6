#include "dataset/text_pool.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "dataset/languages.hpp"
#include "dataset/message_catalogue.hpp"
#include "dataset/raw_files.hpp"
#include "dataset/reader.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

Pool read(const std::string& reader, const std::string& input,
          const std::vector<std::string>& settings = {}) {
  Config config;
  for (const std::string& setting : settings) config.set(setting);
  const Pool pool = ReaderRegistry::entries().at(reader).make(config)->read(input);
  config.finish();
  check_pool(pool);
  return pool;
}

// Tokens of example i, joined by a stroke.
std::string tokens_of(const Pool& pool, std::size_t i) {
  std::string joined;
  for (std::uint32_t t = pool.tokens.begin[i]; t < pool.tokens.begin[i + 1]; ++t)
    joined += (t == pool.tokens.begin[i] ? "" : "|") + pool.tokens.word[pool.tokens.token[t]];
  return joined;
}

const std::vector<std::string> kAllTrained{"split=classes", "unlisted=skip",
                                           "train_classes=[\"b\",\"a\"]"};

}  // namespace

TEST_CASE("a table of texts: named columns, quotes, several lines in a field, groups") {
  const TemporaryFolder folder;
  put(folder / "t.csv",
      "label,who,sentence\n"
      "b,ann,\"Stop, \"\"now\"\"!\"\n"
      "a,bob,two\n"
      "b,bob,\"first line\nsecond\"\n"
      "a,ann,\n");
  std::vector<std::string> settings = kAllTrained;
  settings.insert(settings.end(), {"text=sentence", "group=who"});
  const Pool pool = read("text", folder / "t.csv", settings);
  CHECK(pool.class_name == std::vector<std::string>{"a", "b"});
  CHECK(pool.y == std::vector<std::uint32_t>{0, 0, 1, 1});
  CHECK(pool.group_name == std::vector<std::string>{"ann", "bob"});
  CHECK(pool.group == std::vector<std::uint32_t>{1, 0, 0, 1});
  CHECK(tokens_of(pool, 0) == "two");
  CHECK(tokens_of(pool, 1) == "");
  CHECK(tokens_of(pool, 2) == "stop|,|\"|now|\"|!");
  CHECK(tokens_of(pool, 3) == "first|line|second");
  CHECK(pool.tokens.text[2] == "Stop, \"now\"!");
  CHECK(pool.example_shape == std::vector<std::uint32_t>{1, 6});
}

TEST_CASE("tabs, JSON lines and folders give the same pool as commas") {
  const TemporaryFolder folder;
  put(folder / "t.csv", "text,label\nx y,a\nz,b\nw,a\nx,b\n");
  put(folder / "t.tsv", "label\ttext\na\tx y\nb\tz\na\tw\nb\tx\n");
  put(folder / "t.jsonl",
      "\n{\"label\": \"a\", \"text\": \"x y\"}\n{\"text\": \"z\", \"label\": \"b\", \"n\": [1]}\n"
      "  {\"text\": \"w\", \"label\": \"a\"}\n\n{\"text\": \"x\", \"label\": \"b\"}");
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"a/1.txt", "x y"}, {"a/2.txt", "w"}, {"b/1.txt", "z"}, {"b/2.txt", "x\n"}})
    put(folder / ("texts/" + name), text);
  put(folder / "texts/b/notes.md", std::string("not read"));
  const Pool csv = read("text", folder / "t.csv", kAllTrained);
  for (const auto& other :
       {read("text", folder / "t.tsv", kAllTrained), read("text", folder / "t.jsonl", kAllTrained),
        read("text_folder", folder / "texts", kAllTrained)}) {
    CHECK(other.tokens.word == csv.tokens.word);
    CHECK(other.tokens.token == csv.tokens.token);
    CHECK(other.tokens.begin == csv.tokens.begin);
    CHECK(other.y == csv.y);
  }
  CHECK(csv.tokens.word == std::vector<std::string>{"w", "x", "y", "z"});
}

TEST_CASE("numbers and flags of JSON lines are labels, classes by name must exist") {
  const TemporaryFolder folder;
  put(folder / "n.jsonl",
      "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":1}\n"
      "{\"text\":\"c\",\"label\":true}\n{\"text\":\"d\",\"label\":true}\n");
  const std::vector<std::string> classes{"split=classes", "train_classes=[\"1\"]",
                                         "test_classes=[\"true\"]"};
  CHECK(read("text", folder / "n.jsonl", classes).class_split == std::vector<std::uint32_t>{0, 2});
  const std::string missing = message_of([&] {
    read("text", folder / "n.jsonl", {"split=classes", "unlisted=skip", "val_classes=[\"2\"]"});
  });
  CHECK(contains(missing, "val_classes: 2: want a class of "));
  CHECK(contains(message_of([&] {
                   read("text", folder / "n.jsonl",
                        {"split=classes", "train_classes=[\"1\"]", "test_classes=[\"1\"]"});
                 }),
                 "1: want each class in one split"));
  CHECK(contains(message_of([&] { read("text", folder / "n.jsonl", {"split=classes"}); }),
                 "classes want train_classes, val_classes or test_classes"));
}

TEST_CASE("what is wrong with texts is told with its place") {
  const TemporaryFolder folder;
  const auto said = [&](const std::string& text, std::vector<std::string> settings = {}) {
    put(folder / "t", text);
    return message_of([&] { read("text", folder / "t", settings); });
  };
  CHECK(contains(said("text,label\nok,a\n\xff,a\n"), "t: "));
  CHECK(contains(said("text,label\nok,a\n\xff,a\n"), "UTF-8"));
  CHECK(contains(said("text,label\nok,\n"), "t: line 2: label: want a class, have nothing"));
  CHECK(contains(said("txt,label\nok,a\n"), "want a column \"text\""));
  CHECK(contains(said("{\"text\": \"a\", \"lable\": \"b\"}\n"),
                 "line 1: want a member \"label\", have text, lable (did you mean lable?)"));
  CHECK(contains(said("{\"text\": [], \"label\": \"b\"}\n"), "line 1: text: want a text"));
  CHECK(contains(said("{\"text\": \"a\", \"label\": \"b\"}\n[1]\n"),
                 "line 2: want a JSON object, have another value"));
  CHECK(contains(said("{\"text\": \"a\"\n"), "line 1: want a JSON object, have "));
  put(folder / "loose/1.txt", std::string("x"));
  CHECK(contains(message_of([&] { read("text_folder", folder / "loose"); }),
                 "want files in a folder for each class"));
  put(folder / "bad/c/1.txt", std::string("\xc3\x28"));
  CHECK(contains(message_of([&] { read("text_folder", folder / "bad"); }),
                 "c/1.txt: want UTF-8, have other bytes"));
}

TEST_CASE("ten thousand tokens, right-to-left and combining scripts, and no tokens at all") {
  const TemporaryFolder folder;
  std::string lines = "text,label\n";
  for (int i = 0; i < 10'000; ++i) lines += "w" + std::to_string(i % 7) + " ";
  lines += ",a\nשלום עולם,a\ne\xcc\x81t\xc3\xa9,b\n...,b\n";
  put(folder / "t.csv", lines);
  std::vector<std::string> settings = kAllTrained;
  settings.insert(settings.end(), {"tokens.tokens=300", "tokens.punctuation=false"});
  const Pool pool = read("text", folder / "t.csv", settings);
  CHECK(pool.tokens.begin[1] == 300);
  CHECK(tokens_of(pool, 1) == "שלום|עולם");
  CHECK(tokens_of(pool, 2) == "\xc3\xa9t\xc3\xa9");
  CHECK(tokens_of(pool, 3) == "");
}

TEST_CASE("CLINC150: parts put together, out-of-scope left out, domains held out") {
  const TemporaryFolder folder;
  put(folder / "data_full.json",
      R"({"train": [["pay it", "pay"], ["fly me", "fly"], ["cook it", "cook"]],
          "val": [["pay now", "pay"], ["fly now", "fly"], ["cook now", "cook"]],
          "test": [["pay", "pay"]],
          "oos_train": [["what is love", "oos"]]})");
  put(folder / "domains.json", R"({"bank": ["pay"], "travel": ["fly"], "kitchen": ["cook"]})");
  const Pool held =
      read("clinc150", folder.path(),
           {"held_out=domains", "val_domains=[\"travel\"]", "test_domains=[\"bank\"]"});
  CHECK(held.class_name == std::vector<std::string>{"cook", "fly", "pay"});
  CHECK(held.class_split == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(held.examples() == 7);
  CHECK(tokens_of(held, 6) == "pay");
  const Pool intents =
      read("clinc150", folder.path(),
           {"split=classes", "train_classes=[\"fly\",\"cook\"]", "test_classes=[\"pay\"]"});
  CHECK(intents.class_split == std::vector<std::uint32_t>{0, 0, 2});
  CHECK(
      contains(message_of([&] {
                 read("clinc150", folder.path(), {"held_out=domains", "val_domains=[\"travle\"]"});
               }),
               "domains.json: want a domain \"travle\", have none"));
  put(folder / "data_full.json", R"({"train": [["pay it"]], "val": [], "test": []})");
  CHECK(contains(message_of([&] { read("clinc150", folder.path()); }),
                 "train: item 0: want a text and an intent, have 1 values"));
}

TEST_CASE("FewRel: tokens as given, marks follow them, marked parts may be masked") {
  const TemporaryFolder folder;
  put(folder / "r.json",
      R"({"P1": [{"tokens": ["Ada", "was", "born", "in", "London", "."],
                  "h": ["ada", "Q1", [[0]]], "t": ["london", "Q2", [[4]]]},
                 {"tokens": ["New", "York", ":", "Bob"],
                  "h": ["bob", "Q3", [[3]]], "t": ["new york", "Q4", [[0, 1]]]}]})");
  std::vector<std::string> settings{"split=classes", "train_classes=[\"P1\"]"};
  const Pool pool = read("fewrel", folder / "r.json", settings);
  CHECK(tokens_of(pool, 0) == "ada|was|born|in|london|.");
  CHECK(pool.tokens.mark == std::vector<std::uint8_t>{1, 0, 0, 0, 2, 0, 2, 2, 0, 1});
  CHECK(pool.example_shape == std::vector<std::uint32_t>{2, 6});
  settings.push_back("mask_entities=true");
  CHECK(tokens_of(read("fewrel", folder / "r.json", settings), 1) == "<2>|<2>|:|<1>");
  put(folder / "r.json", R"({"P1": [{"tokens": ["a"], "h": ["a", "", [[0]]],
                                     "t": ["b", "", [[1]]]}]})");
  CHECK(contains(message_of([&] { read("fewrel", folder / "r.json", settings); }),
                 "P1: sentence 0: t: want places below 1, have 1"));
}

TEST_CASE("languages: families in one split, one name each") {
  std::map<std::string, std::uint32_t> split_of;
  const Pool pool = read("langid", "", {"numbers=6", "dates=3", "territories=4"});
  CHECK(pool.classes() == languages().size());
  const std::vector<std::uint32_t> begin = pool.class_begin();
  for (std::size_t c = 0; c < languages().size(); ++c) {
    CHECK(pool.class_name[c] == languages()[c].name);
    const auto known = split_of.emplace(languages()[c].family, pool.class_split[c]);
    CHECK(known.first->second == pool.class_split[c]);
    const std::uint32_t examples = begin[c + 1] - begin[c];  // few know few territories
    CHECK(examples > 9);
    CHECK(examples <= 13);
  }
  for (const char* split : {"train", "val", "test"})
    CHECK(classes_of_split(pool, split).size() >= 6);
  CHECK(contains(message_of([&] { read("langid", "", {"test_families=[\"Klingon\"]"}); }),
                 "have Klingon"));
  CHECK(contains(message_of([&] {
                   read("langid", "", {"catalogues=/nowhere", "numbers=1", "dates=1"});
                 }),
                 "want iso-codes' catalogue, have none"));
}

TEST_CASE("a message catalogue is read in either byte order, damage is told") {
  const auto word = [](std::uint32_t value, bool big) {
    std::string bytes;
    for (unsigned i = 0; i < 4; ++i)
      bytes += static_cast<char>(value >> (8 * (big ? 3 - i : i)) & 255);
    return bytes;
  };
  for (const bool big : {false, true}) {
    std::string bytes;
    // Two messages: the header (""), and "Chad" → "Tschad".
    for (const std::uint32_t value :
         {0x950412deu, 0u, 2u, 28u, 44u, 0u, 0u, 0u, 60u, 4u, 61u, 3u, 66u, 6u, 70u})
      bytes += word(value, big);
    bytes += std::string("\0Chad\0abc\0Tschad\0", 17);
    const auto read = parse_catalogue(bytes, "x.mo");
    CHECK(read == std::map<std::string, std::string>{{"Chad", "Tschad"}});
    for (const std::size_t cut : {std::size_t{3}, std::size_t{30}, bytes.size() - 4})
      CHECK(contains(message_of([&] { parse_catalogue(bytes.substr(0, cut), "x.mo"); }),
                     "x.mo: want"));
  }
  CHECK(contains(message_of([] { parse_catalogue("PK\3\4 and so on, longer", "x.mo"); }),
                 "want a message catalogue"));
}
