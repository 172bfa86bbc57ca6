#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <set>

#include "base/error.hpp"
#include "dataset/image.hpp"
#include "dataset/raw_files.hpp"
#include "dataset/reader.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

Pool read(const std::string& input, const std::vector<std::string>& settings = {}) {
  Config config = Config::parse(R"({"kind": "images", "size": 4})", "test");
  for (const std::string& setting : settings) config.set(setting);
  const auto reader = ReaderRegistry::make(config, "");
  config.finish();
  Pool pool = reader->read(input);
  check_pool(pool);
  return pool;
}

std::string refusal(const std::string& input, const std::vector<std::string>& settings = {}) {
  return message_of([&] { read(input, settings); });
}

// One grey level over the whole image: tells which file an example came from.
Bytes flat_png(std::uint8_t level, std::uint32_t size = 4) {
  return make_png(size, size, Bytes(std::size_t{size} * size, level));
}

std::vector<Member> three_classes(const std::string& prefix = "") {
  std::vector<Member> members;
  std::uint8_t level = 10;
  for (const std::string name : {"cat", "dog", "emu"})
    for (const std::string file : {"2.png", "1.png", "3.PNG"})
      members.push_back({prefix + name + "/" + file, flat_png(level += 10), AE_IFREG, ""});
  return members;
}

std::vector<std::uint8_t> levels(const Pool& pool) {
  std::vector<std::uint8_t> level;
  for (std::size_t i = 0; i < pool.pixels.size(); i += pool.example_size())
    level.push_back(pool.pixels[i]);
  return level;
}

}  // namespace

TEST_CASE("images: class folders become classes, files in the order of their names") {
  const TemporaryFolder folder;
  for (const Member& m : three_classes()) put(folder / "tree/" + m.name, m.bytes);
  const Pool pool = read(folder / "tree");
  CHECK(pool.class_name == std::vector<std::string>{"cat", "dog", "emu"});
  CHECK(pool.example_shape == std::vector<std::uint32_t>{1, 4, 4});
  CHECK(levels(pool) == Bytes{30, 20, 40, 60, 50, 70, 90, 80, 100});
  CHECK(std::set<std::uint32_t>(pool.class_split.begin(), pool.class_split.end()).size() == 3);
  // The same from archives, with or without a folder around all of them.
  for (const std::string prefix : {"", "pets/", "my/pets/"})
    for (const std::string format : {"zip", "ustar"}) {
      make_archive(folder / "x", three_classes(prefix), format);
      const Pool other = read(folder / "x");
      CHECK(other.class_name == pool.class_name);
      CHECK(other.pixels == pool.pixels);
      CHECK(other.class_split == pool.class_split);
    }
}

TEST_CASE("images: any size and colour becomes what was asked for") {
  const TemporaryFolder folder;
  Bytes red;
  for (int i = 0; i < 10 * 6; ++i) red.insert(red.end(), {250, 0, 0});
  PngLook look;
  look.colour = PNG_COLOR_TYPE_RGB;
  for (const std::string name : {"a", "b", "c"}) {
    put(folder / "tree/" + name + "/1.jpeg", make_jpeg(10, 6, 3, red));
    put(folder / "tree/" + name + "/2.png", make_png(10, 6, red, look));
    put(folder / "tree/" + name + "/3.jpg", flat_png(7, 9));  // by content, not by name
  }
  const Pool colour = read(folder / "tree", {"channels=3", "size=5"});
  CHECK(colour.example_shape == std::vector<std::uint32_t>{3, 5, 5});
  const auto second = [](const Pool& pool) {
    const auto begin = pool.pixels.begin() + static_cast<std::ptrdiff_t>(pool.example_size());
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(pool.example_size()));
  };
  Bytes want(75, 0);
  std::fill_n(want.begin(), 25, std::uint8_t{250});
  CHECK(second(colour) == want);
  const Pool grey = read(folder / "tree", {"size=5"});
  CHECK(second(grey) == Bytes(25, 75));  // 0.299 · 250 = 74.75
  CHECK(grey.pixels.back() == 7);
  CHECK(second(read(folder / "tree", {"size=5", "invert=true"})) == Bytes(25, 180));
  CHECK_THROWS_AS(read(folder / "tree", {"channels=2"}), UsageError);
}

