#include "translation/pair_pool.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "base/error.hpp"
#include "store/temporary.hpp"
#include "translation/likeness.hpp"
#include "translation/plain_form.hpp"
#include "translation/tiny_pairs.hpp"

using namespace attune;

TEST_CASE("a pool of pairs comes back as it was written") {
  const Temporary folder;
  PairPool pool = tiny_pairs();
  pool.target[7] = "ยี่สิบ เอ็ด";
  const std::string hash = write_pairs(folder / "pairs.h5", pool);
  const PairPool back = read_pairs(folder / "pairs.h5");
  CHECK(hash.size() == 64);
  CHECK(back.hash == hash);
  CHECK(back.source == pool.source);
  CHECK(back.held_out == pool.held_out);
  CHECK(back.language == pool.language);
  CHECK(back.source_of == pool.source_of);
  CHECK(back.target == pool.target);
  CHECK(back.language_name == pool.language_name);
  CHECK(back.language_split == pool.language_split);
  CHECK(back.language_group == pool.language_group);
  CHECK(back.title == "tiny");
  CHECK(back.language_begin() == std::vector<std::uint32_t>{0, 10, 20, 30, 40, 50});
  CHECK(back.source_text(13) == "s3");
  write_pairs(folder / "again.h5", pool);
  CHECK(bytes_of(folder / "pairs.h5") == bytes_of(folder / "again.h5"));
}

TEST_CASE("every broken promise of a pool of pairs is named") {
  check_pairs(tiny_pairs());
  const auto says = [](const std::function<void(PairPool&)>& spoil, const std::string& wanted) {
    PairPool pool = tiny_pairs();
    spoil(pool);
    CHECK_THROWS_WITH_AS(check_pairs(pool), doctest::Contains(wanted.c_str()), Error);
  };
  says([](PairPool& p) { p.source[2] = "s1"; }, "/source/text: want each text once");
  says([](PairPool& p) { p.source[2] = ""; }, "is empty, in row 2");
  says([](PairPool& p) { p.held_out.pop_back(); }, "/source/held_out: want 10 values, have 9");
  says([](PairPool& p) { p.held_out[0] = 2; }, "/source/held_out: want 0 or 1");
  says([](PairPool& p) { p.target.pop_back(); }, "/pairs/language: want 49 values");
  says([](PairPool& p) { p.target[3] = "a\tb"; }, "/pairs/target: want printable UTF-8");
  says([](PairPool& p) { p.language[0] = 1; }, "languages 0, 1, 2");
  says([](PairPool& p) { p.source_of[1] = 0; }, "each sentence once per language, have 0 again");
  says([](PairPool& p) { p.source_of[1] = 10; }, "a sentence below 10");
  says([](PairPool& p) { p.language_name.push_back("f"); }, "/language/name: want 5 values");
  says([](PairPool& p) { p.language_name[1] = "a"; }, "/language/name: want each text once");
  says([](PairPool& p) { p.language_split[4] = 3; }, "/language/split: want 0, 1 or 2");
  says([](PairPool& p) { p.language_split[1] = 2; }, "want languages of one group in one split");
  says([](PairPool& p) { p.target.clear(), p.language.clear(), p.source_of.clear(); },
       "want pairs, have none");
}

TEST_CASE("likeness worked out by hand: only sources that both languages have count") {
  PairPool pool = tiny_pairs(3);
  // a against b: "a0" and "b0" share one letter of two.
  const std::vector<AlikePair> all = all_likenesses(pool);
  CHECK(all.size() == 10);
  CHECK(all[0].likeness == doctest::Approx(0.5));
  CHECK(most_alike_across_splits(pool, all).likeness == doctest::Approx(0.5));
  CHECK(near_duplicates(pool, all, 0.5) == std::vector<std::uint32_t>{0, 0, 0, 3, 4});
  CHECK(near_duplicates(pool, all, 0.51) == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
  pool.language_split = {0, 0, 0, 0, 0};
  CHECK(most_alike_across_splits(pool, all).likeness == 0);
}

TEST_CASE("the plain form drops what is not seen, composes, and sets single spaces") {
  CHECK(plain_form("ein\u00adund\u200bzwanzig") == "einundzwanzig");
  CHECK(plain_form("e\u0301") == "é");
  CHECK(plain_form(" \t a \u00a0 b\n") == "a b");
  CHECK(plain_form("\u00ad") == "");
  CHECK_THROWS_AS(plain_form("\xff"), Error);
}
