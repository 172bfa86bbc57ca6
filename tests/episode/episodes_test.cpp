#include "episode/episodes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/error.hpp"
#include "episode/tiny_pool.hpp"
#include "store/h5.hpp"
#include "store/temporary.hpp"

using namespace attune;

namespace {

// The largest number of sets of `ways` different classes by trying everything.
std::uint64_t brute_packing(std::vector<std::uint64_t> serves, std::uint32_t ways) {
  std::uint64_t best = 0;
  const std::size_t classes = serves.size();
  for (std::uint32_t subset = 0; subset < 1u << classes; ++subset) {
    if (static_cast<std::uint32_t>(__builtin_popcount(subset)) != ways) continue;
    std::vector<std::uint64_t> rest = serves;
    bool possible = true;
    for (std::size_t c = 0; c < classes; ++c) {
      if (!(subset >> c & 1)) continue;
      possible = possible && rest[c] > 0;
      if (possible) --rest[c];
    }
    if (possible) best = std::max(best, 1 + brute_packing(rest, ways));
  }
  return best;
}

bool no_example_twice(const EpisodeFile& file) {
  std::set<std::uint32_t> seen(file.support.begin(), file.support.end());
  seen.insert(file.query.begin(), file.query.end());
  return seen.size() == file.support.size() + file.query.size();
}

struct Frozen {
  Temporary folder;
  Pool pool = tiny_pool(std::vector<std::vector<std::uint32_t>>(9, {0, 0, 1, 1, 2, 2}), false);
  EpisodeFile file;
  explicit Frozen(EpisodeShape shape = {2, 1, 2, false}) {
    write_pool(folder / "pool.h5", pool);
    file = draw_episodes(pool, "train+val", shape, 7, 3, true);
  }
  std::string complaint(const std::function<void(EpisodeFile&)>& spoil) const {
    EpisodeFile spoilt = file;
    spoil(spoilt);
    try {
      check_episodes(spoilt, pool);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
};

}  // namespace

TEST_CASE("frozen episodes come back as they were drawn and belong to their pool") {
  Frozen frozen({2, 1, 2, true});
  const std::string path = frozen.folder / "episodes.h5", hash = write_episodes(path, frozen.file);
  const EpisodeFile back = read_episodes(path);
  check_episodes(back, frozen.pool);
  check_episodes(back, read_pool(frozen.folder / "pool.h5"));
  CHECK(back.hash == hash);
  CHECK(frozen.file.hash == hash);
  CHECK(back.count() == 7);
  CHECK(back.shape.ways == 2);
  CHECK(back.shape.shots == 1);
  CHECK(back.shape.queries == 2);
  CHECK(back.shape.distinct_groups);
  CHECK(back.with_replacement);
  CHECK(back.seed == 3);
  CHECK(back.split == "train+val");
  CHECK(back.title == "tiny");
  CHECK(back.pool_hash == frozen.pool.hash);
  CHECK(back.classes == frozen.file.classes);
  CHECK(back.support == frozen.file.support);
  CHECK(back.query == frozen.file.query);
  const Episode third = back.episode(3);
  CHECK(third.classes == std::vector<std::uint32_t>{back.classes[6], back.classes[7]});
  CHECK(third.query_labels == std::vector<std::uint32_t>{0, 0, 1, 1});
  CHECK(third.support_labels == std::vector<std::uint32_t>{0, 1});
  CHECK_THROWS_AS(back.episode(7), Error);
}

TEST_CASE("the file holds what the sampler draws, by number") {
  const Frozen frozen;
  const EpisodeSampler sampler(frozen.pool, classes_of_split(frozen.pool, "train+val"),
                               frozen.file.shape, 3, "episodes/train+val");
  for (std::size_t e = 0; e < 7; ++e) {
    CHECK(frozen.file.episode(e).support == sampler(e).support);
    CHECK(frozen.file.episode(e).query == sampler(e).query);
  }
  const EpisodeFile longer =
      draw_episodes(frozen.pool, "train+val", frozen.file.shape, 20, 3, true);
  CHECK(std::equal(frozen.file.query.begin(), frozen.file.query.end(), longer.query.begin()));
}

TEST_CASE("equal draws are equal bytes, other seeds, splits and pools other hashes") {
  Frozen frozen;
  const auto& folder = frozen.folder;
  const auto write = [&](const std::string& name, const std::string& split, std::uint64_t seed,
                         const Pool& pool) {
    EpisodeFile file = draw_episodes(pool, split, frozen.file.shape, 7, seed, true);
    return write_episodes(folder / name, file);
  };
  const std::string first = write("a.h5", "train", 1, frozen.pool);
  CHECK(write("b.h5", "train", 1, frozen.pool) == first);
  CHECK(bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5"));
  Pool other = frozen.pool;
  other.pixels[0] = 99;
  write_pool(folder / "other.h5", other);
  const std::set<std::string> hashes = {first, write("b.h5", "train", 2, frozen.pool),
                                        write("b.h5", "val", 1, frozen.pool),
                                        write("b.h5", "train", 1, other)};
  CHECK(hashes.size() == 4);
}

TEST_CASE("episodes that do not fit their pool are refused, naming what") {
  const Frozen frozen({2, 1, 2, true});
  const auto says = [&](const std::function<void(EpisodeFile&)>& spoil, const std::string& text) {
    CHECK_MESSAGE(frozen.complaint(spoil).find(text) != std::string::npos, frozen.complaint(spoil));
  };
  CHECK(frozen.complaint([](EpisodeFile&) {}) == "no error");
  says([](EpisodeFile& f) { f.pool_hash = "x"; }, "pool_sha256: want " + frozen.pool.hash);
  says([](EpisodeFile& f) { f.support[0] = 4000; }, "/support: want examples of class");
  says([](EpisodeFile& f) { std::swap(f.query[0], f.query[3]); }, "/query: want examples of class");
  says([](EpisodeFile& f) { f.query[0] = f.query[1]; },
       "episode 0: want different classes and examples");
  says([](EpisodeFile& f) { f.classes[1] = f.classes[0]; }, "episode 0: want different classes");
  says([](EpisodeFile& f) { f.split = "test"; }, "/classes: want classes of split test");
  says([](EpisodeFile& f) { f.query.pop_back(); }, "/query: want 7 × 4 numbers, have 27");
  says([](EpisodeFile& f) { f.classes.clear(); }, "/classes: want episodes, have none");
  says([](EpisodeFile& f) { f.shape.ways = 1; }, "shape: want ways ≥ 2");
  says([](EpisodeFile& f) { f.with_replacement = false; }, "want no example in two episodes");
  says([](EpisodeFile& f) { f.query[0] = f.support[0] ^ 1; },  // groups are pairs of rows
       "episode 0: want no group in both support and query");
}

TEST_CASE("a file of another shape than its attributes say is refused") {
  const Temporary folder;
  store::Writer writer(folder / "odd.h5", "attune-episodes", 1);
  for (const char* name : {"shots", "queries", "distinct_groups", "replacement"}) {
    writer.attribute(name, std::int64_t{1});
  }
  writer.attribute("ways", std::int64_t{2});
  writer.attribute("classes_left_out", std::int64_t{0});
  writer.attribute("seed", std::int64_t{0});
  for (const char* name : {"split", "pool_sha256", "title"}) writer.attribute(name, "train");
  const std::vector<std::uint32_t> three = {0, 1, 2};
  writer.write<std::uint32_t>("/classes", {1, 3}, three, "");
  writer.commit();
  CHECK_THROWS_WITH_AS(read_episodes(folder / "odd.h5"),
                       doctest::Contains("odd.h5: /classes: want (episodes,2)"), Error);
}

TEST_CASE("the largest packing is the largest: compared with trying everything") {
  Rng rng(4, "packing");
  for (int trial = 0; trial < 120; ++trial) {
    std::vector<std::uint64_t> serves(3 + rng.below(3));
    for (std::uint64_t& times : serves) times = rng.below(4);
    const auto ways = static_cast<std::uint32_t>(2 + rng.below(2));
    CHECK(largest_packing(serves, ways) == brute_packing(serves, ways));
  }
  CHECK(largest_packing({}, 5) == 0);
  CHECK(largest_packing(std::vector<std::uint64_t>(423, 1), 5) == 84);
}

TEST_CASE("without replacement the largest number is reached, and one more is a usage error") {
  Rng rng(8, "disjoint");
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<std::vector<std::uint32_t>> sizes;
    std::vector<std::uint64_t> serves;
    for (std::uint64_t c = 0, classes = 4 + rng.below(6); c < classes; ++c) {
      sizes.emplace_back(3 + rng.below(15), 0);
      serves.push_back(sizes.back().size() / 3);
    }
    const Pool pool = tiny_pool(sizes);
    const EpisodeShape shape{static_cast<std::uint32_t>(2 + rng.below(3)), 1, 2, false};
    const std::uint64_t largest = largest_packing(serves, shape.ways);
    const EpisodeFile file = draw_episodes(pool, "train", shape, largest, 6, false);
    CHECK(file.count() == largest);
    CHECK(no_example_twice(file));
    check_episodes(file, pool);
    CHECK_THROWS_WITH_AS(draw_episodes(pool, "train", shape, largest + 1, 6, false),
                         ("episodes: want at most " + std::to_string(largest) +
                          " episodes without replacement, have " + std::to_string(largest + 1))
                             .c_str(),
                         UsageError);
  }
}

TEST_CASE("without replacement classes and examples are drawn evenly") {
  const Pool pool = even_pool(10, 6);
  std::vector<int> support(60), first(10);
  for (std::uint64_t seed = 0; seed < 1200; ++seed) {
    const EpisodeFile file = draw_episodes(pool, "train", {3, 1, 2, false}, 2, seed, false);
    for (const std::uint32_t row : file.support) ++support[row];
    ++first[file.classes[0]];
  }
  for (const int count : support) CHECK(count == doctest::Approx(120).epsilon(0.4));
  for (const int count : first) CHECK(count == doctest::Approx(120).epsilon(0.4));
}

TEST_CASE("impossible numbers are usage errors") {
  const Pool pool = even_pool(4, 6);
  CHECK_THROWS_AS(draw_episodes(pool, "train", {2, 1, 1, false}, 0, 1, true), UsageError);
  CHECK_THROWS_AS(draw_episodes(pool, "train", {2, 1, 1, false}, 1, UINT64_MAX, true), UsageError);
  CHECK_THROWS_AS(draw_episodes(pool, "train", {2, 1, 1, false}, SIZE_MAX, 1, true), UsageError);
  CHECK_THROWS_AS(draw_episodes(pool, "train", {2, 1, 1, true}, 1, 1, false), UsageError);
  CHECK_THROWS_AS(draw_episodes(pool, "test", {2, 1, 1, false}, 1, 1, true), UsageError);
  CHECK_THROWS_AS(draw_episodes(pool, "tset", {2, 1, 1, false}, 1, 1, true), UsageError);
}

TEST_CASE("a row beyond the pool is refused whatever lies there in memory") {
  Frozen frozen;
  std::vector<std::uint32_t>& y = frozen.pool.y;
  const auto rows = static_cast<std::uint32_t>(y.size());
  for (std::uint32_t i = 0; i < frozen.file.classes.size(); ++i) {
    // Behind the last label the storage holds the label that is asked for.
    const std::uint32_t label = frozen.file.classes[i], row = rows + i;
    y.resize(2 * rows, label);
    y.resize(rows);
    const std::string want = ": want examples of class " + std::to_string(label) + ", have row " +
                             std::to_string(row) + " of the pool";
    const std::string support = frozen.complaint([&](EpisodeFile& f) { f.support[i] = row; });
    const std::string query = frozen.complaint([&](EpisodeFile& f) { f.query[2 * i] = row; });
    CHECK_MESSAGE(support.find("/support" + want) != std::string::npos, support);
    CHECK_MESSAGE(query.find("/query" + want) != std::string::npos, query);
  }
}
