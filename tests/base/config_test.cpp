#include "base/config.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/scratch.hpp"
#include "base/text.hpp"

using namespace attune;

namespace {

std::string refusal(const std::string& json) {
  return message_of<UsageError>([&] { Config::parse(json, "x.json"); });
}

std::string nested(int levels) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += "{\"a\":";
  return text + "1" + std::string(static_cast<std::size_t>(levels), '}');
}

double real_of(const std::string& number) {
  return Config::parse("{\"x\":" + number + "}", "x").real("x", 0, {}, "");
}

// What a small program would read.
void read_all(const Config& config) {
  config.integer("steps", 100, {1, 1000}, "training steps");
  config.real("rate", 0.5, {0, 1}, "learning rate");
  config.flag("augment", true, "rotations");
  config.text("name", "run", "of the run");
  config.choice("kind", "adam", {"adam", "sgd"}, "optimizer");
  config.integers("sizes", {28, 28}, {1, 100}, "of the images");
  config.reals("weights", {0.5}, {0, 1}, "");
  config.texts("files", {"a", "b"}, "");
  config.child("score").real("temperature", 10, {}, "of the softmax");
  for (const Config& stage : config.children("stages")) stage.integer("width", 64, {1, 512}, "");
}

std::string read_refusal(const std::string& json) {
  return message_of<UsageError>([&] {
    const Config config = Config::parse(json, "x.json");
    read_all(config);
    config.finish();
  });
}

}  // namespace

TEST_CASE("numbers are read exactly: bit for bit, and minus zero stays") {
  Rng rng(1, "config");
  for (int i = 0; i < 20000; ++i) {
    const auto value = std::bit_cast<double>(rng.bits());
    if (!std::isfinite(value)) continue;
    REQUIRE(std::bit_cast<std::uint64_t>(real_of(to_text(value))) ==
            std::bit_cast<std::uint64_t>(value));
  }
  for (int i = 0; i < 20000; ++i) {
    const double value = rng.uniform();
    REQUIRE(real_of(to_text(value)) == value);
  }
  CHECK(std::signbit(real_of("-0")));
  CHECK(std::signbit(real_of("-0.0")));
  CHECK(real_of("2.2250738585072011e-308") == 2.2250738585072011e-308);
  const Config config = Config::parse(R"({"seed": 9223372036854775807})", "x");
  CHECK(config.integer("seed", 0, {}, "") == 9223372036854775807);
}

TEST_CASE("what is not strict JSON is refused") {
  for (const char* text : {"",
                           " ",
                           "{",
                           "{}}",
                           "{} 1",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":.5}",
                           "{\"a\":1.}",
                           "{\"a\":0x1}",
                           "{\"a\":NaN}",
                           "{\"a\":Infinity}",
                           "{\"a\":-Infinity}",
                           "{\"a\":nan}",
                           "{\"a\":1e999}",
                           "{\"a\":-1e999}",
                           "{\"a\":1e-999}",
                           "{\"a\":1e99999999999999}",
                           "{\"a\":1}//x",
                           "/*x*/{}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\xff\"}",
                           "{\"\xff\":1}",
                           "\xEF\xBB\xBF{}",
                           "{\"a\":\"\\u0000\"}",
                           "{\"a\\u0000\":1}",
                           "[]",
                           "1",
                           "null",
                           "\"a\"",
                           "{\"a\":True}",
                           "{\"a\" 1}"}) {
    CAPTURE(text);
    CHECK(refusal(text).starts_with("x.json: "));
  }
  CHECK(refusal(" { \"a\" : [ 1 , -2.5e+3 , \"\\u00e9\\n\" , true , null ] } \n").empty());
}

TEST_CASE("refusals say where and why") {
  CHECK(refusal("{\"a\": {\"b\": 1,\n \"b\": 2}}") ==
        "x.json: a.b: want each key once, have it twice (line 2, column 8)");
  CHECK(refusal("{\"a\": [1, 1e999]}")
            .starts_with("x.json: a.1: want a number that a double can hold, have 1e999 (line 1"));
  CHECK(refusal("[]") == "x.json: configuration: want an object, have a list");
  CHECK(refusal("{\n  \"a\": tru\n}") == "x.json: JSON: syntax error (line 2, column 8)");
  CHECK(message_of<UsageError>([] { Config().child("a").required_text("b", ""); }) ==
        "configuration: a.b: want text, have nothing");
}

