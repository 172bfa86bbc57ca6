#include "translation/likeness.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "metric/code_points.hpp"

namespace attune {
namespace {

constexpr std::size_t kSources = 100;

using Decoded = std::map<std::uint32_t, std::u32string>;  // targets of one language, by source

std::vector<Decoded> decode(const PairPool& pool) {
  std::vector<Decoded> languages(pool.languages());
  for (std::size_t i = 0; i < pool.pairs(); ++i)
    languages[pool.language[i]][pool.source_of[i]] = code_points(pool.target[i]);
  return languages;
}

double mean_similarity(const Decoded& a, const Decoded& b) {
  std::vector<std::uint32_t> shared;
  for (const auto& [source, target] : a)
    if (b.contains(source)) shared.push_back(source);
  const std::size_t count = std::min(shared.size(), kSources);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t source = shared[i * shared.size() / count];
    sum += edit_similarity(a.at(source), b.at(source));
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

std::vector<AlikePair> all_likenesses(const PairPool& pool) {
  const std::vector<Decoded> languages = decode(pool);
  std::vector<AlikePair> pairs;
  for (std::uint32_t a = 0; a < languages.size(); ++a)
    for (std::uint32_t b = a + 1; b < languages.size(); ++b)
      pairs.push_back({a, b, mean_similarity(languages[a], languages[b])});
  return pairs;
}

AlikePair most_alike_across_splits(const PairPool& pool, const std::vector<AlikePair>& all) {
  AlikePair most;
  for (const AlikePair& pair : all)
    if (pool.language_split[pair.a] != pool.language_split[pair.b] && pair.likeness > most.likeness)
      most = pair;
  return most;
}

std::vector<std::uint32_t> near_duplicates(const PairPool& pool, const std::vector<AlikePair>& all,
                                           double least) {
  std::vector<std::uint32_t> group(pool.languages());
  std::iota(group.begin(), group.end(), 0u);
  for (const AlikePair& pair : all) {
    if (pair.likeness < least || pool.language_split[pair.a] != pool.language_split[pair.b])
      continue;
    const std::uint32_t kept = std::min(group[pair.a], group[pair.b]);
    const std::uint32_t gone = std::max(group[pair.a], group[pair.b]);
    std::ranges::replace(group, gone, kept);
  }
  return group;
}

}  // namespace attune
