#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/raw_files.hpp"
#include "dataset/reader.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

// 32 x 32, all pixels of one colour.
Bytes colour(std::uint8_t red, std::uint8_t green, std::uint8_t blue, std::uint32_t side = 32) {
  Bytes rows;
  for (std::uint32_t i = 0; i < side * side; ++i) rows.insert(rows.end(), {red, green, blue});
  PngLook look;
  look.colour = PNG_COLOR_TYPE_RGB;
  return make_png(side, side, rows, look);
}

Member file(const std::string& name, const Bytes& bytes) { return {name, bytes, AE_IFREG, ""}; }
Member file(const std::string& name, const std::string& text) {
  return file(name, Bytes(text.begin(), text.end()));
}

// As the release is laid out, lists last; images stored out of order.
std::vector<Member> release() {
  std::vector<Member> members;
  for (const std::string name : {"whale", "apple", "bee", "unlisted"})
    for (const std::string image : {"b", "a"})
      members.push_back(file("cifar100/data/" + name + "/" + image + ".png",
                             colour(static_cast<std::uint8_t>(name[0]), image == "a" ? 1 : 2, 9)));
  members.push_back(file("__MACOSX/cifar100/data/apple/._a.png", "x"));
  members.push_back(file("cifar100/data/apple/notes.txt", "x"));
  members.push_back(file("cifar100/splits/bertinetto/train.txt", "whale\nbee\n"));
  members.push_back(file("cifar100/splits/bertinetto/val.txt", ""));
  members.push_back(file("cifar100/splits/bertinetto/test.txt", "apple"));
  members.push_back(file("cifar100/splits/other/train.txt", "bee"));
  members.push_back(file("cifar100/splits/other/val.txt", "whale"));
  members.push_back(file("cifar100/splits/other/test.txt", "apple"));
  return members;
}

Pool read(const std::vector<Member>& members, const std::string& lists = "other") {
  const TemporaryFolder folder;
  make_archive(folder / "cifar-fs.zip", members);
  Config config = Config::parse(R"({"kind": "cifar_fs", "lists": ")" + lists + "\"}", "test");
  const auto reader = ReaderRegistry::make(config, "");
  config.finish();
  Pool pool = reader->read(folder / "cifar-fs.zip");
  check_pool(pool);
  return pool;
}

std::string refusal(const std::vector<Member>& members, const std::string& lists = "other") {
  return message_of([&] { read(members, lists); });
}

}  // namespace

TEST_CASE("cifar_fs: classes of the lists, sorted, with their colours") {
  const Pool pool = read(release());
  CHECK(pool.example_shape == std::vector<std::uint32_t>{3, 32, 32});
  CHECK(pool.class_name == std::vector<std::string>{"apple", "bee", "whale"});
  CHECK(pool.class_split == std::vector<std::uint32_t>{2, 0, 1});
  CHECK(pool.y == std::vector<std::uint32_t>{0, 0, 1, 1, 2, 2});
  const std::size_t plane = 32 * 32;
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(pool.pixels[3 * plane * i] == pool.class_name[pool.y[i]][0]);
    CHECK(pool.pixels[3 * plane * i + plane] == i % 2 + 1);
    CHECK(pool.pixels[3 * plane * (i + 1) - 1] == 9);
  }
  const auto source = boost::json::parse(pool.source).as_object();
  CHECK(source.at("images").as_int64() == 8);
  CHECK(source.at("val_list_sha256").as_string() == sha256("whale").c_str());
}

TEST_CASE("cifar_fs: an unpacked folder reads the same, with or without its top folder") {
  const Pool zipped = read(release());
  for (const std::string top : {"", "cifar100"}) {
    const TemporaryFolder folder;
    for (const Member& member : release())
      if (member.name.starts_with("cifar100/")) put(folder / member.name, member.bytes);
    Config config = Config::parse(R"({"kind": "cifar_fs", "lists": "other"})", "test");
    const Pool pool = ReaderRegistry::make(config, "")->read(folder / top);
    CHECK(pool.pixels == zipped.pixels);
    CHECK(pool.source == zipped.source);
  }
}

TEST_CASE("cifar_fs: what is missing or wrong is named") {
  CHECK(contains(refusal(release(), "none"), "splits/none/train.txt: want this list"));
  CHECK(contains(refusal(release(), "bertinetto"), "val.txt: want class names"));
  auto members = release();
  members.push_back(file("cifar100/splits/bad/train.txt", "bee\ncat"));
  CHECK(contains(refusal(members, "bad"), "train.txt: cat: want images"));
  members.back() = file("cifar100/splits/bad/train.txt", "bee");
  members.push_back(file("cifar100/splits/bad/val.txt", "bee"));
  members.push_back(file("cifar100/splits/bad/test.txt", "apple"));
  CHECK(contains(refusal(members, "bad"), "val.txt: bee: want each class in one split"));
  members = release();
  members.push_back(file("cifar100/data/bee/c.png", colour(1, 2, 3, 31)));
  CHECK(contains(refusal(members), "c.png: want 32 x 32 pixels in 3 channels, have 31 x 31"));
  members.back() = file("cifar100/data/bee/deep/c.png", colour(1, 2, 3));
  CHECK(contains(refusal(members), "want data/<class>/<image>.png"));
  CHECK(contains(refusal({file("readme", "x")}), "have none"));
}
