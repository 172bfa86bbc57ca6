#include "translation/pair_episodes.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <set>

#include "base/error.hpp"
#include "store/temporary.hpp"
#include "translation/tiny_pairs.hpp"

using namespace attune;

TEST_CASE("an episode is of one language, its pairs differ, and it hangs on its number alone") {
  const PairPool pool = tiny_pairs();
  const PairSampler sampler(pool, {0, 1, 2}, {6, 4, "all"}, 7, "train");
  for (std::uint64_t e = 0; e < 50; ++e) {
    const PairEpisode episode = sampler(e), again = sampler(e);
    CHECK(episode.support == again.support);
    CHECK(episode.query == again.query);
    std::set<std::uint32_t> rows(episode.support.begin(), episode.support.end());
    rows.insert(episode.query.begin(), episode.query.end());
    CHECK(rows.size() == 10);
    for (const std::uint32_t row : rows) CHECK(pool.language[row] == episode.language);
  }
  CHECK(sampler(0).query != PairSampler(pool, {0, 1, 2}, {6, 4, "all"}, 8, "train")(0).query);
}

TEST_CASE("a group of languages comes as often as a language on its own, in random order") {
  const PairPool pool = tiny_pairs();
  const PairSampler sampler(pool, {0, 1, 2}, {1, 1, "all"}, 0, "train");
  std::map<std::uint32_t, int> count;
  std::set<bool> first_is_c;
  for (std::uint64_t e = 0; e < 400; ++e) {
    ++count[sampler(e).language];
    if (e % 2 == 0) first_is_c.insert(sampler(e).language == 2);
  }
  CHECK(count[2] == 200);
  CHECK(count[0] > 70);
  CHECK(count[1] > 70);
  CHECK(first_is_c.size() == 2);
}

TEST_CASE("held-out sources are queries where they are asked for, and support everywhere") {
  const PairPool pool = tiny_pairs();
  bool supported = false;
  for (const std::string sources : {"kept", "held_out"}) {
    const PairSampler sampler(pool, {2}, {5, 2, sources}, 0, "train");
    for (std::uint64_t e = 0; e < 20; ++e) {
      const PairEpisode episode = sampler(e);
      for (const std::uint32_t row : episode.query)
        CHECK((pool.held_out[pool.source_of[row]] == 1) == (sources == "held_out"));
      for (const std::uint32_t row : episode.support)
        supported = supported || pool.held_out[pool.source_of[row]] == 1;
    }
  }
  CHECK(supported);
  CHECK_THROWS_WITH_AS(PairSampler(pool, {2}, {5, 3, "held_out"}, 0, "x"),
                       doctest::Contains("language c: want 3 pairs that may be queries, have 2"),
                       UsageError);
  CHECK_THROWS_WITH_AS(PairSampler(pool, {2}, {8, 3, "all"}, 0, "x"),
                       doctest::Contains("want 11 pairs (shots + queries), have 10"), UsageError);
  CHECK_THROWS_AS(PairSampler(pool, {}, {1, 1, "all"}, 0, "x"), UsageError);
}

TEST_CASE("frozen episodes come back as they were written and are held to their pool") {
  const Temporary folder;
  PairPool pool = tiny_pairs();
  write_pairs(folder / "pairs.h5", pool);
  PairEpisodeFile file = draw_pair_episodes(pool, "test", {4, 2, "kept"}, 6, 3);
  const std::string hash = write_pair_episodes(folder / "test.h5", file);
  const PairEpisodeFile back = read_pair_episodes(folder / "test.h5");
  check_pair_episodes(back, pool);
  CHECK(back.hash == hash);
  CHECK(back.title == "tiny:test");
  REQUIRE(back.episodes.size() == 6);
  for (std::size_t e = 0; e < 6; ++e) {
    CHECK(back.episodes[e].language == 4);
    CHECK(back.episodes[e].support == file.episodes[e].support);
    CHECK(back.episodes[e].query == file.episodes[e].query);
  }
  const auto says = [&](const std::function<void(PairEpisodeFile&)>& spoil, const char* wanted) {
    PairEpisodeFile spoilt = back;
    spoil(spoilt);
    CHECK_THROWS_WITH_AS(check_pair_episodes(spoilt, pool), doctest::Contains(wanted), Error);
  };
  says([](PairEpisodeFile& f) { f.pool_hash = "0"; }, "pairs_sha256: want");
  says([](PairEpisodeFile& f) { f.episodes[1].query[0] = f.episodes[1].support[0]; },
       "episode 1: want different pairs");
  says([](PairEpisodeFile& f) { f.episodes[1].query.pop_back(); }, "want 4 shots and 2 queries");
  says([](PairEpisodeFile& f) { f.episodes[1].language = 0; }, "want a language of split test");
  says([](PairEpisodeFile& f) { f.episodes[1].support[0] = 3; }, "want pairs of e, have row 3");
  says([](PairEpisodeFile& f) { f.episodes[1].support[0] = 999; }, "have row 999");
  says([](PairEpisodeFile& f) { f.shape.query_sources = "held_out"; }, "want queries of held_out");
  says([](PairEpisodeFile& f) { f.shape.query_sources = "some"; }, "want all, kept or held_out");
  says([](PairEpisodeFile& f) { f.episodes.clear(); }, "want episodes, have none");
}

TEST_CASE("named sources alone are support, and queries take none of it") {
  const PairPool pool = tiny_pairs();
  PairShape shape{2, 6, "all"};
  shape.support_sources = {"s1", "s4", "s7"};
  const PairSampler sampler(pool, {0, 1, 2}, shape, 5, "test");
  for (std::uint64_t e = 0; e < 60; ++e) {
    const PairEpisode episode = sampler(e);
    std::set<std::uint32_t> rows(episode.query.begin(), episode.query.end());
    for (const std::uint32_t row : episode.support) {
      const std::string& source = pool.source_text(row);
      CHECK((source == "s1" || source == "s4" || source == "s7"));
      CHECK(!rows.contains(row));
    }
    CHECK(episode.support.size() == 2);
    CHECK(rows.size() == 6);
  }
  shape.shots = 4;
  CHECK_THROWS_WITH_AS(PairSampler(pool, {0}, shape, 5, "test"),
                       "language a: want 4 pairs that may be support, have 3", UsageError);
}
