#include "experiment/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/filesystem.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "base/scratch.hpp"
#include "base/text.hpp"

using namespace attune;
namespace fs = boost::filesystem;

namespace {

constexpr const char* kToy = R"({
  "title": "Toy",
  "pools": {"letters": {"reader": "glyphs"}},
  "tests": {"5w1s": {"queries": 5}},
  "validation": {"letters": {"episodes": 10}},
  "base": {"train": {"steps": 100, "validate_every": 10}},
  "cells": [{"name": "floor", "final": "none"}, {"name": "one"},
            {"name": "two", "final": "train", "seeds": [3, 4]}]
})";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The lines of the rule that makes `target`.
std::vector<std::string> rule(const Plan& plan, const std::string& target) {
  std::vector<std::string> found;
  bool inside = false;
  for (const auto& line : split(plan.makefile, '\n')) {
    // One target, or one of several that are made together.
    if (!line.starts_with('\t'))
      inside = line.starts_with(target + ":") ||
               (line.find(" &: ") != std::string::npos &&
                contains(" " + line.substr(0, line.find(" &: ")) + " ", " " + target + " "));
    if (inside) found.push_back(line);
  }
  return found;
}

}  // namespace

TEST_CASE("a cell may have a validation of its own, which others may share") {
  const Scratch folder;
  std::string toy = kToy;
  toy.replace(toy.find("{\"name\": \"one\"}"), 15,
              R"({"name": "one", "validation": {"shots": 5}}, {"name": "three", "final": "train",
                  "validation": {"shots": 5, "episodes": 10}})");
  const std::string path = folder.put("toy.json", toy), results = folder.path("out");
  const Plan plan = make_plan(path, {.results = results, .overrides = {}});
  const std::string shared = results + "/runs/toy/episodes/val-letters-5w5s15q10e0";
  CHECK(contains(plan.files.at(shared + ".settings"), "--ways 5 --shots 5 --queries 15"));
  CHECK(contains(rule(plan, results + "/runs/toy/one-s0/search.h5").at(1), "--val " + shared));
  CHECK(contains(rule(plan, results + "/runs/toy/three-s0/model.h5").at(1), "--val " + shared));
  CHECK(contains(rule(plan, results + "/runs/toy/two-s3/model.h5").at(1), "/val-letters.h5"));
  const Plan trial = make_plan(path, {.results = results, .overrides = {}, .episodes = 4});
  CHECK(contains(trial.files.at(results + "/runs/toy/episodes/val-letters-5w5s15q10e0.settings"),
                 "--episodes 4 "));
}

TEST_CASE("final train+val is two runs, train is one, none has no validation") {
  const Scratch folder;
  const std::string results = folder.path("out"), runs = results + "/runs/toy/";
  const Plan plan = make_plan(folder.put("toy.json", kToy), {.results = results, .overrides = {}});
  const auto search = rule(plan, runs + "one-s0/search.h5");
  const auto final = rule(plan, runs + "one-s0/model.h5");
  REQUIRE(search.size() == 2);
  REQUIRE(final.size() == 2);
  CHECK(contains(search[1], "--set split=train --val " + runs + "episodes/val-letters.h5"));
  CHECK(contains(final[0], runs + "one-s0/search.h5"));
  CHECK(contains(final[1], "--set split=train+val --stop-from " + runs + "one-s0/search.h5"));
  CHECK(contains(rule(plan, runs + "two-s3/model.h5").at(1), "--set split=train --val "));
  CHECK(rule(plan, runs + "two-s3/search.h5").empty());
  CHECK(!contains(rule(plan, runs + "floor-s0/model.h5").at(1), "--val"));
}

TEST_CASE("programs are order-only needs, and a table needs the rows of all cells, seeds, tests") {
  const Scratch folder;
  const std::string results = folder.path("out");
  const Plan plan = make_plan(folder.put("toy.json", kToy), {.results = results, .overrides = {}});
  for (const auto& line : split(plan.makefile, '\n')) {
    const auto program = line.find("$(BIN)");
    if (line.starts_with('\t') || line.starts_with("BIN") || program == std::string::npos) continue;
    CAPTURE(line);
    CHECK(line.find(" | ") < program);
  }
  const std::string needs = rule(plan, results + "/tables/toy.md").at(0);
  for (const char* run : {"floor-s0", "one-s0", "two-s3", "two-s4"}) {
    CHECK(contains(needs, results + "/rows/toy/" + run + ".5w1s.tsv.gz"));
  }
}

