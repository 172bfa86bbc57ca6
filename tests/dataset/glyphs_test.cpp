#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "dataset/glyph_table.hpp"
#include "dataset/reader.hpp"
#include "source_path.hpp"

using namespace attune;

namespace {

// Three small scripts, few examples: seconds become a fraction.
Pool small_pool(const std::vector<std::string>& settings = {}) {
  Config config = Config::parse(
      R"({"train": ["Hebrew"], "val": ["Nko"], "test": ["Thaana"], "instances": 8})", "test");
  for (const std::string& setting : settings) config.set(setting);
  const auto reader = ReaderRegistry::make(config, "glyphs");
  config.finish();
  return reader->read("");
}

}  // namespace

TEST_CASE("the pool of glyphs keeps its promises") {
  const Pool pool = small_pool();
  check_pool(pool);
  CHECK(pool.example_shape == std::vector<std::uint32_t>{1, 28, 28});
  const std::vector<std::uint32_t> begin = pool.class_begin();
  std::map<std::string, std::set<std::uint32_t>> splits_of;
  REQUIRE(pool.classes() > 30);
  for (std::size_t c = 0; c < pool.classes(); ++c) {
    const std::string script = split(pool.class_name[c], '/').front();
    splits_of[script].insert(pool.class_split[c]);
    CHECK(begin[c + 1] - begin[c] == 8);
    std::set<std::uint32_t> faces;
    std::set<std::string_view> families;
    for (std::uint32_t i = begin[c]; i < begin[c + 1]; ++i) {
      faces.insert(pool.group[i]);
      families.insert(glyph_faces()[pool.group[i]].family);
      CHECK(drawn_with(glyph_faces()[pool.group[i]], script));
    }
    CHECK(faces.size() >= 4);
    CHECK(families.size() >= 2);
  }
  CHECK(splits_of == std::map<std::string, std::set<std::uint32_t>>{
                         {"Hebrew", {0}}, {"Nko", {1}}, {"Thaana", {2}}});
  const std::set<std::string> names(pool.group_name.begin(), pool.group_name.end());
  CHECK(names.size() == glyph_faces().size());
  CHECK(names.contains("DejaVu Sans Bold"));
  // Every example is drawn, and no two are the same picture.
  std::set<std::vector<std::uint8_t>> pictures;
  for (std::size_t i = 0; i < pool.examples(); ++i) {
    const auto first = pool.pixels.begin() + static_cast<std::ptrdiff_t>(i * 784);
    pictures.emplace(first, first + 784);
  }
  CHECK(pictures.size() == pool.examples());
}

TEST_CASE("the pool of glyphs is the same each time, and another with another seed") {
  const Pool pool = small_pool(), again = small_pool(), other = small_pool({"seed=1"});
  CHECK(pool.pixels == again.pixels);
  CHECK(pool.group == again.group);
  CHECK(pool.class_name == again.class_name);
  CHECK(pool.source == again.source);
  CHECK(pool.class_name == other.class_name);
  CHECK(pool.pixels != other.pixels);
}

TEST_CASE("the number of letters of a script can be bounded") {
  const Pool pool = small_pool({"letters=5"});
  CHECK(pool.classes() == 15);
}

TEST_CASE("what the reader of glyphs can't do is said in one line") {
  CHECK_THROWS_WITH_AS(small_pool({R"(train=["Hebrw"])"}), doctest::Contains("did you mean Hebrew"),
                       UsageError);
  CHECK_THROWS_WITH_AS(small_pool({R"(train=["Nko"])"}), doctest::Contains("Nko"), UsageError);
  CHECK_THROWS_WITH_AS(small_pool({"fonts=/nowhere"}), doctest::Contains("make deps"), Error);
}

TEST_CASE("the table of faces, the scripts and the list of packages fit together") {
  std::set<std::string> packages, names;
  const std::vector<std::string> scripts = glyph_scripts();
  std::map<std::string, int> faces_of;
  for (const GlyphFace& face : glyph_faces()) {
    packages.insert(std::string(face.package));
    CHECK(names.insert(std::string(face.family) + " " + std::string(face.style)).second);
    for (const std::string& script : split(std::string(face.scripts), ' ')) {
      CHECK(std::count(scripts.begin(), scripts.end(), script) == 1);
      ++faces_of[script];
    }
  }
  for (const std::string& script : scripts) {
    CHECK(faces_of[script] >= 4);
    CHECK(glyph_letters(script).size() >= 20);
  }
  std::set<std::string> listed;
  for (const std::string& line :
       split(read_file(source_path("datasets/glyphs/packages.txt"), 1 << 16), '\n')) {
    if (!line.empty()) listed.insert(line);
  }
  CHECK(listed == packages);
}

TEST_CASE("letters are letters: no digits, no accented forms") {
  const std::vector<char32_t> latin = glyph_letters("Latin");
  const auto has = [&](char32_t c) { return std::binary_search(latin.begin(), latin.end(), c); };
  CHECK(has(U'A'));
  CHECK(has(U'\u00FE'));        // þ
  CHECK_FALSE(has(U'\u00E9'));  // é
  CHECK_FALSE(has(U'5'));
  CHECK_THROWS_AS(glyph_letters("Klingon"), UsageError);
}