TEST_CASE("depth, size, keys and values are limited") {
  CHECK(refusal(nested(16)).empty());
  CHECK(refusal(nested(17)).find("16 levels") != std::string::npos);
  CHECK(refusal(nested(33)).find("16 levels") != std::string::npos);
  CHECK(refusal(nested(100000)).find("16 levels") != std::string::npos);
  const std::string text(1 << 20, 'x');
  CHECK(refusal("{\"a\":\"" + text.substr(8) + "\"}").empty());
  CHECK(refusal("{\"a\":\"" + text + "\"}").find("want at most 1048576 bytes") !=
        std::string::npos);
  CHECK(refusal("{\"" + text.substr(0, 256) + "\":1}").empty());
  CHECK_FALSE(refusal("{\"" + text.substr(0, 257) + "\":1}").empty());
  std::string list = "{\"a\":[0";
  for (int i = 0; i < 40000; ++i) list += ",0";
  CHECK(refusal(list + "]}").find("32768 values") != std::string::npos);
}

TEST_CASE("absent keys take their defaults, given ones are read") {
  const Config config = Config::parse(
      R"({"i": -3, "r": 2, "f": false, "t": "é", "c": "sgd", "is": [1, 2], "rs": [], "ts": ["x"]})",
      "x.json");
  CHECK(config.integer("i", 5, {}, "") == -3);
  CHECK(config.real("r", 5, {}, "") == 2);
  CHECK_FALSE(config.flag("f", true, ""));
  CHECK(config.text("t", "", "") == "é");
  CHECK(config.choice("c", "adam", {"adam", "sgd"}, "") == "sgd");
  CHECK(config.integers("is", {}, {}, "") == std::vector<std::int64_t>{1, 2});
  CHECK(config.reals("rs", {1}, {}, "").empty());
  CHECK(config.texts("ts", {}, "") == std::vector<std::string>{"x"});
  CHECK(config.required_text("t", "") == "é");
  const Config empty;
  CHECK(empty.integer("i", 5, {}, "") == 5);
  CHECK(empty.real("r", 0.1, {}, "") == 0.1);
  CHECK(empty.flag("f", true, ""));
  CHECK(empty.text("t", "a\"b", "") == "a\"b");
  CHECK(empty.choice("c", "adam", {"adam", "sgd"}, "") == "adam");
  CHECK(empty.integers("is", {3}, {}, "") == std::vector<std::int64_t>{3});
  CHECK(empty.reals("rs", {0.25}, {}, "") == std::vector<double>{0.25});
  CHECK(empty.texts("ts", {"y"}, "") == std::vector<std::string>{"y"});
  CHECK(empty.children("list").empty());
}

TEST_CASE("wrong types and ranges are refused with key, wanted and found") {
  CHECK(read_refusal(R"({"steps": 0})") == "x.json: steps: want an integer in [1, 1000], have 0");
  CHECK(read_refusal(R"({"steps": "many"})") ==
        "x.json: steps: want an integer in [1, 1000], have \"many\"");
  CHECK(read_refusal(R"({"rate": 1.5})") == "x.json: rate: want a number in [0, 1], have 1.5");
  CHECK(read_refusal(R"({"kind": "adm"})") ==
        "x.json: kind: want adam|sgd, have \"adm\" (did you mean adam?)");
  CHECK(read_refusal(R"({"sizes": [28, 0]})") ==
        "x.json: sizes.1: want an integer in [1, 100], have 0");
  CHECK(read_refusal(R"({"stages": [{"width": 8}, {"width": null}]})") ==
        "x.json: stages.1.width: want an integer in [1, 512], have null");
  CHECK(read_refusal(R"({"score": []})") == "x.json: score: want an object, have a list");
  const std::vector<std::string> keys{"steps", "rate",    "augment", "name",  "kind",
                                      "sizes", "weights", "files",   "score", "stages"};
  const std::vector<std::string> wrong{"null",    "{\"q\":1}",           "[[1]]", "[null]",
                                       "1.5e300", "9223372036854775808", "-1e300"};
  for (const std::string& key : keys) {
    for (const std::string& value : wrong) {
      CAPTURE(key + "=" + value);
      CHECK_FALSE(read_refusal("{\"" + key + "\": " + value + "}").empty());
    }
  }
}

TEST_CASE("unknown keys are refused at any depth, with the nearest known one") {
  CHECK(read_refusal(R"({"stpes": 3})").ends_with("have \"stpes\" (did you mean steps?)"));
  CHECK(read_refusal(R"({"score": {"temprature": 3}})") ==
        "x.json: score.temprature: want a known key (temperature), have \"temprature\" "
        "(did you mean temperature?)");
  CHECK(read_refusal(R"({"stages": [{"width": 8}, {"height": 8}]})")
            .starts_with("x.json: stages.1.height: want a known key (width), have \"height\""));
  CHECK(read_refusal(R"({"steps": 5, "stages": [{}], "score": {}})").empty());
}

