#include <algorithm>

#include "base/error.hpp"
#include "episode/episodes.hpp"

namespace attune {
namespace {

constexpr int kAttempts = 100;

// Whether some of `sizes` sum up to at least `support` while the others sum up to `query` or more.
bool can_share(std::span<const std::size_t> sizes, std::size_t support, std::size_t query) {
  std::size_t total = 0, largest = 0;
  for (const std::size_t size : sizes) {
    total += size;
    largest = std::max(largest, size);
  }
  if (support + query > total) return false;
  const std::size_t most = total - query;  // for the support
  // Groups added one by one pass `support` by less than the largest of them.
  if (support == 0 || support + largest <= most + 1) return true;
  std::vector<bool> reached(most + 1, false);
  reached[0] = true;
  for (const std::size_t size : sizes) {
    for (std::size_t sum = most + 1; sum-- > size;) {
      if (reached[sum - size]) reached[sum] = true;
    }
  }
  return std::find(reached.begin() + static_cast<std::ptrdiff_t>(support), reached.end(), true) !=
         reached.end();
}

std::size_t lack(std::size_t want, std::size_t have) { return want > have ? want - have : 0; }

void check_shape(const EpisodeShape& shape) {
  if (shape.ways < 2 || shape.shots < 1 || shape.queries < 1) {
    throw UsageError("episodes: want ways ≥ 2, shots ≥ 1, queries ≥ 1, have " +
                     std::to_string(shape.ways) + ", " + std::to_string(shape.shots) + ", " +
                     std::to_string(shape.queries));
  }
  constexpr std::uint64_t most = 1 << 24;
  const std::uint64_t per_class = std::uint64_t{shape.shots} + shape.queries;
  if (per_class > most || per_class * shape.ways > most) {
    throw UsageError("episodes: want at most 2^24 examples per episode, have more");
  }
}

}  // namespace

EpisodeSampler::EpisodeSampler(const Pool& pool, std::vector<std::uint32_t> classes,
                               EpisodeShape shape, std::uint64_t seed, const std::string& stream)
    : pool_(&pool), begin_(pool.class_begin()), shape_(shape), rng_(seed, stream) {
  check_shape(shape);
  std::sort(classes.begin(), classes.end());
  const std::size_t need = std::size_t{shape.shots} + shape.queries;
  for (const std::uint32_t c : classes) {
    if (c >= pool.classes())
      throw Error("class " + std::to_string(c) + ": want a class of the pool");
    if (begin_[c + 1] - begin_[c] < need) {
      throw UsageError("class \"" + pool.class_name[c] + "\": want " + std::to_string(need) +
                       " examples (shots + queries), have " +
                       std::to_string(begin_[c + 1] - begin_[c]));
    }
    GroupSizes groups;
    if (shape.distinct_groups) {
      for (std::uint32_t row = begin_[c]; row < begin_[c + 1]; ++row) ++groups[pool.group[row]];
      std::vector<std::size_t> sizes;
      for (const auto& [group, size] : groups) sizes.push_back(size);
      if (!can_share(sizes, shape.shots, shape.queries)) {
        ++left_out_;
        continue;
      }
    }
    classes_.push_back(c);
    groups_.push_back(std::move(groups));
  }
  if (std::adjacent_find(classes_.begin(), classes_.end()) != classes_.end()) {
    throw Error("classes: want every class once, have one twice");
  }
  if (classes_.size() < shape.ways) {
    throw UsageError(
        "ways: want at least " + std::to_string(shape.ways) + " classes, have " +
        std::to_string(classes_.size()) +
        (left_out_ ? " whose groups can be shared out, and " + std::to_string(left_out_) + " others"
                   : ""));
  }
}

bool EpisodeSampler::share_out(const GroupSizes& groups, Sides& sides, Rng& rng) const {
  std::size_t support = shape_.shots, query = shape_.queries;  // still lacking
  std::vector<std::uint32_t> open;
  for (const auto& [group, size] : groups) {
    const auto settled = sides.find(group);
    if (settled == sides.end()) {
      open.push_back(group);
    } else if (settled->second == Side::support) {
      support = lack(support, size);
    } else {
      query = lack(query, size);
    }
  }
  rng.shuffle(open);
  std::vector<std::size_t> sizes;
  for (const std::uint32_t group : open) sizes.push_back(groups.at(group));
  if (!can_share(sizes, support, query)) return false;
  for (std::size_t i = 0; i < open.size() && support + query > 0; ++i) {
    const std::span<const std::size_t> rest(sizes.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                            sizes.end());
    bool to_support = rng.below(support + query) < support;
    if (to_support) {
      to_support = can_share(rest, lack(support, sizes[i]), query);
    } else {
      to_support = !can_share(rest, support, lack(query, sizes[i]));
    }
    sides[open[i]] = to_support ? Side::support : Side::query;
    std::size_t& lacking = to_support ? support : query;
    lacking = lack(lacking, sizes[i]);
  }
  return true;
}

std::vector<std::uint32_t> EpisodeSampler::draw_classes(std::uint64_t number, Sides& sides,
                                                        Rng& rng) const {
  if (!shape_.distinct_groups) {
    std::vector<std::uint32_t> drawn = rng.choose(classes_.size(), shape_.ways);
    for (std::uint32_t& c : drawn) c = classes_[c];
    return drawn;
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    sides.clear();
    std::vector<std::uint32_t> drawn;
    for (const std::uint32_t i : rng.choose(classes_.size(), classes_.size())) {
      if (share_out(groups_[i], sides, rng)) drawn.push_back(classes_[i]);
      if (drawn.size() == shape_.ways) return drawn;
    }
  }
  throw UsageError("episode " + std::to_string(number) + ": want " + std::to_string(shape_.ways) +
                   " classes whose support and query share no group, have fewer in " +
                   std::to_string(kAttempts) + " attempts");
}

void EpisodeSampler::draw_examples(std::uint32_t c, const Sides& sides, Rng& rng,
                                   Episode& episode) const {
  const std::uint32_t begin = begin_[c], end = begin_[c + 1];
  std::vector<std::uint32_t> support, query;
  if (!shape_.distinct_groups) {
    support = rng.choose(end - begin, std::size_t{shape_.shots} + shape_.queries);
    for (std::uint32_t& row : support) row += begin;
    query.assign(support.begin() + shape_.shots, support.end());
    support.resize(shape_.shots);
  } else {
    std::vector<std::uint32_t> support_rows, query_rows;
    for (std::uint32_t row = begin; row < end; ++row) {
      const auto side = sides.find(pool_->group[row]);
      if (side == sides.end()) continue;
      (side->second == Side::support ? support_rows : query_rows).push_back(row);
    }
    for (const std::uint32_t i : rng.choose(support_rows.size(), shape_.shots)) {
      support.push_back(support_rows[i]);
    }
    for (const std::uint32_t i : rng.choose(query_rows.size(), shape_.queries)) {
      query.push_back(query_rows[i]);
    }
  }
  episode.support.insert(episode.support.end(), support.begin(), support.end());
  episode.query.insert(episode.query.end(), query.begin(), query.end());
}

Episode EpisodeSampler::operator()(std::uint64_t number) const {
  Rng rng = rng_.at(number);
  Sides sides;
  Episode episode;
  episode.classes = draw_classes(number, sides, rng);
  for (std::uint32_t label = 0; label < shape_.ways; ++label) {
    draw_examples(episode.classes[label], sides, rng, episode);
    episode.support_labels.insert(episode.support_labels.end(), shape_.shots, label);
    episode.query_labels.insert(episode.query_labels.end(), shape_.queries, label);
  }
  return episode;
}

}  // namespace attune
