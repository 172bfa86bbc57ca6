#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <set>

#include "base/error.hpp"
#include "episode/episodes.hpp"
#include "episode/tiny_pool.hpp"

using namespace attune;

namespace {

std::vector<std::uint32_t> all_classes(const Pool& pool) { return classes_of_split(pool, "train"); }

// Pearson's test that counts are uniform: the p-value.
double uniform_p(const std::vector<double>& counts) {
  double total = 0, statistic = 0;
  for (const double count : counts) total += count;
  const double want = total / static_cast<double>(counts.size());
  for (const double count : counts) statistic += (count - want) * (count - want) / want;
  const boost::math::chi_squared law(static_cast<double>(counts.size() - 1));
  return boost::math::cdf(boost::math::complement(law, statistic));
}

std::vector<double> values_of(const std::map<std::vector<std::uint32_t>, double>& counts) {
  std::vector<double> values;
  for (const auto& [key, count] : counts) values.push_back(count);
  return values;
}

void check_episode(const Pool& pool, const EpisodeShape& shape, const Episode& episode) {
  REQUIRE(episode.classes.size() == shape.ways);
  REQUIRE(episode.support.size() == shape.support());
  REQUIRE(episode.query.size() == shape.query());
  CHECK(std::set(episode.classes.begin(), episode.classes.end()).size() == shape.ways);
  std::set<std::uint32_t> items(episode.support.begin(), episode.support.end());
  items.insert(episode.query.begin(), episode.query.end());
  CHECK(items.size() == shape.support() + shape.query());
  for (std::uint32_t i = 0; i < shape.support(); ++i) {
    CHECK(episode.support_labels[i] == i / shape.shots);
    CHECK(pool.y[episode.support[i]] == episode.classes[i / shape.shots]);
  }
  for (std::uint32_t i = 0; i < shape.query(); ++i) {
    CHECK(episode.query_labels[i] == i / shape.queries);
    CHECK(pool.y[episode.query[i]] == episode.classes[i / shape.queries]);
  }
}

bool groups_apart(const Pool& pool, const Episode& episode) {
  std::set<std::uint32_t> groups;
  for (const std::uint32_t row : episode.support) groups.insert(pool.group[row]);
  return std::none_of(episode.query.begin(), episode.query.end(),
                      [&](std::uint32_t row) { return groups.count(pool.group[row]) > 0; });
}

bool same(const Episode& a, const Episode& b) {
  return a.classes == b.classes && a.support == b.support && a.query == b.query;
}

// Whether some set of support groups serves all the classes: tries all subsets of the groups.
bool can_serve(const Pool& pool, const std::vector<std::uint32_t>& classes, std::size_t shots,
               std::size_t queries, std::uint32_t group_count) {
  for (std::uint32_t subset = 0; subset < 1u << group_count; ++subset) {
    bool serves = true;
    for (const std::uint32_t c : classes) {
      std::size_t support = 0, query = 0;
      for (std::size_t i = 0; i < pool.y.size(); ++i) {
        if (pool.y[i] == c) ++(subset >> pool.group[i] & 1 ? support : query);
      }
      serves = serves && support >= shots && query >= queries;
    }
    if (serves) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an episode has the shape asked for and is a function of seed, stream and number") {
  const Pool pool = even_pool(9, 8);
  const EpisodeShape shape{5, 2, 3, false};
  const EpisodeSampler one(pool, all_classes(pool), shape, 11, "train"),
      two(pool, all_classes(pool), shape, 11, "train"),
      seeded(pool, all_classes(pool), shape, 12, "train"),
      renamed(pool, all_classes(pool), shape, 11, "val");
  int equal = 0;
  for (std::uint64_t e = 0; e < 200; ++e) {
    check_episode(pool, shape, one(e));
    CHECK(same(one(e), two(199 - (199 - e))));
    equal += same(one(e), seeded(e)) + same(one(e), renamed(e)) + same(one(e), one(e + 1));
  }
  CHECK(equal == 0);
  CHECK(one.left_out() == 0);
}

TEST_CASE("every episode of a tiny pool is equally likely") {
  // 3 classes of 3 examples, 2-way 1-shot 1-query: 6 orders of classes × (3·2)² choices = 216.
  const Pool pool = even_pool(3, 3);
  const EpisodeSampler sampler(pool, all_classes(pool), {2, 1, 1, false}, 5, "tiny");
  std::map<std::vector<std::uint32_t>, double> counts;
  for (std::uint64_t e = 0; e < 43200; ++e) {
    const Episode episode = sampler(e);
    std::vector<std::uint32_t> key = episode.support;
    key.insert(key.end(), episode.query.begin(), episode.query.end());
    ++counts[key];
  }
  CHECK(counts.size() == 216);
  CHECK(uniform_p(values_of(counts)) > 1e-4);
}

TEST_CASE("classes and examples are uniform, also by place, for uneven classes") {
  std::vector<std::vector<std::uint32_t>> sizes;
  for (std::size_t c = 0; c < 12; ++c) sizes.emplace_back(4 + c, 0);
  const Pool pool = tiny_pool(sizes);
  const EpisodeSampler sampler(pool, all_classes(pool), {3, 1, 2, false}, 3, "uneven");
  std::vector<std::vector<double>> places(3, std::vector<double>(12));
  std::vector<double> of_last_class(15);
  for (std::uint64_t e = 0; e < 12000; ++e) {
    const Episode episode = sampler(e);
    for (std::size_t label = 0; label < 3; ++label) ++places[label][episode.classes[label]];
    for (const std::uint32_t row : episode.query) {
      if (pool.y[row] == 11) ++of_last_class[row - (pool.y.size() - 15)];
    }
  }
  for (const auto& place : places) CHECK(uniform_p(place) > 1e-4);
  CHECK(uniform_p(of_last_class) > 1e-4);
}

TEST_CASE("distinct groups: never shared, classes and examples uniform when groups are alike") {
  std::vector<std::vector<std::uint32_t>> groups;
  for (std::uint32_t c = 0; c < 8; ++c) {  // two alphabets of their own six drawers
    const std::uint32_t base = c < 4 ? 0 : 6;
    groups.push_back({base, base + 1, base + 2, base + 3, base + 4, base + 5});
  }
  const Pool pool = tiny_pool(groups);
  const EpisodeShape shape{4, 1, 3, true};
  const EpisodeSampler sampler(pool, all_classes(pool), shape, 9, "groups");
  std::vector<double> classes(8), support(48), query(48);
  for (std::uint64_t e = 0; e < 6000; ++e) {
    const Episode episode = sampler(e);
    check_episode(pool, shape, episode);
    CHECK(groups_apart(pool, episode));
    CHECK(same(episode, sampler(e)));
    for (const std::uint32_t c : episode.classes) ++classes[c];
    for (const std::uint32_t row : episode.support) ++support[row];
    for (const std::uint32_t row : episode.query) ++query[row];
  }
  // Rows of one episode hang together, so only rough agreement is asked of them.
  CHECK(uniform_p(classes) > 1e-4);
  for (std::size_t row = 0; row < 48; ++row) {
    CHECK(support[row] == doctest::Approx(500).epsilon(0.25));
    CHECK(query[row] == doctest::Approx(1500).epsilon(0.12));
  }
}

TEST_CASE("distinct groups: left_out counts exactly the classes that no subset of groups serves") {
  Rng rng(21, "random pools");
  int left_out = 0, drawn = 0;
  for (int trial = 0; trial < 150; ++trial) {
    std::vector<std::vector<std::uint32_t>> groups(5);
    for (auto& of_class : groups) {
      of_class.resize(6 + rng.below(4));
      const std::uint64_t kinds = 1 + rng.below(5);
      for (std::uint32_t& group : of_class) group = static_cast<std::uint32_t>(rng.below(kinds));
    }
    const Pool pool = tiny_pool(groups);
    const EpisodeShape shape{2, 2, 4, true};
    std::size_t lost = 0;
    std::vector<std::uint32_t> able;
    for (std::uint32_t c = 0; c < 5; ++c) {
      if (can_serve(pool, {c}, 2, 4, 5)) {
        able.push_back(c);
      } else {
        ++lost;
      }
    }
    if (able.size() < 2) {
      CHECK_THROWS_AS(EpisodeSampler(pool, all_classes(pool), shape, 1, "x"), UsageError);
      continue;
    }
    const EpisodeSampler sampler(pool, all_classes(pool), shape, 1, "x");
    CHECK(sampler.left_out() == lost);
    left_out += static_cast<int>(lost);
    bool any_pair = false;
    for (const std::uint32_t a : able) {
      for (const std::uint32_t b : able) any_pair |= a < b && can_serve(pool, {a, b}, 2, 4, 5);
    }
    if (!any_pair) {
      CHECK_THROWS_AS(sampler(0), UsageError);
      continue;
    }
    for (std::uint64_t e = 0; e < 20; ++e, ++drawn) {
      const Episode episode = sampler(e);
      check_episode(pool, shape, episode);
      CHECK(groups_apart(pool, episode));
    }
  }
  CHECK(left_out > 50);
  CHECK(drawn > 500);
}

TEST_CASE("distinct groups: an exact division is found where there is one") {
  // 20 examples in groups of 15, 2 and 3: only {2, 3} gives 5 and leaves 15.
  std::vector<std::uint32_t> one(20, 0);
  for (std::size_t i = 15; i < 20; ++i) one[i] = i < 17 ? 1 : 2;
  const Pool pool = tiny_pool({one, one, one});
  const EpisodeSampler sampler(pool, all_classes(pool), {3, 5, 15, true}, 2, "exact");
  for (std::uint64_t e = 0; e < 50; ++e) CHECK(groups_apart(pool, sampler(e)));
}

TEST_CASE("distinct groups: a large group serves the one shot no more often than a small one") {
  // Per class, in groups of its own, 6 examples in one group and 5 alone; 1 shot and 4 queries. The
  // k-th group in random order goes to the support, if none of the first k−1 did, with chance
  // 1/(6−k): for the large one 4/5·3/4·… · 1/(6−k) = 1/5 at each place but the last, where it is
  // not needed any more. So its chance is 5/6·1/5 = 1/6, that of each of the others.
  std::vector<std::vector<std::uint32_t>> groups;
  for (std::uint32_t c = 0; c < 2; ++c) {
    groups.emplace_back(6, 10 * c);
    for (std::uint32_t g = 1; g <= 5; ++g) groups.back().push_back(10 * c + g);
  }
  const Pool pool = tiny_pool(groups);
  const EpisodeSampler sampler(pool, all_classes(pool), {2, 1, 4, true}, 4, "sizes");
  std::vector<double> served(6);
  for (std::uint64_t e = 0; e < 6000; ++e)
    for (const std::uint32_t row : sampler(e).support) ++served[pool.group[row] % 10];
  CHECK(uniform_p(served) > 1e-4);
}

TEST_CASE("what can't be drawn is a usage error that names the numbers") {
  const Pool pool = even_pool(4, 5);
  const auto make = [&](EpisodeShape shape) {
    EpisodeSampler(pool, all_classes(pool), shape, 1, "x");
  };
  CHECK_THROWS_WITH_AS(make({5, 1, 1, false}), "ways: want at least 5 classes, have 4", UsageError);
  CHECK_THROWS_WITH_AS(make({2, 2, 4, false}),
                       "class \"class 0\": want 6 examples (shots + queries), have 5", UsageError);
  CHECK_THROWS_AS(make({1, 1, 1, false}), UsageError);
  CHECK_THROWS_AS(make({2, 0, 1, false}), UsageError);
  CHECK_THROWS_AS(make({2, 1, 0, false}), UsageError);
  CHECK_THROWS_AS(make({4294967295u, 4294967295u, 4294967295u, false}), UsageError);
  CHECK_THROWS_AS(EpisodeSampler(pool, {0, 1, 1}, EpisodeShape{2, 1, 1, false}, 1, "x"), Error);
  CHECK_THROWS_AS(EpisodeSampler(pool, {0, 4}, EpisodeShape{2, 1, 1, false}, 1, "x"), Error);
  const Pool alone = tiny_pool({{0, 0, 0}, {0, 0, 0}, {0, 1, 1}, {1, 0, 0}});
  CHECK_THROWS_WITH_AS(
      EpisodeSampler(alone, {0, 1, 2}, EpisodeShape{2, 1, 1, true}, 1, "x"),
      "ways: want at least 2 classes, have 1 whose groups can be shared out, and 2 others",
      UsageError);
}
