#include "experiment/experiment.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/scratch.hpp"

using namespace attune;

namespace {

constexpr const char* kGood = R"toy({
  "title": "Toy", "claim": "It works.",
  "pools": {"letters": {"reader": "glyphs", "config": {"instances": 20}},
            "hands": {"reader": "omniglot", "input": "$(DATA)", "needs": "a folder"}},
  "tests": {"20w1s": {"pool": "letters", "ways": 20, "queries": 5, "distinct_groups": true},
            "5w5s": {"pool": "hands", "shots": 5, "episodes": 100, "seed": 3}},
  "validation": {"hands": {"episodes": 10}},
  "base": {"train": {"steps": 100}, "learner": {"kind": "matching", "floor": 0.01}},
  "final": "train", "seeds": [0, 1],
  "cells": [{"name": "a", "pool": "letters"},
            {"name": "b", "pool": "hands", "final": "train+val", "seeds": [5], "tests": ["5w5s"],
             "config": {"learner": {"kind": "prototypical"}, "train": {"batch": 2}}},
            {"name": "c", "from": "other/cell", "published": "P", "against": ["a", "b"]}],
  "published": [{"name": "P", "source": "S 2000", "values": {"5w5s": [98.1, 0.2]}}]
})toy";

Experiment load(const std::string& json) {
  const Scratch scratch;
  return load_experiment(scratch.put("toy.json", json));
}

std::string refusal(std::string json, const std::string& from, const std::string& to) {
  const auto place = json.find(from);
  REQUIRE(place != std::string::npos);
  json.replace(place, from.size(), to);
  return message_of<UsageError>([&] { load(json); });
}

}  // namespace

TEST_CASE("an experiment like another has its keys, each whole, where it says nothing") {
  const Scratch scratch;
  scratch.put("model.json", kGood);
  const auto like = [&](const std::string& json) {
    return load_experiment(scratch.put("mine.json", json), {"base.train.batch=4"});
  };
  const Experiment mine = like(R"({"like": "model", "title": "Mine", "validation": {},
      "base": {"train": {"steps": 7}}, "pools": {"letters": {"reader": "glyphs"},
      "hands": {"reader": "glyphs"}}})");
  const Experiment model = load(kGood);
  CHECK(mine.name == "mine");
  CHECK(mine.title == "Mine");
  CHECK(mine.claim == model.claim);
  CHECK(mine.tests.size() == 2);
  CHECK(mine.validation.empty());
  CHECK(mine.pool("hands").input.empty());
  CHECK(mine.cell("a").config == R"({"train": {"batch": 4, "steps": 7}})");
  CHECK(mine.cell("b").seeds == std::vector<std::int64_t>{5});
  const std::string beside = R"({"like": "model", "published": [{"name": "R", "source": "S 2001",
      "beside": ["b"], "values": {"5w5s": [97]}}, {"name": "P", "source": "S 2000"}]})";
  CHECK(like(beside).cell("b").published == "R");
  CHECK(like(beside).cell("c").published == "P");
  std::string wrong = beside;
  wrong.replace(wrong.find("\"b\""), 3, "\"nobody\"");
  CHECK(message_of<UsageError>([&] { like(wrong); }).find("beside") != std::string::npos);
  CHECK(message_of<Error>([&] { like(R"({"like": "none"})"); }).find("none.json") !=
        std::string::npos);
  scratch.put("chain.json", R"({"like": "model"})");
  CHECK(message_of<UsageError>([&] { like(R"({"like": "chain"})"); }).find("like: unknown key") !=
        std::string::npos);
}

