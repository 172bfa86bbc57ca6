#include <algorithm>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "translation/pair_episodes.hpp"

namespace attune {
namespace {

constexpr std::int64_t kMost = 1 << 20;

// `count` of `rows` in random order, taken out of them.
std::vector<std::uint32_t> take(std::vector<std::uint32_t>& rows, std::size_t count, Rng& rng) {
  std::vector<std::uint32_t> taken;
  std::vector<bool> gone(rows.size(), false);
  for (const std::uint32_t place : rng.choose(rows.size(), count)) {
    taken.push_back(rows[place]);
    gone[place] = true;
  }
  std::vector<std::uint32_t> left;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!gone[i]) left.push_back(rows[i]);
  rows = std::move(left);
  return taken;
}

void want_pairs(const PairPool& pool, std::uint32_t language, const std::string& of,
                std::size_t want, std::size_t have) {
  if (have < want)
    throw UsageError("language " + pool.language_name[language] + ": want " + std::to_string(want) +
                     " " + of + ", have " + std::to_string(have));
}

}  // namespace

PairShape pair_shape(const Config& config, const PairShape& fallback) {
  PairShape shape;
  shape.shots = static_cast<std::uint32_t>(
      config.integer("shots", fallback.shots, {1, kMost}, "support pairs of an episode, K"));
  shape.queries = static_cast<std::uint32_t>(
      config.integer("queries", fallback.queries, {1, kMost}, "sentences to translate"));
  shape.query_sources =
      config.choice("query_sources", fallback.query_sources, {"all", "kept", "held_out"},
                    "which sentences may be queries");
  shape.support_sources = config.texts("support_sources", fallback.support_sources,
                                       "the only sentences that may be support; any where empty");
  return shape;
}

namespace {

bool may_be_support(const PairPool& pool, std::uint32_t pair, const PairShape& shape) {
  const auto& only = shape.support_sources;
  return only.empty() || std::ranges::find(only, pool.source_text(pair)) != only.end();
}

}  // namespace

bool may_be_query(const PairPool& pool, std::uint32_t pair, const PairShape& shape) {
  if (shape.query_sources == "all") return true;
  return (pool.held_out[pool.source_of[pair]] == 1) == (shape.query_sources == "held_out");
}

PairSampler::PairSampler(const PairPool& pool, std::vector<std::uint32_t> languages,
                         PairShape shape, std::uint64_t seed, const std::string& stream)
    : pool_(&pool), begin_(pool.language_begin()), shape_(std::move(shape)), rng_(seed, stream) {
  if (languages.empty()) throw UsageError("episodes: want languages, have none");
  std::map<std::uint32_t, std::vector<std::uint32_t>> groups;
  for (const std::uint32_t language : languages) {
    groups[pool.language_group.at(language)].push_back(language);
    check(language);
  }
  for (auto& [number, members] : groups) groups_.push_back(std::move(members));
}

// Of sentences that may be either, there must be enough for both.
void PairSampler::check(std::uint32_t language) const {
  std::size_t query = 0, support = 0, either = 0;
  for (std::uint32_t i = begin_[language]; i < begin_[language + 1]; ++i) {
    const bool asked = may_be_query(*pool_, i, shape_), told = may_be_support(*pool_, i, shape_);
    query += asked ? 1 : 0;
    support += told ? 1 : 0;
    either += asked || told ? 1 : 0;
  }
  want_pairs(*pool_, language, "pairs that may be queries", shape_.queries, query);
  want_pairs(*pool_, language, "pairs (shots + queries)",
             std::size_t{shape_.shots} + shape_.queries, either);
  want_pairs(*pool_, language, "pairs that may be support", shape_.shots, support);
}

PairEpisode PairSampler::operator()(std::uint64_t number) const {
  std::vector<std::uint32_t> order(groups_.size());
  std::iota(order.begin(), order.end(), 0u);
  rng_.fork("order").at(number / groups_.size()).shuffle(order);
  const std::vector<std::uint32_t>& group = groups_[order[number % groups_.size()]];
  Rng rng = rng_.at(number);
  PairEpisode episode;
  episode.language = group[rng.below(group.size())];
  // Where only some may be support, they are chosen first, or the queries could take them all.
  const bool support_first = !shape_.support_sources.empty();
  if (support_first) episode.support = choose_support(episode, rng);
  std::vector<std::uint32_t> allowed, rest;
  for (std::uint32_t i = begin_[episode.language]; i < begin_[episode.language + 1]; ++i)
    if (std::ranges::find(episode.support, i) == episode.support.end())
      (may_be_query(*pool_, i, shape_) ? allowed : rest).push_back(i);
  episode.query = take(allowed, shape_.queries, rng);
  if (support_first) return episode;
  rest.insert(rest.end(), allowed.begin(), allowed.end());
  episode.support = take(rest, shape_.shots, rng);
  return episode;
}

std::vector<std::uint32_t> PairSampler::choose_support(const PairEpisode& episode, Rng& rng) const {
  std::vector<std::uint32_t> told;
  for (std::uint32_t i = begin_[episode.language]; i < begin_[episode.language + 1]; ++i)
    if (may_be_support(*pool_, i, shape_)) told.push_back(i);
  return take(told, shape_.shots, rng);
}

}  // namespace attune
