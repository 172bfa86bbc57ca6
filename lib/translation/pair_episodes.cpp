#include "translation/pair_episodes.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/splits.hpp"
#include "store/h5.hpp"

namespace attune {
namespace {

constexpr const char* kKind = "attune-pair-episodes";
constexpr int kVersion = 1;

[[noreturn]] void fail(const PairEpisodeFile& file, const std::string& object,
                       const std::string& want, const std::string& have) {
  throw Error((file.origin.empty() ? "episodes" : file.origin) + ": " + object + ": want " + want +
              ", have " + have);
}

void check_alone(const PairEpisodeFile& file) {
  if (file.episodes.empty()) fail(file, "/language", "episodes", "none");
  const auto& sources = file.shape.query_sources;
  if (sources != "all" && sources != "kept" && sources != "held_out")
    fail(file, "query_sources", "all, kept or held_out", sources);
  for (std::size_t e = 0; e < file.episodes.size(); ++e) {
    const PairEpisode& episode = file.episodes[e];
    const std::string name = "episode " + std::to_string(e);
    if (episode.support.size() != file.shape.shots || episode.query.size() != file.shape.queries)
      fail(file, name,
           std::to_string(file.shape.shots) + " shots and " + std::to_string(file.shape.queries) +
               " queries",
           std::to_string(episode.support.size()) + " and " + std::to_string(episode.query.size()));
    std::set<std::uint32_t> seen(episode.support.begin(), episode.support.end());
    seen.insert(episode.query.begin(), episode.query.end());
    if (seen.size() != episode.support.size() + episode.query.size())
      fail(file, name, "different pairs", "repeated ones");
  }
}

// (E,width) of one side of the episodes.
std::vector<std::uint32_t> side(const PairEpisodeFile& file,
                                std::vector<std::uint32_t> PairEpisode::*rows) {
  std::vector<std::uint32_t> table;
  for (const PairEpisode& episode : file.episodes)
    table.insert(table.end(), (episode.*rows).begin(), (episode.*rows).end());
  return table;
}

std::uint32_t size_attribute(const store::Reader& reader, const std::string& name) {
  const std::int64_t value = reader.integer_attribute(name);
  if (value < 1 || value > 1 << 20)
    throw Error(reader.path() + ": attribute " + name + ": want 1 to 2^20, have " +
                std::to_string(value));
  return static_cast<std::uint32_t>(value);
}

void read_side(const store::Reader& reader, const std::string& name, std::uint32_t width,
               PairEpisodeFile& file, std::vector<std::uint32_t> PairEpisode::*rows) {
  if (reader.dims(name) != store::Dims{file.episodes.size(), width})
    throw Error(reader.path() + ": " + name + ": want (" + std::to_string(file.episodes.size()) +
                "," + std::to_string(width) + "), have another shape");
  const auto table = reader.read<std::uint32_t>(name);
  for (std::size_t e = 0; e < file.episodes.size(); ++e) {
    const auto first = table.begin() + static_cast<std::ptrdiff_t>(e * width);
    (file.episodes[e].*rows).assign(first, first + width);
  }
}

}  // namespace

PairEpisodeFile draw_pair_episodes(const PairPool& pool, const std::string& split, PairShape shape,
                                   std::size_t count, std::uint64_t seed) {
  const PairSampler sampler(pool, places_of_split(pool.language_split, split), shape, seed,
                            "frozen");
  PairEpisodeFile file;
  file.shape = std::move(shape);
  file.seed = seed;
  file.split = split;
  file.pool_hash = pool.hash;
  file.title = pool.title + ":" + split;
  for (std::size_t e = 0; e < count; ++e) file.episodes.push_back(sampler(e));
  return file;
}

std::string write_pair_episodes(const std::string& path, PairEpisodeFile& file) {
  file.origin = path;
  check_alone(file);
  store::Writer writer(path, kKind, kVersion);
  std::vector<std::uint32_t> languages;
  for (const PairEpisode& episode : file.episodes) languages.push_back(episode.language);
  const std::uint64_t count = languages.size();
  writer.write<std::uint32_t>("/language", {count}, languages, "(episode): language of the pool");
  writer.write<std::uint32_t>("/support", {count, file.shape.shots},
                              side(file, &PairEpisode::support), "(episode, item): pairs");
  writer.write<std::uint32_t>("/query", {count, file.shape.queries},
                              side(file, &PairEpisode::query), "(episode, item): pairs");
  writer.attribute("shots", std::int64_t{file.shape.shots});
  writer.attribute("queries", std::int64_t{file.shape.queries});
  writer.attribute("query_sources", file.shape.query_sources);
  writer.attribute("seed", static_cast<std::int64_t>(file.seed));
  writer.attribute("split", file.split);
  writer.attribute("pairs_sha256", file.pool_hash);
  writer.attribute("title", file.title);
  writer.attribute("about",
                   "Frozen episodes: tables of rows of /pairs of the pool whose attribute "
                   "\"sha256\" is \"pairs_sha256\" here.");
  file.hash = writer.commit();
  return file.hash;
}

PairEpisodeFile read_pair_episodes(const std::string& path) {
  const store::Reader reader(path, kKind, kVersion);
  PairEpisodeFile file;
  file.origin = path;
  file.shape.shots = size_attribute(reader, "shots");
  file.shape.queries = size_attribute(reader, "queries");
  file.shape.query_sources = reader.text_attribute("query_sources");
  file.seed = static_cast<std::uint64_t>(reader.integer_attribute("seed"));
  file.split = reader.text_attribute("split");
  file.pool_hash = reader.text_attribute("pairs_sha256");
  file.title = reader.text_attribute("title");
  for (const std::uint32_t language : reader.read<std::uint32_t>("/language"))
    file.episodes.push_back({language, {}, {}});
  read_side(reader, "/support", file.shape.shots, file, &PairEpisode::support);
  read_side(reader, "/query", file.shape.queries, file, &PairEpisode::query);
  file.hash = reader.hash();
  check_alone(file);
  return file;
}

void check_pair_episodes(const PairEpisodeFile& file, const PairPool& pool) {
  if (file.pool_hash != pool.hash)
    fail(file, "pairs_sha256",
         pool.hash + " (" + (pool.origin.empty() ? "the pool" : pool.origin) + ")", file.pool_hash);
  check_alone(file);
  const auto allowed = places_of_split(pool.language_split, file.split);
  for (std::size_t e = 0; e < file.episodes.size(); ++e) {
    const PairEpisode& episode = file.episodes[e];
    const std::string name = "episode " + std::to_string(e);
    if (!std::ranges::binary_search(allowed, episode.language))
      fail(file, name, "a language of split " + file.split, std::to_string(episode.language));
    for (const auto* rows : {&episode.support, &episode.query})
      for (const std::uint32_t row : *rows)
        if (row >= pool.pairs() || pool.language[row] != episode.language)
          fail(file, name, "pairs of " + pool.language_name[episode.language],
               "row " + std::to_string(row));
    for (const std::uint32_t row : episode.query)
      if (!may_be_query(pool, row, file.shape))
        fail(file, name, "queries of " + file.shape.query_sources + " sources",
             "row " + std::to_string(row));
  }
}

}  // namespace attune
