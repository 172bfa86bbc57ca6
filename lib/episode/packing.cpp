// Frozen episode files are drawn here: independent episodes, or ones that share no example.
#include <algorithm>

#include "base/error.hpp"
#include "episode/episodes.hpp"

namespace attune {
namespace {

void append(EpisodeFile& file, const Episode& episode) {
  file.classes.insert(file.classes.end(), episode.classes.begin(), episode.classes.end());
  file.support.insert(file.support.end(), episode.support.begin(), episode.support.end());
  file.query.insert(file.query.end(), episode.query.begin(), episode.query.end());
}

// Whether `episodes` sets of `ways` different classes exist: no class is in more of them than it
// can serve, nor twice in one.
bool fits(const std::vector<std::uint64_t>& serves, std::uint32_t ways, std::uint64_t episodes) {
  std::uint64_t places = 0;
  for (const std::uint64_t times : serves) places += std::min(times, episodes);
  return places / ways >= episodes;
}

// The classes (as indices of `serves`) of the next of `episodes` remaining episodes. A class that
// can serve in all of them loses a place whether it is drawn or not, so enough of these must be
// drawn that the rest still fits; beyond that the draw is uniform.
std::vector<std::uint32_t> next_classes(const std::vector<std::uint64_t>& serves,
                                        std::uint32_t ways, std::uint64_t episodes, Rng& rng) {
  std::vector<std::uint32_t> order, urgent, drawn;
  std::uint64_t places = 0;
  for (std::uint32_t c = 0; c < serves.size(); ++c) {
    if (serves[c] > 0) order.push_back(c);
    places += std::min(serves[c], episodes);
  }
  const std::uint64_t spare = places - ways * episodes;
  rng.shuffle(order);
  for (const std::uint32_t c : order) {
    if (serves[c] >= episodes) urgent.push_back(c);
  }
  const std::size_t forced = urgent.size() > spare ? urgent.size() - spare : 0;
  const auto is_urgent = [&](std::uint32_t c) { return serves[c] >= episodes; };
  std::size_t taken =
      static_cast<std::size_t>(std::count_if(order.begin(), order.begin() + ways, is_urgent));
  drawn.assign(order.begin(), order.begin() + ways);
  // Trade drawn classes that could wait for urgent ones, both the last of a random order.
  for (std::size_t place = ways; taken < forced && place-- > 0;) {
    if (is_urgent(drawn[place])) continue;
    drawn[place] = urgent[taken++];
  }
  rng.shuffle(drawn);
  return drawn;
}

void draw_disjoint(const Pool& pool, const std::vector<std::uint32_t>& classes, std::size_t count,
                   EpisodeFile& file) {
  const std::size_t need = std::size_t{file.shape.shots} + file.shape.queries;
  const std::vector<std::uint32_t> begin = pool.class_begin();
  std::vector<std::uint64_t> serves;
  for (const std::uint32_t c : classes) serves.push_back((begin[c + 1] - begin[c]) / need);
  const std::uint64_t largest = largest_packing(serves, file.shape.ways);
  if (count > largest) {
    throw UsageError("episodes: want at most " + std::to_string(largest) +
                     " episodes without replacement, have " + std::to_string(count));
  }
  const Rng rng(file.seed, "disjoint/" + file.split);
  std::vector<std::vector<std::uint32_t>> unused;  // examples of each class, in random order
  for (const std::uint32_t c : classes) {
    const std::uint32_t size = begin[c + 1] - begin[c];
    unused.push_back(rng.fork("examples").at(c).choose(size, size));
    for (std::uint32_t& row : unused.back()) row += begin[c];
  }
  for (std::size_t e = 0; e < count; ++e) {
    Rng draw = rng.at(e);
    Episode episode;
    for (const std::uint32_t i : next_classes(serves, file.shape.ways, count - e, draw)) {
      --serves[i];
      episode.classes.push_back(classes[i]);
      const auto end = unused[i].end(), from = end - static_cast<std::ptrdiff_t>(need);
      episode.support.insert(episode.support.end(), from, from + file.shape.shots);
      episode.query.insert(episode.query.end(), from + file.shape.shots, end);
      unused[i].erase(from, end);
    }
    append(file, episode);
  }
}

}  // namespace

std::uint64_t largest_packing(const std::vector<std::uint64_t>& serves, std::uint32_t ways) {
  std::uint64_t low = 0, high = 1;
  for (const std::uint64_t times : serves) high += times;
  while (high - low > 1) {  // `low` fits, `high` does not
    const std::uint64_t middle = low + (high - low) / 2;
    (fits(serves, ways, middle) ? low : high) = middle;
  }
  return low;
}

EpisodeFile draw_episodes(const Pool& pool, const std::string& split, EpisodeShape shape,
                          std::size_t count, std::uint64_t seed, bool with_replacement) {
  if (count == 0) throw UsageError("episodes: want at least 1, have 0");
  if (seed > INT64_MAX) throw UsageError("seed: want a number below 2^63, have a larger one");
  if (!with_replacement && shape.distinct_groups) {
    throw UsageError("distinct groups: want episodes with replacement, have without");
  }
  const std::vector<std::uint32_t> classes = classes_of_split(pool, split);
  const EpisodeSampler sampler(pool, classes, shape, seed, "episodes/" + split);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 30;
  if (count > kMost / (std::uint64_t{shape.support()} + shape.query())) {
    throw UsageError("episodes: want at most 2^30 examples in all of them, have more");
  }
  EpisodeFile file;
  file.shape = shape;
  file.seed = seed;
  file.split = split;
  file.pool_hash = pool.hash;
  file.title = pool.title;
  file.with_replacement = with_replacement;
  file.classes_left_out = static_cast<std::uint32_t>(sampler.left_out());
  if (with_replacement) {
    for (std::size_t e = 0; e < count; ++e) append(file, sampler(e));
  } else {
    draw_disjoint(pool, classes, count, file);
  }
  return file;
}

}  // namespace attune
