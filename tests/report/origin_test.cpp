#include "report/origin.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/scratch.hpp"
#include "report/outcome_rows.hpp"

using namespace attune;

TEST_CASE("rows tell their origin with all of its columns, or with none") {
  Rows rows = OutcomeRows{.accuracy = {0.5}}.rows();
  CHECK(!tell_origin(rows));
  rows = with_origin(rows, test_origin());
  CHECK(tell_origin(rows));
  rows.columns.pop_back();
  CHECK(message_of<Error>([&] { tell_origin(rows); }).find("\"bits\"") != std::string::npos);
}

TEST_CASE("an origin has a known mode, hashes and no empty text") {
  const auto refusal = [](std::string Origin::*member, const std::string& value) {
    Origin origin = test_origin();
    origin.*member = value;
    return message_of<Error>([&] { check_origin(origin, "r.tsv: line 2"); });
  };
  CHECK(refusal(&Origin::bits, "avx512").empty());
  CHECK(refusal(&Origin::trained_pool, "-").empty());
  CHECK(refusal(&Origin::mode, "transductive").empty());
  CHECK(refusal(&Origin::mode, "both") ==
        "r.tsv: line 2: mode: want inductive or transductive, have both");
  CHECK(refusal(&Origin::config, "cccc").find("config: want 16 digits") != std::string::npos);
  CHECK(refusal(&Origin::tested_pool, "AAAAAAAAAAAAAAAA").find("tested_pool") != std::string::npos);
  CHECK(refusal(&Origin::trained_pool, "aaaaaaaaaaaaaaaaa").find("trained_pool") !=
        std::string::npos);
  CHECK(refusal(&Origin::split, "").find("split: want a text") != std::string::npos);
}

TEST_CASE("a model saw its test when a split of the same pool is in both") {
  Origin origin = test_origin();
  CHECK(!saw_its_test(origin, "glyphs:train"));
  CHECK(!saw_its_test(origin, "glyphs: test:train"));
  CHECK(saw_its_test(origin, "glyphs: a:train+test"));
  origin.split = "val+test";
  CHECK(saw_its_test(origin, "glyphs:train+val"));
  CHECK(!saw_its_test(origin, "glyphs:train"));
  CHECK(!saw_its_test(origin, "-"));
  origin.trained_pool = "bbbbbbbbbbbbbbbb";
  CHECK(!saw_its_test(origin, "glyphs:train+val"));
  origin.trained_pool = origin.tested_pool = "-";
  CHECK(!saw_its_test(origin, "glyphs:train+val"));
  CHECK(same_splits("train+val", "val+train"));
  CHECK(!same_splits("train+val", "train"));
}