TEST_CASE("every rule stands once, also where experiments share models") {
  const Scratch folder;
  folder.put("toy.json", kToy);
  const std::string path = folder.put("borrower.json", R"({
    "title": "Borrower",
    "pools": {"letters": {"reader": "glyphs"}},
    "tests": {"5w1s": {}},
    "cells": [{"name": "x", "from": "toy/two"}, {"name": "y", "from": "toy/two"}]})");
  const Plan plan = make_plan(path, {.results = folder.path("out"), .overrides = {}});
  std::vector<std::string> targets;
  for (const auto& line : split(plan.makefile, '\n')) {
    if (line.starts_with(folder.path("out"))) targets.push_back(line.substr(0, line.find(": ")));
  }
  auto sorted = targets;
  std::ranges::sort(sorted);
  CHECK(std::ranges::adjacent_find(sorted) == sorted.end());
  CHECK(!rule(plan, folder.path("out") + "/runs/toy/two-s4/model.h5").empty());
  CHECK(contains(rule(plan, folder.path("out") + "/rows/borrower/x-s4.5w1s.tsv.gz").at(0),
                 "/runs/toy/two-s4/model.h5"));
  CHECK_THROWS_AS(
      make_plan(folder.put("bad.json", R"({"title": "B", "pools": {"p": {"reader": "glyphs"}},
        "tests": {"t": {}}, "cells": [{"name": "x", "from": "toy/three"}]})"),
                {.results = folder.path("out"), .overrides = {}}),
      Error);
}

