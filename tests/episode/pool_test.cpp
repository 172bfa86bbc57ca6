#include "episode/pool.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <limits>

#include "base/error.hpp"
#include "episode/tiny_pool.hpp"
#include "store/h5.hpp"
#include "store/temporary.hpp"

using namespace attune;

namespace {

Pool table_pool() {
  Pool pool = tiny_pool({{0, 0}, {0}, {0, 0, 0}}, false);
  pool.example_shape = {2};
  pool.pixels.clear();
  for (int i = 0; i < 12; ++i) pool.features.push_back(0.1f * static_cast<float>(i));
  return pool;
}

// Three texts of two classes: "a b", "b" and "" with the second's word marked.
Pool text_pool() {
  Pool pool = tiny_pool({{0, 0}, {0}}, false);
  pool.pixels.clear();
  pool.tokens.word = {"", "a", "b"};
  pool.tokens.token = {1, 2, 2, 0};
  pool.tokens.begin = {0, 2, 3, 4};
  pool.tokens.mark = {0, 0, 2, 0};
  pool.tokens.text = {"A b", "b!", ""};
  pool.example_shape = {2, 2};
  return pool;
}

// What check_pool says of `pool` after `spoil`.
std::string complaint(Pool pool, const std::function<void(Pool&)>& spoil) {
  spoil(pool);
  try {
    check_pool(pool);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a pool of images comes back as it was written") {
  const Temporary folder;
  Pool pool = tiny_pool({{0, 1}, {1}, {0, 2, 1}}, false);
  pool.group_name = {"pen", "", "brush"};
  pool.source = std::string(40000, ' ') + "{}";  // longer than an attribute
  const std::string hash = write_pool(folder / "pool.h5", pool);
  const Pool back = read_pool(folder / "pool.h5");
  CHECK(hash.size() == 64);
  CHECK(pool.hash == hash);
  CHECK(back.hash == hash);
  CHECK(back.example_shape == pool.example_shape);
  CHECK(back.pixels == pool.pixels);
  CHECK(back.features.empty());
  CHECK(back.y == pool.y);
  CHECK(back.group == pool.group);
  CHECK(back.class_name == pool.class_name);
  CHECK(back.class_split == pool.class_split);
  CHECK(back.class_of_origin == pool.class_of_origin);
  CHECK(back.group_name == pool.group_name);
  CHECK(back.title == pool.title);
  CHECK(back.source == pool.source);
  CHECK(back.class_begin() == std::vector<std::uint32_t>{0, 2, 3, 6});
}

TEST_CASE("a pool of features comes back as it was written, equal pools are equal bytes") {
  const Temporary folder;
  Pool pool = table_pool(), same = table_pool();
  write_pool(folder / "one.h5", pool);
  write_pool(folder / "two.h5", same);
  CHECK(bytes_of(folder / "one.h5") == bytes_of(folder / "two.h5"));
  const Pool back = read_pool(folder / "one.h5");
  CHECK(back.features == pool.features);
  CHECK(back.pixels.empty());
  CHECK(back.example_shape == std::vector<std::uint32_t>{2});
  CHECK(back.group_name.empty());
  same.features[5] += 1;
  CHECK(write_pool(folder / "two.h5", same) != pool.hash);
}

TEST_CASE("a pool of texts comes back as it was written, with and without marks") {
  const Temporary folder;
  Pool pool = text_pool(), plain = text_pool();
  plain.tokens.mark.clear();
  plain.example_shape = {1, 2};
  for (Pool* one : {&pool, &plain}) {
    write_pool(folder / "pool.h5", *one);
    const Pool back = read_pool(folder / "pool.h5");
    CHECK(back.hash == one->hash);
    CHECK(back.is_text());
    CHECK(back.example_shape == one->example_shape);
    CHECK(back.tokens.word == one->tokens.word);
    CHECK(back.tokens.token == one->tokens.token);
    CHECK(back.tokens.begin == one->tokens.begin);
    CHECK(back.tokens.mark == one->tokens.mark);
    CHECK(back.tokens.text == one->tokens.text);
    CHECK(back.pixels.empty());
    CHECK(back.features.empty());
  }
  CHECK(pool.hash != plain.hash);
  CHECK_FALSE(table_pool().is_text());
}

TEST_CASE("splits are named, joined by a plus, and class-disjoint") {
  const Pool pool = even_pool(7, 1, false);
  CHECK(classes_of_split(pool, "train") == std::vector<std::uint32_t>{0, 3, 6});
  CHECK(classes_of_split(pool, "val") == std::vector<std::uint32_t>{1, 4});
  CHECK(classes_of_split(pool, "test") == std::vector<std::uint32_t>{2, 5});
  CHECK(classes_of_split(pool, "val+train") == std::vector<std::uint32_t>{0, 1, 3, 4, 6});
  CHECK(classes_of_split(even_pool(2, 1), "test").empty());
  for (const char* wrong : {"", "validation", "train+", "train+train", "+", "Train"}) {
    CHECK_THROWS_AS(classes_of_split(pool, wrong), UsageError);
  }
}

TEST_CASE("every broken promise is named") {
  const Pool images = tiny_pool({{0, 1}, {1}, {0, 2, 1}}, false), table = table_pool();
  check_pool(images);
  check_pool(table);
  const auto images_say = [&](const std::function<void(Pool&)>& spoil, const std::string& text) {
    CHECK_MESSAGE(complaint(images, spoil).find(text) != std::string::npos,
                  complaint(images, spoil));
  };
  images_say([](Pool& p) { p.example_shape = {2, 2}; }, "/pool/x: want examples of 1 or 3 axes");
  images_say([](Pool& p) { p.example_shape = {1, 0, 2}; }, "/pool/x: want examples with values");
  images_say([](Pool& p) { p.pixels.pop_back(); }, "/pool/x: want 24 values, have 23");
  images_say([](Pool& p) { p.features.push_back(0); }, "/pool/x: want 0 values, have 1");
  images_say([](Pool& p) { p = tiny_pool({}); }, "/pool/x: want examples, have none");
  images_say([](Pool& p) { p.y[0] = 1; }, "/pool/y: want classes 0, 1, 2, … one after the other");
  images_say([](Pool& p) { p.y[5] = 3; }, "/pool/class_name: want 4 values, have 3");
  images_say([](Pool& p) { p.y[5] = 0; }, "have 0 in row 5");
  images_say([](Pool& p) { p.y = {0, 0, 2, 2, 2, 2}; }, "have 2 in row 2");
  images_say([](Pool& p) { p.class_name.push_back("d"); }, "/pool/class_name: want 3 values");
  images_say([](Pool& p) { p.class_name[1] = p.class_name[0]; }, "want unique names");
  images_say([](Pool& p) { p.class_name[1] = "a\tb"; }, "/pool/class_name: want printable UTF-8");
  images_say([](Pool& p) { p.class_name[1] = "\xff"; }, "/pool/class_name: want printable UTF-8");
  images_say([](Pool& p) { p.group.pop_back(); }, "/pool/group: want 6 values, have 5");
  images_say([](Pool& p) { p.group_name = {"a", "b"}; }, "/pool/group: want a group below 2");
  images_say([](Pool& p) { p.class_split[2] = 3; }, "/pool/class_split: want 0, 1 or 2, have 3");
  images_say([](Pool& p) { p.class_split.clear(); }, "/pool/class_split: want 3 values");
  images_say([](Pool& p) { p.class_of_origin.clear(); }, "/pool/class_of_origin: want 3 values");
  images_say([](Pool& p) { p.class_of_origin[1] = 0; },
             "want classes of one origin in one split, have \"class 0\" in train and \"class 1\" "
             "in val");
  CHECK(complaint(table, [](Pool& p) {
          p.features[7] = std::numeric_limits<float>::quiet_NaN();
        }) == "pool: /pool/x: want finite values, have nan in row 3");
}

TEST_CASE("every broken promise of texts is named") {
  const Pool texts = text_pool();
  check_pool(texts);
  const auto say = [&](const std::function<void(Pool&)>& spoil, const std::string& text) {
    CHECK_MESSAGE(complaint(texts, spoil).find(text) != std::string::npos, complaint(texts, spoil));
  };
  say([](Pool& p) { p.tokens.token[1] = 3; }, "/pool/token: want words below 3, have 3");
  say([](Pool& p) { p.tokens.word[2] = "a"; }, "/pool/word: want unique words, have two of \"a\"");
  say([](Pool& p) { p.tokens.word[2] = "\xff"; }, "/pool/word: want printable UTF-8");
  say([](Pool& p) { p.tokens.word[2] = "a\tb"; }, "/pool/word: want printable UTF-8");
  say([](Pool& p) { p.tokens.begin[0] = 1; }, "/pool/token_begin: want a first value 0, have 1");
  say([](Pool& p) { p.tokens.begin[1] = 4; }, "/pool/token_begin: want values that grow by 1");
  say([](Pool& p) { p.tokens.begin[2] = 2; }, "have 2 after 2");
  say([](Pool& p) { p.tokens.begin[3] = 5; }, "/pool/token_begin: want a last value 4, have 5");
  say([](Pool& p) { p.tokens.begin.pop_back(); }, "/pool/token_begin: want 4 values, have 3");
  say([](Pool& p) { p.tokens.mark[0] = 3; }, "/pool/token_mark: want 0, 1 or 2, have 3");
  say([](Pool& p) { p.tokens.mark.pop_back(); }, "/pool/token_mark: want 4 values, have 3");
  say([](Pool& p) { p.tokens.text[0] = "\xc3("; }, "/pool/text: want UTF-8, have other bytes");
  say([](Pool& p) { p.tokens.text.pop_back(); }, "/pool/text_begin: want 4 values, have 3");
  say([](Pool& p) { p.example_shape = {2, 3}; }, "/pool/token: want examples of 2 times 2 values");
  say([](Pool& p) { p.pixels = {1}; }, "/pool/x: want 0 values, have 1");
}

TEST_CASE("a broken pool is not written, and a file of another shape is not read") {
  const Temporary folder;
  Pool pool = even_pool(2, 2);
  pool.class_split[0] = 9;
  CHECK_THROWS_WITH_AS(write_pool(folder / "pool.h5", pool),
                       doctest::Contains("pool.h5: /pool/class_split: want 0, 1 or 2, have 9"),
                       Error);
  CHECK_FALSE(boost::filesystem::exists(folder / "pool.h5"));
  store::Writer writer(folder / "odd.h5", "attune-pool", 1);
  const std::vector<std::uint32_t> zero = {0};
  for (const char* name : {"y", "group", "class_split", "class_of_origin"}) {
    writer.write<std::uint32_t>(std::string("/pool/") + name, {1}, zero, "");
  }
  const std::vector<std::string> name = {"a"};
  writer.write<std::string>("/pool/class_name", {1}, name, "");
  writer.write<std::string>("/pool/group_name", {1, 1}, name, "");
  writer.commit();
  CHECK_THROWS_WITH_AS(read_pool(folder / "odd.h5"),
                       doctest::Contains("odd.h5: /pool/group_name: want 1 axis, have 2"), Error);
}