TEST_CASE("a required key that is absent is named") {
  const auto read = [](const std::string& json) {
    return message_of<UsageError>([&] { Config::parse(json, "x.json").required_text("pool", ""); });
  };
  CHECK(read("{}") == "x.json: pool: want text, have nothing");
  CHECK(read(R"({"pool": 1})") == "x.json: pool: want text, have 1");
  const Config config;
  CHECK_THROWS_AS(config.choice("kind", "", {"a", "b"}, ""), UsageError);
}

TEST_CASE("the resolved text is canonical and parses to itself") {
  const std::string defaults =
      R"({"augment": true, "files": ["a", "b"], "kind": "adam", "name": "run", "rate": 0.5, )"
      R"("score": {"temperature": 10}, "sizes": [28, 28], "stages": [], "steps": 100, )"
      R"("weights": [0.5]})";
  const auto resolve = [](const std::string& json) {
    const Config config = Config::parse(json, "x");
    read_all(config);
    return config.resolved();
  };
  CHECK(resolve("{}") == defaults);
  CHECK(resolve(defaults) == defaults);
  CHECK(resolve(R"({"rate":5e-1,"score":{"temperature":1.0e1}, "steps":100})") == defaults);
  const std::string other = resolve(R"({"stages": [{}, {"width": 8}], "name": "a\"\u00e9\n"})");
  CHECK(other.find(R"("stages": [{"width": 64}, {"width": 8}])") != std::string::npos);
  CHECK(other.find("\"name\": \"a\\\"é\\n\"") != std::string::npos);
  CHECK(resolve(other) == other);
}

TEST_CASE("equal numbers are given in one form, different ones never") {
  const auto given = [](const std::string& number) {
    return Config::parse("{\"x\":" + number + "}", "x").given();
  };
  for (const char* number : {"100000", "1e5", "1E+5", "100000.0", "0.1e6"}) {
    CHECK(given(number) == "{\"x\": 100000}");
  }
  CHECK(given("0.10") == "{\"x\": 0.1}");
  CHECK(given("-0.0") == "{\"x\": -0}");
  CHECK(given("-0") == "{\"x\": -0}");
  CHECK(given("18446744073709551615") == "{\"x\": 18446744073709551615}");
  CHECK(given("1e300") == "{\"x\": 1e+300}");
}

TEST_CASE("given() leaves defaults out, and reads do not make a key given") {
  const Config config = Config::parse(R"({"b": {"c": 1}, "a": 2})", "x");
  read_all(config);
  CHECK(config.given() == R"({"a": 2, "b": {"c": 1}})");
  CHECK_FALSE(config.has("steps"));
  CHECK_FALSE(config.has("score"));
  CHECK(config.has("b"));
  CHECK(config.keys() == std::vector<std::string>{"b", "a"});
}