TEST_CASE("everything an experiment says is read, the rest has defaults") {
  const Experiment toy = load(kGood);
  CHECK(toy.name == "toy");
  CHECK(toy.pool("letters").config == R"({"instances": 20})");
  CHECK(toy.pool("hands").input == "$(DATA)");
  REQUIRE(toy.tests.size() == 2);
  CHECK(toy.tests[0].name == "20w1s");
  CHECK(toy.tests[0].split == "test");
  CHECK(toy.tests[0].episodes == 10000);
  CHECK(toy.tests[0].distinct_groups);
  CHECK(toy.validation.at("hands").split == "val");
  CHECK(toy.validation.at("hands").pool == "hands");
  const CellRecipe &a = toy.cell("a"), &b = toy.cell("b"), &c = toy.cell("c");
  CHECK(a.final == "train");
  CHECK(a.seeds == std::vector<std::int64_t>{0, 1});
  CHECK(a.tests == std::vector<std::string>{"20w1s", "5w5s"});
  CHECK(a.config == R"({"learner": {"floor": 0.01, "kind": "matching"}, "train": {"steps": 100}})");
  CHECK(b.final == "train+val");
  CHECK(b.seeds == std::vector<std::int64_t>{5});
  // Another kind replaces the learner whole; settings of the same kind are merged.
  CHECK(b.config ==
        R"({"learner": {"kind": "prototypical"}, "train": {"batch": 2, "steps": 100}})");
  CHECK(c.lender == "other");
  CHECK(c.lent == "cell");
  CHECK(c.published == "P");
  CHECK(a.published.empty());
  CHECK(c.against == std::vector<std::string>{"a", "b"});
  CHECK(a.against.empty());
  CHECK(toy.published[0].values.at("5w5s").mean == 98.1);
  CHECK(*toy.published[0].values.at("5w5s").half_width == 0.2);
}

TEST_CASE("mistakes are named with their place") {
  const std::string good = kGood;
  CHECK(refusal(good, "\"claim\"", "\"clam\"").find("claim") != std::string::npos);
  CHECK(refusal(good, "[\"a\", \"b\"]", "[\"aa\"]").find("did you mean a?") != std::string::npos);
  CHECK(refusal(good, "[\"a\", \"b\"]", "[\"c\"]").find("against") != std::string::npos);
  CHECK(refusal(good, "\"ways\"", "\"way\"").find("tests.20w1s.way") != std::string::npos);
  CHECK(refusal(good, "\"ways\": 20", "\"ways\": 1").find("ways") != std::string::npos);
  CHECK(refusal(good, "{\"pool\": \"hands\", \"shots\"", "{\"pool\": \"hand\", \"shots\"")
            .find("did you mean hands?") != std::string::npos);
  CHECK(refusal(good, "[\"5w5s\"]", "[\"5w5\"]").find("5w5s") != std::string::npos);
  CHECK(refusal(good, "\"name\": \"b\"", "\"name\": \"a\"").find("twice") != std::string::npos);
  CHECK(refusal(good, "\"name\": \"b\"", "\"name\": \"../b\"").find("../b") != std::string::npos);
  CHECK(refusal(good, "other/cell", "other").find("experiment/cell") != std::string::npos);
  CHECK(refusal(good, "[98.1, 0.2]", "[981]").find("5w5s") != std::string::npos);
  CHECK(refusal(good, "[98.1, 0.2]", "[]").find("half-width") != std::string::npos);
  CHECK(refusal(good, "\"final\": \"train\"", "\"final\": \"all\"").find("train+val|") !=
        std::string::npos);
  CHECK(refusal(good, "\"published\": \"P\"", "\"published\": \"Q\"").find("cells.2.published") !=
        std::string::npos);
  CHECK(refusal(good, "\"source\": \"S 2000\", ", "").find("source") != std::string::npos);
  CHECK(refusal(good, "\"hands\": {\"episodes\": 10}", "\"feet\": {}").find("feet") !=
        std::string::npos);
}