TEST_CASE("a borrowed cell may name the runs that it takes") {
  const Scratch folder;
  folder.put("toy.json", kToy);
  const auto borrower = [&](const std::string& seed) {
    const std::string path = folder.put("borrower.json", R"({"title": "B",
      "pools": {"letters": {"reader": "glyphs"}}, "tests": {"5w1s": {}},
      "cells": [{"name": "x", "from": "toy/two", "seeds": [)" +
                                                             seed + "]}]}");
    return make_plan(path, {.results = folder.path("out"), .overrides = {}});
  };
  const std::string rows = folder.path("out") + "/rows/borrower/x-s";
  CHECK(!rule(borrower("4"), rows + "4.5w1s.tsv.gz").empty());
  CHECK(rule(borrower("4"), rows + "3.5w1s.tsv.gz").empty());
  CHECK_THROWS_AS(borrower("5"), UsageError);
}

TEST_CASE("configurations are rewritten only when they change") {
  const Scratch folder;
  const PlanOptions options{.results = folder.path("out"), .overrides = {}};
  const std::string path = folder.put("toy.json", kToy);
  write_plan_files(make_plan(path, options));
  const std::string one = folder.path("out") + "/runs/toy/one-s0/config.json";
  const std::string two = folder.path("out") + "/runs/toy/two-s3/config.json";
  CHECK(read_file(one, 1000) ==
        "{\"seed\": 0, \"train\": {\"steps\": 100, \"validate_every\": 10}}\n");
  fs::last_write_time(one, 1000);
  fs::last_write_time(two, 1000);
  std::string changed = kToy;
  changed.replace(changed.find("\"one\""), 5, "\"one\", \"config\": {\"train\": {\"batch\": 4}}");
  write_plan_files(make_plan(folder.put("toy.json", changed), options));
  CHECK(fs::last_write_time(one) != 1000);
  CHECK(contains(read_file(one, 1000), "\"batch\": 4"));
  CHECK(fs::last_write_time(two) == 1000);
}

TEST_CASE("a trial shortens training, tests and validation, but lengthens nothing") {
  const Scratch folder;
  const std::string path = folder.put("toy.json", kToy), results = folder.path("out");
  const Plan plan =
      make_plan(path, {.results = results, .overrides = {}, .steps = 7, .episodes = 20});
  CHECK(contains(plan.files.at(results + "/runs/toy/one-s0/config.json"),
                 "{\"steps\": 7, \"validate_every\": 7}"));
  CHECK(contains(plan.files.at(results + "/runs/toy/episodes/5w1s.settings"), "--episodes 20 "));
  CHECK(contains(plan.files.at(results + "/runs/toy/episodes/val-letters.settings"),
                 "--episodes 10 "));
  const Plan other = make_plan(path, {.results = results, .overrides = {"seeds=[9]"}});
  CHECK(!rule(other, results + "/runs/toy/one-s9/model.h5").empty());
}

TEST_CASE("tables show the score that the experiment names") {
  const Scratch folder;
  std::string toy = kToy;
  toy.insert(toy.find("\"pools\""), "\"task\": \"translation\", \"score\": \"chrf\", ");
  toy.replace(toy.find("{\"queries\": 5}"), 14, "{}");
  const std::string results = folder.path("out");
  const Plan plan = make_plan(folder.put("toy.json", toy), {.results = results, .overrides = {}});
  for (const char* table : {"toy.md", "toy.tsv", "toy.pairs.md"}) {
    const auto lines = rule(plan, results + "/tables/" + table);
    REQUIRE(lines.size() > 1);
    CHECK(contains(lines[2], " --score chrf "));
    CHECK(contains(lines[2], "=" + results + "/tables/" + table + " "));
  }
  toy.replace(toy.find("\"chrf\""), 6, "\"chrof\"");
  CHECK_THROWS_WITH_AS(
      make_plan(folder.put("toy.json", toy), {.results = results, .overrides = {}}),
      doctest::Contains("score: want one of"), UsageError);
}

TEST_CASE("folders that make would misread are refused") {
  const Scratch folder;
  const std::string path = folder.put("toy.json", kToy);
  for (const char* results :
       {"", "a b", "a$b", "a#b", "a:b", "a=b", "-a", "~a", "a*", "a;b", "a%b"}) {
    CHECK_THROWS_AS(make_plan(path, {.results = results, .overrides = {}}), UsageError);
    CHECK_THROWS_AS(make_table_plan(path, results), UsageError);
  }
}

TEST_CASE("an experiment that asks for faithfulness gets rows of its cells and a table") {
  const Scratch folder;
  std::string toy = kToy;
  toy.replace(toy.find("\"5w1s\": {"), 9, "\"5w5s\": {\"shots\": 5}, \"5w1s\": {");
  toy.replace(
      toy.find("\"cells\""), 7,
      R"("faithfulness": {"test": "5w5s", "queries": 2, "cells": ["one", "two"]}, "cells")");
  const std::string path = folder.put("toy.json", toy), results = folder.path("out");
  const PlanOptions options{.results = results, .overrides = {}};
  const Plan plan = make_plan(path, options);
  const std::string rows = results + "/rows/toy/faithfulness/";
  const auto probe = rule(plan, rows + "two-s4.5w5s.tsv.gz");
  REQUIRE(probe.size() == 3);
  CHECK(contains(probe[0], results + "/runs/toy/two-s4/model.h5"));
  CHECK(contains(probe[0], results + "/runs/toy/faithfulness.settings"));
  CHECK(contains(probe[2], "--cell two --test 5w5s --first 1000 --queries 2 "));
  CHECK(rule(plan, rows + "floor-s0.5w5s.tsv.gz").empty());
  const auto table = rule(plan, results + "/tables/toy.faithfulness.md");
  REQUIRE(table.size() == 3);
  CHECK(contains(table[2], "attune-tabulate --faithfulness "));
  CHECK(contains(table[2], "-o $@ " + rows + "one-s0.5w5s.tsv.gz"));
  CHECK(contains(rule(plan, "table").at(0), "/tables/toy.faithfulness.md"));
  const Plan trial = make_plan(path, {.results = results, .overrides = {}, .episodes = 20});
  CHECK(trial.files.at(results + "/runs/toy/faithfulness.settings") == "--first 20 --queries 2\n");
  for (const char* wrong :
       {"faithfulness.test=5w1s", "faithfulness.test=6w5s", "faithfulness.cells=[\"three\"]",
        "faithfulness.control=floor", "faithfulness.kind=1"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(make_plan(path, {.results = results, .overrides = {wrong}}), UsageError);
  }
}

TEST_CASE("tables alone are planned from the rows that are there") {
  const Scratch folder;
  std::string toy = kToy;
  toy.replace(toy.find("\"cells\""), 7, R"("plots": ["cost", "calibration"], "cells")");
  const std::string path = folder.put("toy.json", toy), results = folder.path("out");
  CHECK_THROWS_AS(make_table_plan(path, results), Error);
  const std::string rows = results + "/rows/toy/";
  make_folders(rows + "faithfulness");
  write_file(rows + "two-s4.5w1s.tsv.gz", "");
  write_file(rows + "two-s4.5w1s.tsv.gz.cost.json", "{}");
  const Plan plan = make_table_plan(path, results);
  CHECK(plan.files.empty());
  const auto table = rule(plan, results + "/tables/toy.md");
  REQUIRE(table.size() == 3);
  CHECK(table[2].ends_with("/tables/toy.calibration.md " + rows + "two-s4.5w1s.tsv.gz"));
  for (const char* ending : {".cost.svg", ".calibration.svg", ".calibration.md", ".pairs.md"})
    CHECK(contains(rule(plan, "table").at(0), "/tables/toy" + std::string(ending)));
  CHECK(rule(plan, results + "/tables/toy.faithfulness.md").empty());
  CHECK(!contains(rule(plan, "table").at(0), "made-with"));
  write_file(rows + "faithfulness/two-s4.5w1s.tsv.gz", "");
  CHECK(rule(make_table_plan(path, results), results + "/tables/toy.faithfulness.md").size() == 3);
  for (const auto& ending : {".md", ".pairs.md", ".cost.svg"})
    CHECK(rule(make_plan(path, {.results = results, .overrides = {}}),
               results + "/tables/toy" + ending)
              .size() == 3);
}

TEST_CASE("how a cell is tested is told to attune-evaluate, and remakes its rows alone") {
  const Scratch folder;
  const std::string results = folder.path("out"), rows = results + "/rows/toy/";
  const Plan plan = make_plan(folder.put("toy.json", R"({
    "title": "Toy", "pools": {"letters": {"reader": "glyphs"}}, "tests": {"5w1s": {}},
    "cells": [{"name": "one", "final": "train"},
              {"name": "batch", "from": "toy/one", "transductive": true, "episodes": 50}]})"),
                              {.results = results, .overrides = {}});
  const auto plain = rule(plan, rows + "one-s0.5w1s.tsv.gz");
  const auto batch = rule(plan, rows + "batch-s0.5w1s.tsv.gz");
  REQUIRE(plain.size() == 3);
  REQUIRE(batch.size() == 3);
  CHECK(!contains(plain[2], "--transductive"));
  CHECK(!contains(plain[0], "evaluate.settings"));
  CHECK(contains(batch[2], "one-s0/model.h5"));
  CHECK(contains(batch[2], " --transductive --first 50 "));
  CHECK(contains(batch[0], "batch.evaluate.settings"));
}

TEST_CASE("an experiment's own file name is held to the grammar, and to names that are free") {
  const Scratch folder;
  const std::string results = folder.path("out");
  for (const char* name :
       {"e$(shell touch x)", "a b", "a;b", "a=b", "a%b", "a'b", "-a", ".a", "\u00FC", "pools",
        "plans", "versions", "glyphs.pairs", "glyphs.cost", "glyphs.calibration", "a\nb"}) {
    CAPTURE(name);
    const std::string path = folder.put(std::string(name) + ".json", kToy);
    CHECK(contains(
        message_of<UsageError>([&] { make_plan(path, {.results = results, .overrides = {}}); }),
        "want a"));
    CHECK_THROWS_AS(make_table_plan(path, results), UsageError);
  }
  make_folders(folder.path("with space"));
  const std::string inside = folder.put("with space/toy.json", kToy);
  CHECK_THROWS_AS(make_plan(inside, {.results = results, .overrides = {}}), UsageError);
  CHECK_NOTHROW(
      make_plan(folder.put("a.b+c_d-1.json", kToy), {.results = results, .overrides = {}}));
}

TEST_CASE("rules that collide are refused with the names of both") {
  const Scratch folder;
  const auto refusal = [&](const std::string& tests, const std::string& cells,
                           const std::string& more = "") {
    const std::string json = R"({"title": "T", "pools": {"p": {"reader": "glyphs"}},
      "validation": {"p": {"episodes": 9}}, "tests": {)" +
                             tests + "}, \"cells\": [" + cells + "]" + more + "}";
    const std::string path = folder.put("toy.json", json);
    return message_of<UsageError>(
        [&] { make_plan(path, {.results = folder.path("out"), .overrides = {}}); });
  };
  // A test that would choose the stopping point.
  const std::string text = refusal(R"("val-p": {})", R"({"name": "c"})");
  CHECK(contains(text, "toy: validation.p"));
  CHECK(contains(text, "toy: tests.val-p"));
  CHECK(contains(text, "val-p.settings"));
  const std::string own = R"({"name": "c", "validation": {"shots": 5}})";
  CHECK(contains(refusal(R"("val-p-5w5s15q9e0": {"shots": 5})", own), "cells.0.validation"));
  // Validations of one name that differ in what the name doesn't say.
  const std::string grouped =
      R"({"name": "d", "validation": {"shots": 5, "distinct_groups": true}})";
  CHECK(contains(refusal(R"("t": {})", own + ", " + grouped), "cells.1.validation"));
  // Names that are one file, or would be one on some systems.
  CHECK(contains(refusal(R"("t": {})", R"({"name": "c"}, {"name": "C"})"), "capitals"));
  CHECK(contains(refusal(R"("t": {}, "T": {"shots": 5})", R"({"name": "c"})"), "capitals"));
  CHECK(
      contains(refusal(R"("b": {}, "a-s0.b": {"shots": 5})",
                       R"({"name": "c", "tests": ["a-s0.b"]}, {"name": "c-s0.a", "tests": ["b"]})"),
               "c-s0.a-s0.b.tsv.gz"));
  CHECK(refusal(R"("t": {})", R"({"name": "c"}, {"name": "c-s0"}, {"name": "episodes"})").empty());
}

TEST_CASE("pools of one name that differ between an experiment and a lender are refused") {
  const Scratch folder;
  folder.put("toy.json", kToy);
  const std::string path = folder.put("borrower.json", R"({"title": "B",
      "pools": {"letters": {"reader": "glyphs", "config": {"instances": 3}}}, "tests": {"5w1s": {}},
      "cells": [{"name": "x", "from": "toy/two"}]})");
  const std::string text = message_of<UsageError>(
      [&] { make_plan(path, {.results = folder.path("out"), .overrides = {}}); });
  CHECK(contains(text, "toy: pools.letters"));
  CHECK(contains(text, "borrower: pools.letters"));
}

TEST_CASE("the folder of the data is quoted for the shell, what it must be is told in one line") {
  const Scratch folder;
  std::string toy = kToy;
  toy.replace(
      toy.find("{\"reader\": \"glyphs\"}"), 20,
      R"({"reader": "table", "input": "a b/$(DATA)/c", "needs": "it's $(shell x)\n\u001b[2J"})");
  const std::string results = folder.path("out");
  const Plan plan = make_plan(folder.put("toy.json", toy), {.results = results, .overrides = {}});
  CHECK(contains(plan.makefile, "\nQUOTED_DATA = $(subst ','\\'',$(DATA))\n"));
  const auto lines = rule(plan, results + "/runs/pools/letters/pool.h5");
  REQUIRE(lines.size() == 3);
  CHECK(contains(lines[1], "test -n '$(QUOTED_DATA)' || {"));
  CHECK(contains(lines[1], "DATA=<folder>: it’s $$(shell x) \\x1b[2J' >&2"));
  CHECK(contains(lines[2], " --input 'a b/$(QUOTED_DATA)/c' -o $@"));
}

TEST_CASE("a plan says where it ends, and no rule writes under a final name") {
  const Scratch folder;
  const std::string path = folder.put("toy.json", kToy), results = folder.path("out");
  const Plan plan = make_plan(path, {.results = results, .overrides = {}});
  CHECK(plan.makefile.ends_with("\n# end of plan\n"));
  CHECK(!contains(plan.makefile, "> $@"));
  const auto origin = rule(plan, results + "/rows/toy/made-with.txt");
  REQUIRE(origin.size() == 2);
  CHECK(contains(origin[1], "mv -f $$part $@"));
}

TEST_CASE("rows under names of other signs are no part of a plan") {
  const Scratch folder;
  const std::string path = folder.put("toy.json", kToy), results = folder.path("out");
  const std::string rows = results + "/rows/toy/";
  make_folders(rows + "faithfulness");
  write_file(rows + "one-s0.5w1s.tsv.gz", "");
  CHECK(make_table_plan(path, results).makefile.ends_with("\n# end of plan\n"));
  for (const char* name : {"a$(shell touch x).tsv.gz", "a b.tsv.gz", "-a.tsv.gz", "a;b.tsv.gz"}) {
    CAPTURE(name);
    for (const std::string& place : {rows, rows + "faithfulness/"}) {
      write_file(place + name, "");
      CHECK(contains(message_of<Error>([&] { make_table_plan(path, results); }), name));
      fs::remove(place + name);
    }
  }
}
