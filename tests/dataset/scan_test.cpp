#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "dataset/pair_reader.hpp"
#include "store/temporary.hpp"

using namespace attune;

namespace {

PairPool read(const std::string& folder, const std::string& config) {
  const Config node = Config::parse(config, "test");
  return PairReaderRegistry::entries().at("scan").make(node)->read(folder);
}

}  // namespace

TEST_CASE("a published split is a language to train and one to test, which studies some commands") {
  const Temporary folder;
  make_folders(folder / "add_prim_split");
  const std::string stem = folder / "add_prim_split/tasks_";
  write_file(stem + "train_addprim_jump.txt.gz",
             gzip("IN: jump OUT: I_JUMP\nIN: walk twice OUT: I_WALK I_WALK\nIN: walk OUT: I_WALK\n"
                  "IN: jump OUT: I_JUMP\nIN: turn left OUT: I_TURN_LEFT\n"));
  const std::string test = "IN: jump twice OUT: I_JUMP I_JUMP\n";
  write_file(stem + "test_addprim_jump.txt", test);
  const PairPool pool = read(folder / "", R"({"split": "add_jump"})");
  check_pairs(pool);
  CHECK(pool.title == "scan-add_jump");
  CHECK(pool.language_name == std::vector<std::string>{"train", "test"});
  CHECK(pool.language_split == std::vector<std::uint32_t>{0, 2});
  CHECK(pool.source ==
        std::vector<std::string>{"jump", "walk twice", "walk", "turn left", "jump twice"});
  CHECK(pool.held_out == std::vector<std::uint8_t>{0, 0, 0, 0, 1});
  // Of training once each; then what is studied, then the test's own.
  CHECK(pool.source_of == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 3, 4});
  CHECK(pool.target.back() == "I_JUMP I_JUMP");
  CHECK_THROWS_WITH_AS(read(folder / "", R"({"split": "add_jump", "study": ["hop"]})"),
                       doctest::Contains("to study, have none of hop"), Error);
  write_file(stem + "test_addprim_jump.txt", test + "OUT: I_RUN\n");
  CHECK_THROWS_WITH_AS(read(folder / "", R"({"split": "add_jump"})"),
                       doctest::Contains("line 2: want \"IN: command OUT: actions\""), Error);
  write_file(stem + "test_addprim_jump.txt", "IN: walk OUT: I_WALK\n");
  CHECK_THROWS_WITH_AS(read(folder / "", R"({"split": "add_jump"})"),
                       doctest::Contains("have walk in both"), Error);
  CHECK_THROWS_AS(read("", "{}"), UsageError);
  CHECK_THROWS_AS(read(folder / "none", "{}"), Error);
}