TEST_CASE("what make and the shell would read is held to a narrow grammar") {
  const std::string good = kGood;
  for (const char* reader :
       {"table$(shell touch x)", "table || touch x", "a b", "-x", "a;b", "a`b`", "../a", ""}) {
    CAPTURE(reader);
    const std::string text = refusal(good, "\"omniglot\"", "\"" + std::string(reader) + "\"");
    CHECK(text.find("toy.json: pools.hands.reader: want a name of letters") != std::string::npos);
    CHECK(text.find("have \"" + std::string(reader)) != std::string::npos);
  }
  for (const char* input : {"rows.csv$(shell touch x)",
                            "a'b",
                            "a\\\"b",
                            "a#b",
                            "a\\nb",
                            "a\\tb",
                            "-a",
                            "$DATA",
                            "$(DATA",
                            "${DATA}",
                            "$$(DATA)",
                            "$(DATA)$",
                            "$$(DATA)(shell x)",
                            "a;b",
                            "a|b",
                            "a&b",
                            "a*",
                            "a?",
                            "[a]",
                            "a\\\\b",
                            "%",
                            "<a",
                            "(a)",
                            "!a",
                            "{a,b}",
                            "a\\u2028b",
                            "a\\u009bb"}) {
    CAPTURE(std::string(input));
    CHECK(refusal(good, "$(DATA)", input).find("pools.hands.input: want a path of letters") !=
          std::string::npos);
  }
  for (const char* input : {"$(DATA)/it is ~ here, a=b: @1+2_3-4.zip", "$(DATA)$(DATA)",
                            "/tmp/gr\u00F6\u00DFe/\u65e5", "a"}) {
    CAPTURE(std::string(input));
    std::string json = good;
    json.replace(json.find("$(DATA)"), 7, input);
    CHECK(load(json).pool("hands").input == input);
  }
  for (const char* split : {"test || touch x", "", "test+test", "tset", "train+", "test val",
                            "train+val+test+train", "--split"}) {
    CAPTURE(split);
    const std::string to = "\"5w5s\": {\"split\": \"" + std::string(split) + "\", ";
    CHECK(refusal(good, "\"5w5s\": {", to).find("tests.5w5s.split: want train, val, test") !=
          std::string::npos);
  }
  std::string json = good;
  json.replace(json.find("\"5w5s\": {"), 9, "\"5w5s\": {\"split\": \"test+train\", ");
  CHECK(load(json).tests[1].split == "test+train");
}

TEST_CASE("names can't be options, hidden files or parts of make's language") {
  const std::string good = kGood;
  for (const char* name : {"-b", ".b", "b b", "b%", "b:", "b=c", "b#", "b|", "$(b)", "b*", "~b",
                           "b/c", "b\\nc", "\u00FC"}) {
    CAPTURE(name);
    const std::string quoted = "\"" + std::string(name) + "\"";
    CHECK(
        refusal(good, "\"name\": \"b\"", "\"name\": " + quoted).find("cells.1.name: want a name") !=
        std::string::npos);
    CHECK(refusal(good, "\"letters\": {", quoted + ": {").find("pools.") != std::string::npos);
    CHECK(refusal(good, "\"20w1s\": {", quoted + ": {").find("tests.") != std::string::npos);
    CHECK(refusal(good, "{\n", "{\"ranks\": " + quoted + ",\n")
              .find("toy.json: ranks: want a name") != std::string::npos);
    CHECK(
        refusal(good, "{\n", "{\"like\": " + quoted + ",\n").find("toy.json: like: want a name") !=
        std::string::npos);
    CHECK(refusal(good, "\"other/cell\"", "\"" + std::string(name) + "/cell\"")
              .find("cells.2.from") != std::string::npos);
    CHECK(refusal(good, "\"other/cell\"", "\"other/" + std::string(name) + "\"")
              .find("cells.2.from") != std::string::npos);
  }
  CHECK(refusal(good, "other/cell", "../other/cell").find("from") != std::string::npos);
  CHECK(refusal(good, "{\n", "{\"like\": \"../toy\",\n").find("like") != std::string::npos);
}

TEST_CASE("what stands twice in a list is refused before anything is trained") {
  const std::string good = kGood;
  CHECK(refusal(good, "\"seeds\": [0, 1]", "\"seeds\": [0, 1, 0]")
            .find("toy.json: seeds: want each once, have 0 twice") != std::string::npos);
  CHECK(refusal(good, "\"seeds\": [5]", "\"seeds\": [5, 5]")
            .find("cells.1.seeds: want each once, have 5 twice") != std::string::npos);
  CHECK(refusal(good, "other/cell\"", "other/cell\", \"seeds\": [1, 1]").find("cells.2.seeds") !=
        std::string::npos);
  CHECK(refusal(good, "[\"5w5s\"]", "[\"5w5s\", \"5w5s\"]")
            .find("cells.1.tests: want each once, have 5w5s twice") != std::string::npos);
  CHECK(refusal(good, "[\"a\", \"b\"]", "[\"a\", \"b\", \"a\"]").find("against") !=
        std::string::npos);
  CHECK(refusal(good, "{\n", "{\"plots\": [\"cost\", \"cost\"],\n").find("plots: want each once") !=
        std::string::npos);
  const std::string probed = R"({"faithfulness": {"test": "5w5s", "cells": ["a", "a"]},)";
  CHECK(refusal(good, "{\n", probed).find("faithfulness.cells: want each once, have a twice") !=
        std::string::npos);
}