TEST_CASE("images: a class may be the first folder or the whole path; root picks a part") {
  const TemporaryFolder folder;
  for (const std::string name : {"greek/alpha", "greek/beta", "latin/a", "thai/ko"})
    for (const std::string file : {"1.png", "2.png"})
      put(folder / "tree/" + name + "/" + file, flat_png(1));
  CHECK(read(folder / "tree").class_name == std::vector<std::string>{"greek", "latin", "thai"});
  CHECK(read(folder / "tree", {"class_levels=all"}).class_name ==
        std::vector<std::string>{"greek/alpha", "greek/beta", "latin/a", "thai/ko"});
  CHECK(read(folder / "tree", {"root=greek/", "fractions=[0.5,0,0.5]"}).class_name ==
        std::vector<std::string>{"alpha", "beta"});
  CHECK(contains(refusal(folder / "tree", {"root=gree"}), "have none"));
}

TEST_CASE("images: other files are ignored and counted, other pictures refused") {
  const TemporaryFolder folder;
  for (const Member& m : three_classes()) put(folder / "tree/" + m.name, m.bytes);
  put(folder / "tree/README.txt", std::string("hello"));
  put(folder / "tree/cat/.DS_Store", std::string("x"));
  put(folder / "tree/cat/._1.png", std::string("x"));
  const Pool pool = read(folder / "tree");
  CHECK(boost::json::parse(pool.source).as_object().at("ignored_files").as_int64() == 3);
  put(folder / "tree/cat/4.gif", std::string("GIF89a"));
  CHECK(contains(refusal(folder / "tree"), "cat/4.gif: want PNG or JPEG"));
  boost::filesystem::remove(folder / "tree/cat/4.gif");
  put(folder / "tree/dog/bad.png", std::string("no picture"));
  CHECK(contains(refusal(folder / "tree"), "dog/bad.png: want a PNG or JPEG"));
  boost::filesystem::remove(folder / "tree/dog/bad.png");
  put(folder / "tree/loose.png", flat_png(1));
  CHECK(contains(refusal(folder / "tree"), "loose.png: want each image in the folder"));
}

TEST_CASE("images: too few examples, no images and no input are refused") {
  const TemporaryFolder folder;
  for (const Member& m : three_classes()) put(folder / "tree/" + m.name, m.bytes);
  put(folder / "tree/one/1.png", flat_png(1));
  CHECK(contains(refusal(folder / "tree"), "class one: want at least 2 examples, have 1"));
  CHECK(read(folder / "tree", {"small_classes=skip"}).classes() == 3);
  boost::filesystem::create_directories(folder / "nothing");
  CHECK(contains(refusal(folder / "nothing"), "have none"));
  CHECK_THROWS_AS(read(""), UsageError);
}

TEST_CASE("images: lists of class names split them, and every byte is in the identity") {
  const TemporaryFolder folder;
  for (const Member& m : three_classes()) put(folder / "tree/" + m.name, m.bytes);
  put(folder / "train", std::string("emu\n"));
  put(folder / "val", std::string("cat\n"));
  put(folder / "test", std::string("dog\n"));
  const std::vector<std::string> settings = {"split=lists", "train_list=" + folder / "train",
                                             "val_list=" + folder / "val",
                                             "test_list=" + folder / "test"};
  const Pool pool = read(folder / "tree", settings);
  CHECK(pool.class_split == std::vector<std::uint32_t>{1, 2, 0});
  CHECK(!contains(pool.source, folder.path()));
  put(folder / "tree/emu/1.png", flat_png(9));
  CHECK(read(folder / "tree", settings).source != pool.source);
}