TEST_CASE("assignments are JSON or plain text, and win over the file") {
  Config config = Config::parse(R"({"train": {"steps": 1, "rate": 2}, "stages": [{}, {}]})", "x");
  config.set("train.steps=300");
  config.set("train.name=two words");
  config.set("train.list=[1, 2]");
  config.set("train.quoted=\"5\"");
  config.set("train.empty=");
  config.set("train.equals=a=b");
  config.set("new.deep.key=true");
  config.set("stages.1.width=8");
  CHECK(config.given() ==
        R"({"new": {"deep": {"key": true}}, "stages": [{}, {"width": 8}], "train": )"
        R"({"empty": "", "equals": "a=b", "list": [1, 2], "name": "two words", )"
        R"("quoted": "5", "rate": 2, "steps": 300}})");
  for (const char* wrong :
       {"", "steps", "=3", ".steps=3", "train.=3", "train..steps=3", "train.steps.x=3",
        "stages.2.width=1", "stages.x=1", "a=\xff", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q=1"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(config.set(wrong), UsageError);
  }
  const std::string before = config.given();
  for (const std::string& unreadable : {std::string(300, 'a') + "=1", "a.b=" + nested(15),
                                        "a=" + std::string("x\0y", 3), std::string("a\0=1", 4)}) {
    CAPTURE(unreadable);
    CHECK_THROWS_AS(config.set(unreadable), UsageError);
    CHECK(config.given() == before);
  }
  CHECK(message_of<UsageError>([&] {
          config.set("train.steps=1e999");
          config.child("train").integer("steps", 1, {}, "");
        }) == "--set: train.steps: want an integer, have \"1e999\"");
}

TEST_CASE("merging goes key by key, but another kind brings its own object") {
  Config config = Config::parse(
      R"({"score": {"kind": "cosine", "temperature": 3}, "train": {"steps": 1, "rate": 2}})", "a");
  config.merge(Config::parse(R"({"train": {"steps": 5}, "seed": 7})", "b"));
  CHECK(config.given() == R"({"score": {"kind": "cosine", "temperature": 3}, "seed": 7, )"
                          R"("train": {"rate": 2, "steps": 5}})");
  config.merge(Config::parse(R"({"score": {"kind": "cosine", "eps": 1}})", "b"));
  CHECK(config.child("score").given() == R"({"eps": 1, "kind": "cosine", "temperature": 3})");
  config.merge(Config::parse(R"({"score": {"kind": "dot"}, "train": 4})", "b"));
  CHECK(config.given() == R"({"score": {"kind": "dot"}, "seed": 7, "train": 4})");
  CHECK(message_of<UsageError>([&] {
          config.integer("train", 5, {5, 9}, "");
        }) == "b: train: want an integer in [5, 9], have 4");
}

TEST_CASE("copies share one tree, clones do not") {
  const Config config = Config::parse(R"({"a": {"b": 1}})", "x");
  Config copy = config;
  copy.child("a").integer("b", 0, {}, "");
  CHECK_NOTHROW(config.finish());
  Config clone = config.clone();
  CHECK_THROWS_AS(clone.finish(), UsageError);
  CHECK(clone.schema().empty());
  clone.set("a.b=2");
  CHECK(config.given() == R"({"a": {"b": 1}})");
  CHECK(config.child("a").clone().path().empty());
}

TEST_CASE("reads below an absent object count for the root") {
  const Config config;
  config.child("train").child("optimizer").real("rate", 0.1, {}, "");
  CHECK(config.resolved() == R"({"train": {"optimizer": {"rate": 0.1}}})");
  CHECK(config.given() == "{}");
  CHECK(config.child("train").child("optimizer").path() == "train.optimizer");
}

TEST_CASE("the schema lists the reads in their order, each once") {
  const Config config = Config::parse(R"({"steps": 7})", "x");
  read_all(config);
  read_all(config);
  const std::vector<ConfigField> schema = config.schema();
  std::vector<std::string> keys;
  for (const ConfigField& field : schema) keys.push_back(field.key);
  CHECK(join(keys, " ") ==
        "steps rate augment name kind sizes weights files score score.temperature stages");
  CHECK(schema[0].type == "integer");
  CHECK(schema[0].fallback == "100");
  CHECK(schema[0].allowed == "[1, 1000]");
  CHECK(schema[0].doc == "training steps");
  CHECK(schema[4].allowed == "adam|sgd");
  CHECK(schema[7].fallback == R"(["a", "b"])");
  CHECK(config.child("score").schema().size() == 1);
}

TEST_CASE("defaults that no file could give are our own bug") {
  const Config config;
  CHECK_THROWS_AS(config.integer("a", 0, {1, 5}, ""), std::logic_error);
  CHECK_THROWS_AS(config.real("b", std::nan(""), {}, ""), std::logic_error);
  config.integer("c", 1, {}, "");
  CHECK_THROWS_AS(config.integer("c", 2, {}, ""), std::logic_error);
}

TEST_CASE("files are loaded, and what is no file is refused") {
  const Scratch scratch;
  const std::string path = scratch.put("x.json", R"({"a": 1})");
  CHECK(Config::load(path).given() == R"({"a": 1})");
  CHECK(Config::load(path).origin() == path);
  CHECK(Config::load(scratch.put("marked.json", "\xEF\xBB\xBF{\"a\": 1}")).given() ==
        R"({"a": 1})");
  CHECK_THROWS_AS(Config::load(scratch.path("none")), Error);
  CHECK_THROWS_AS(Config::load(scratch.folder()), Error);
  CHECK_THROWS_AS(Config::load("/dev/zero"), Error);
}

TEST_CASE("damaged text is refused or stays canonical, never worse") {
  const std::string whole =
      R"({"a": [1, -2.5e-3, {"b": "x\u00e9\n"}], "kind": "dot", "n": null, "f": true, "é": 1e5})";
  const std::string alphabet = "{}[]\":,\\0123456789eE+-.truefalsn \n\xC3\xA9\x01";
  Rng rng(3, "damage");
  std::size_t parsed = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = whole;
    for (std::uint64_t edits = 1 + rng.below(3); edits > 0; --edits) {
      const std::size_t at = rng.below(text.size());
      const std::string one(1, alphabet[rng.below(alphabet.size())]);
      text.replace(at, rng.below(2), rng.bernoulli(0.7) ? one : "");
    }
    CAPTURE(text);
    try {
      const Config config = Config::parse(text, "x");
      ++parsed;
      REQUIRE(Config::parse(config.given(), "x").given() == config.given());
    } catch (const UsageError& error) {
      REQUIRE(std::string(error.what()).starts_with("x: "));
    }
  }
  CHECK(parsed > 1000);
  CHECK(parsed < 19000);
}
