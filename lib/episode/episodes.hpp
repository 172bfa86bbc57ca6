#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "episode/pool.hpp"

namespace attune {

// Shape of classification episodes.
struct EpisodeShape {
  std::uint32_t ways = 5, shots = 1, queries = 15;  // N, K, queries per class; all ≥ 1, ways ≥ 2
  bool distinct_groups =
      false;  // support and query of an episode share no group (font face, drawer)
  std::uint32_t support() const { return ways * shots; }
  std::uint32_t query() const { return ways * queries; }
};

// One episode: rows of the pool. Class n's support at [n·K, (n+1)·K), its queries at [n·Qn,
// (n+1)·Qn); the label of an item is its class's place 0…N−1 in the episode.
struct Episode {
  std::vector<std::uint32_t> classes, support, query;
  std::vector<std::uint32_t> support_labels, query_labels;
};

// Draws episodes from some classes of a pool. Episode number e is a pure function of (seed, stream,
// e): N classes uniformly in random order, of each K + Qn different examples uniformly.
//
// With distinct_groups every group of the pool is support, query or unused in an episode. Classes
// come in random order; each shares out those of its groups that no earlier class has settled, in
// random order, to the side in proportion to what it still lacks, as far as both sides can then
// still be filled; it settles no more groups than it needs. A class that the settled groups leave
// too few examples is passed over for this episode. Classes that could never be shared out (of 20
// examples in groups of 4, 5 and 15 cannot be had) are left out; left_out() counts them.
// UsageError when a class has fewer than K + Qn examples, or there are fewer than N classes.
class EpisodeSampler {
 public:
  // Keeps a reference to the pool.
  EpisodeSampler(const Pool& pool, std::vector<std::uint32_t> classes, EpisodeShape shape,
                 std::uint64_t seed, const std::string& stream);
  Episode operator()(std::uint64_t number) const;
  const EpisodeShape& shape() const { return shape_; }
  std::size_t left_out() const { return left_out_; }

 private:
  enum class Side { support, query };
  using Sides = std::map<std::uint32_t, Side>;              // of the groups settled so far
  using GroupSizes = std::map<std::uint32_t, std::size_t>;  // examples of one class per group

  bool share_out(const GroupSizes& groups, Sides& sides, Rng& rng) const;
  std::vector<std::uint32_t> draw_classes(std::uint64_t number, Sides& sides, Rng& rng) const;
  void draw_examples(std::uint32_t c, const Sides& sides, Rng& rng, Episode& episode) const;

  const Pool* pool_;
  std::vector<std::uint32_t> classes_, begin_;
  std::vector<GroupSizes> groups_;  // of each of classes_, empty without distinct_groups
  EpisodeShape shape_;
  std::size_t left_out_ = 0;
  Rng rng_;
};

// Frozen episodes on disk (kind "attune-episodes", version 1):
//   /support uint32 (E,S), /query uint32 (E,Q): rows of the pool; /classes uint32 (E,N)
//   attributes: pool_sha256, ways, shots, queries, seed, split, distinct_groups, replacement,
//   classes_left_out (EpisodeSampler::left_out), title, about
// The pool is a file of its own; its hash is checked when both are opened together.
struct EpisodeFile {
  EpisodeShape shape;
  std::uint64_t seed = 0;
  std::string split, pool_hash, title;
  bool with_replacement = true;
  std::uint32_t classes_left_out = 0;
  std::vector<std::uint32_t> classes, support, query;  // E×N, E×S, E×Q
  std::string hash;                                    // content hash once written or read
  std::string origin;  // the file it was read from or written to, for messages

  std::size_t count() const { return shape.ways ? classes.size() / shape.ways : 0; }
  Episode episode(std::size_t number) const;  // Error when out of range
};
// `count` episodes of a split; seed below 2^63. Without replacement across episodes no example is
// used twice in the file; UsageError with the largest possible number when `count` is more than the
// pool allows, and for distinct_groups, whose largest number no one can compute in reasonable time.
EpisodeFile draw_episodes(const Pool& pool, const std::string& split, EpisodeShape shape,
                          std::size_t count, std::uint64_t seed, bool with_replacement);
// The largest number of episodes of `ways` different classes when class c can serve in `serves[c]`.
std::uint64_t largest_packing(const std::vector<std::uint64_t>& serves, std::uint32_t ways);

std::string write_episodes(const std::string& path, EpisodeFile& file);  // sets and returns hash
EpisodeFile read_episodes(const std::string& path);
// Error unless the two belong together and every promise of the file holds in the pool.
void check_episodes(const EpisodeFile& file, const Pool& pool);

}  // namespace attune
