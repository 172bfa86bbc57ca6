#include "base/settings_text.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace attune;

TEST_CASE("settings that differ are named with both values") {
  using Texts = std::vector<std::string>;
  CHECK(setting_differences(R"({"a": 1, "b": {"c": [1, 2]}})", R"({"b": {"c": [1,2]}, "a": 1})")
            .empty());
  CHECK(setting_differences(
            R"({"seed": 0, "train": {"steps": 1500, "rate": 0.1}, "old": "x"})",
            R"({"seed": 0, "train": {"steps": 2000, "rate": 0.1}, "new": {"k": true}})") ==
        Texts{"new.k: (absent) -> true", "old: \"x\" -> (absent)", "train.steps: 1500 -> 2000"});
  CHECK(setting_differences(R"({"a": {}})", R"({"a": {"b": 1}})") ==
        Texts{"a: {} -> (absent)", "a.b: (absent) -> 1"});
  CHECK_THROWS_AS(setting_differences("{", "{}"), UsageError);
}

TEST_CASE("settings are left out by their dotted keys") {
  CHECK(without_settings(R"({"seed": 3, "train": {"stop": 5, "steps": 9}})",
                         {"seed", "train.stop"}) == R"({"train": {"steps": 9}})");
  CHECK(without_settings(R"({"b": 1, "a": 2})", {"train.stop", "c"}) == R"({"a": 2, "b": 1})");
}
