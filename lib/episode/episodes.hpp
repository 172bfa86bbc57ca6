#pragma once
#include <cstdint>
#include <span>
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

// Draws episodes from some classes of a pool. Episode number e is a pure function of (seed, e).
// Error when a class has fewer than shots+queries examples (or groups don't suffice), or classes <
// ways.
class EpisodeSampler {
 public:
  EpisodeSampler(const Pool& pool, std::vector<std::uint32_t> classes, EpisodeShape shape,
                 std::uint64_t seed, const std::string& stream);
  Episode operator()(std::uint64_t number) const;
  const EpisodeShape& shape() const { return shape_; }

 private:
  const Pool* pool_;
  std::vector<std::uint32_t> classes_, begin_;
  EpisodeShape shape_;
  Rng rng_;
};

// Frozen episodes on disk (kind "attune-episodes", version 1):
//   /support uint32 (E,S), /query uint32 (E,Q): rows of the pool; /classes uint32 (E,N)
//   attributes: pool_sha256, ways, shots, queries, seed, split, distinct_groups, replacement, title
// The pool is a file of its own; its hash is checked when both are opened together.
struct EpisodeFile {
  EpisodeShape shape;
  std::uint64_t seed = 0;
  std::string split, pool_hash, title;
  bool with_replacement = true;
  std::vector<std::uint32_t> classes, support, query;  // E×N, E×S, E×Q
  std::string hash;

  std::size_t count() const { return shape.ways ? classes.size() / shape.ways : 0; }
  Episode episode(std::size_t number) const;  // Error when out of range
};
// Without replacement across episodes no example is used twice in the file; UsageError with the
// largest possible number when `count` is more than the pool allows.
EpisodeFile draw_episodes(const Pool& pool, const std::string& split, EpisodeShape shape,
                          std::size_t count, std::uint64_t seed, bool with_replacement);
std::string write_episodes(const std::string& path, EpisodeFile& file);
EpisodeFile read_episodes(const std::string& path);
void check_episodes(const EpisodeFile& file,
                    const Pool& pool);  // Error unless they belong together

}  // namespace attune
