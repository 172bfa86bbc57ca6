#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/rng.hpp"
#include "translation/pair_pool.hpp"

namespace attune {

// Shape of translation episodes: K support pairs and some queries of one language, all different.
struct PairShape {
  std::uint32_t shots = 20, queries = 5;
  // Sources that may be queries: "all", "kept" (those not held out) or "held_out". Any may be
  // support.
  std::string query_sources = "all";
  // The only sources that may be support; any where empty. Not part of the file.
  std::vector<std::string> support_sources = {};
};
// Keys "shots", "queries", "query_sources", "support_sources".
PairShape pair_shape(const Config& config, const PairShape& fallback);

// One episode: rows of the pool, of one language.
struct PairEpisode {
  std::uint32_t language = 0;
  std::vector<std::uint32_t> support, query;  // K, Q
};

// Draws episodes from some languages of a pool. Episode number e is a pure function of (seed,
// stream, e). Every group of near-duplicate languages comes once in each row of as many episodes as
// there are groups, in random order, so that a mean over whole rows is the macro average; of the
// group a language is drawn uniformly, of the language first the queries, then the support.
// UsageError when there is no language, or one has too few pairs.
class PairSampler {
 public:
  // Keeps a reference to the pool.
  PairSampler(const PairPool& pool, std::vector<std::uint32_t> languages, PairShape shape,
              std::uint64_t seed, const std::string& stream);
  PairEpisode operator()(std::uint64_t number) const;

 private:
  void check(std::uint32_t language) const;
  std::vector<std::uint32_t> choose_support(const PairEpisode& episode, Rng& rng) const;

  const PairPool* pool_;
  std::vector<std::vector<std::uint32_t>> groups_;  // languages of each
  std::vector<std::uint32_t> begin_;
  PairShape shape_;
  Rng rng_;
};

// Whether a pair may be a query.
bool may_be_query(const PairPool& pool, std::uint32_t pair, const PairShape& shape);

// Frozen episodes on disk (kind "attune-pair-episodes", version 1):
//   /language uint32 (E): of the pool; /support uint32 (E,K), /query uint32 (E,Q): its pairs
//   attributes: pairs_sha256, shots, queries, query_sources, seed, split, title, about
struct PairEpisodeFile {
  PairShape shape;
  std::uint64_t seed = 0;
  std::string split, pool_hash, title;
  std::vector<PairEpisode> episodes;
  std::string hash;    // content hash once written or read
  std::string origin;  // the file it was read from or written to, for messages
};
PairEpisodeFile draw_pair_episodes(const PairPool& pool, const std::string& split, PairShape shape,
                                   std::size_t count, std::uint64_t seed);
// Checks first; sets and returns the hash.
std::string write_pair_episodes(const std::string& path, PairEpisodeFile& file);
PairEpisodeFile read_pair_episodes(const std::string& path);
// Error unless the two belong together and every promise of the file holds in the pool.
void check_pair_episodes(const PairEpisodeFile& file, const PairPool& pool);

}  // namespace attune
