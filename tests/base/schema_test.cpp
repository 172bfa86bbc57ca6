#include "base/schema.hpp"

#include <doctest/doctest.h>

using namespace attune;

namespace {

// A part with a choice whose second kind has a choice of its own.
void read_house(const Config& config) {
  config.integer("rooms", 3, {1, 9}, "how many");
  const Config roof = config.child("roof");
  if (roof.choice("kind", "flat", {"flat", "gable"}, "its shape") == "flat") return;
  roof.real("pitch", 30, {5, 80}, "degrees");
  const std::string cover = roof.choice("cover", "tile", {"tile", "thatch"}, "what lies on it");
  if (cover == "thatch") roof.required_text("thatcher", "who makes it");
  if (roof.flag("gutter", true, "below the edge")) return;
  roof.integer("overhang", 40, {30, 90}, "cm");
}

}  // namespace

TEST_CASE("every alternative of every choice and flag is explored, with what leads to it") {
  const auto fields = explore_schema(read_house);
  CHECK(schema_lines("build", fields) ==
        "build\trooms\tinteger\t3\t[1, 9]\t\thow many\n"
        "build\troof\tobject\t{}\t\t\t\n"
        "build\troof.kind\tchoice\t\"flat\"\tflat|gable\t\tits shape\n"
        "build\troof.pitch\treal\t30\t[5, 80]\troof.kind=gable\tdegrees\n"
        "build\troof.cover\tchoice\t\"tile\"\ttile|thatch\troof.kind=gable\twhat lies on it\n"
        "build\troof.gutter\tflag\ttrue\ttrue|false\troof.kind=gable\tbelow the edge\n"
        "build\troof.thatcher\ttext\t\t\troof.kind=gable, roof.cover=thatch\twho makes it\n"
        "build\troof.overhang\tinteger\t40\t[30, 90]\troof.kind=gable, roof.gutter=false\tcm\n");
}

TEST_CASE("a required choice is explored though the defaults are refused") {
  const auto fields = explore_schema([](const Config& config) {
    if (config.choice("kind", "", {"a", "b"}, "which") == "b") config.flag("deep", false, "of b");
  });
  REQUIRE(fields.size() == 2);
  CHECK(fields[0].field.key == "kind");
  CHECK(fields[0].field.fallback.empty());
  CHECK(fields[1].field.key == "deep");
  CHECK(fields[1].when == "kind=b");
}
