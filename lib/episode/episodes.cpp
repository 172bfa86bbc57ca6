#include "episode/episodes.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "store/h5.hpp"

namespace attune {
namespace {

constexpr const char* kKind = "attune-episodes";
constexpr int kVersion = 1;

[[noreturn]] void fail(const EpisodeFile& file, const std::string& object, const std::string& want,
                       const std::string& have) {
  throw Error((file.origin.empty() ? "episodes" : file.origin) + ": " + object + ": want " + want +
              ", have " + have);
}

std::span<const std::uint32_t> row(const std::vector<std::uint32_t>& table, std::size_t number,
                                   std::size_t width) {
  return std::span(table).subspan(number * width, width);
}

bool all_different(std::vector<std::uint32_t> items) {
  std::sort(items.begin(), items.end());
  return std::adjacent_find(items.begin(), items.end()) == items.end();
}

void check_sizes(const EpisodeFile& file) {
  const EpisodeShape& shape = file.shape;
  if (shape.ways < 2 || shape.shots < 1 || shape.queries < 1) {
    fail(file, "shape", "ways ≥ 2, shots ≥ 1, queries ≥ 1", "less");
  }
  const std::size_t count = file.count();
  if (count == 0) fail(file, "/classes", "episodes", "none");
  const auto want = [&](const char* name, const std::vector<std::uint32_t>& table,
                        std::size_t width) {
    if (table.size() != count * width) {
      fail(file, name, std::to_string(count) + " × " + std::to_string(width) + " numbers",
           std::to_string(table.size()));
    }
  };
  want("/classes", file.classes, shape.ways);
  want("/support", file.support, shape.support());
  want("/query", file.query, shape.query());
}

void check_repeats(const EpisodeFile& file) {
  for (std::size_t e = 0; e < file.count(); ++e) {
    const Episode episode = file.episode(e);
    std::vector<std::uint32_t> items = episode.support;
    items.insert(items.end(), episode.query.begin(), episode.query.end());
    if (!all_different(episode.classes) || !all_different(std::move(items))) {
      fail(file, "episode " + std::to_string(e), "different classes and examples", "repeated ones");
    }
  }
  if (file.with_replacement) return;
  std::vector<std::uint32_t> items = file.support;
  items.insert(items.end(), file.query.begin(), file.query.end());
  if (!all_different(std::move(items))) {
    fail(file, "/support and /query", "no example in two episodes", "repeated ones");
  }
}

void check_classes(const EpisodeFile& file, const Pool& pool) {
  const std::vector<std::uint32_t> allowed = classes_of_split(pool, file.split);
  for (const std::uint32_t c : file.classes) {
    if (!std::binary_search(allowed.begin(), allowed.end(), c)) {
      fail(file, "/classes", "classes of split " + file.split, std::to_string(c));
    }
  }
}

void check_labels(const EpisodeFile& file, const Pool& pool, const char* name,
                  const std::vector<std::uint32_t>& table, std::size_t per_class) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i] >= pool.examples() || pool.y[table[i]] != file.classes[i / per_class]) {
      fail(file, name, "examples of class " + std::to_string(file.classes[i / per_class]),
           "row " + std::to_string(table[i]) + " of the pool");
    }
  }
}

void check_groups(const EpisodeFile& file, const Pool& pool) {
  if (!file.shape.distinct_groups) return;
  for (std::size_t e = 0; e < file.count(); ++e) {
    std::set<std::uint32_t> groups;
    for (const std::uint32_t i : row(file.support, e, file.shape.support())) {
      groups.insert(pool.group[i]);
    }
    for (const std::uint32_t i : row(file.query, e, file.shape.query())) {
      if (groups.count(pool.group[i])) {
        fail(file, "episode " + std::to_string(e), "no group in both support and query",
             "group " + std::to_string(pool.group[i]));
      }
    }
  }
}

std::uint32_t small_attribute(const store::Reader& reader, const std::string& name) {
  const std::int64_t value = reader.integer_attribute(name);
  if (value < 0 || value > 1 << 24) {
    throw Error(reader.path() + ": attribute " + name + ": want 0 to 2^24, have " +
                std::to_string(value));
  }
  return static_cast<std::uint32_t>(value);
}

std::vector<std::uint32_t> read_table(const store::Reader& reader, const std::string& name,
                                      std::uint64_t width) {
  const store::Dims dims = reader.dims(name);
  if (dims.size() != 2 || dims[1] != width) {
    throw Error(reader.path() + ": " + name + ": want (episodes," + std::to_string(width) +
                "), have another shape");
  }
  return reader.read<std::uint32_t>(name);
}

}  // namespace

Episode EpisodeFile::episode(std::size_t number) const {
  if (number >= count()) {
    fail(*this, "episode " + std::to_string(number), "a number below " + std::to_string(count()),
         std::to_string(number));
  }
  const auto copy = [number](const std::vector<std::uint32_t>& table, std::size_t width) {
    const auto part = row(table, number, width);
    return std::vector<std::uint32_t>(part.begin(), part.end());
  };
  Episode episode{copy(classes, shape.ways),
                  copy(support, shape.support()),
                  copy(query, shape.query()),
                  {},
                  {}};
  for (std::uint32_t label = 0; label < shape.ways; ++label) {
    episode.support_labels.insert(episode.support_labels.end(), shape.shots, label);
    episode.query_labels.insert(episode.query_labels.end(), shape.queries, label);
  }
  return episode;
}

std::string write_episodes(const std::string& path, EpisodeFile& file) {
  file.origin = path;
  check_sizes(file);
  check_repeats(file);
  store::Writer writer(path, kKind, kVersion);
  const auto put = [&](const char* name, const std::vector<std::uint32_t>& table,
                       std::uint64_t width, const char* note) {
    writer.write<std::uint32_t>(name, {file.count(), width}, table, note);
  };
  put("/classes", file.classes, file.shape.ways,
      "(episode, label): class of the pool that has this label in the episode");
  put("/support", file.support, file.shape.support(),
      "(episode, item): rows of the pool, `shots` of label 0, then of label 1, …");
  put("/query", file.query, file.shape.query(),
      "(episode, item): rows of the pool, `queries` of label 0, then of label 1, …");
  writer.attribute("ways", std::int64_t{file.shape.ways});
  writer.attribute("shots", std::int64_t{file.shape.shots});
  writer.attribute("queries", std::int64_t{file.shape.queries});
  writer.attribute("distinct_groups", std::int64_t{file.shape.distinct_groups});
  writer.attribute("replacement", std::int64_t{file.with_replacement});
  writer.attribute("classes_left_out", std::int64_t{file.classes_left_out});
  writer.attribute("seed", static_cast<std::int64_t>(file.seed));
  writer.attribute("split", file.split);
  writer.attribute("pool_sha256", file.pool_hash);
  writer.attribute("title", file.title);
  writer.attribute("about",
                   "Frozen episodes: index tables into the pool whose attribute \"sha256\" is "
                   "\"pool_sha256\" here. Every dataset has an attribute \"about\".");
  file.hash = writer.commit();
  return file.hash;
}

EpisodeFile read_episodes(const std::string& path) {
  const store::Reader reader(path, kKind, kVersion);
  EpisodeFile file;
  file.origin = path;
  file.shape.ways = small_attribute(reader, "ways");
  file.shape.shots = small_attribute(reader, "shots");
  file.shape.queries = small_attribute(reader, "queries");
  file.shape.distinct_groups = small_attribute(reader, "distinct_groups") != 0;
  file.with_replacement = small_attribute(reader, "replacement") != 0;
  file.classes_left_out = small_attribute(reader, "classes_left_out");
  file.seed = static_cast<std::uint64_t>(reader.integer_attribute("seed"));
  file.split = reader.text_attribute("split");
  file.pool_hash = reader.text_attribute("pool_sha256");
  file.title = reader.text_attribute("title");
  const std::uint64_t ways = file.shape.ways;
  file.classes = read_table(reader, "/classes", ways);
  file.support = read_table(reader, "/support", ways * file.shape.shots);
  file.query = read_table(reader, "/query", ways * file.shape.queries);
  file.hash = reader.hash();
  check_sizes(file);
  check_repeats(file);
  return file;
}

void check_episodes(const EpisodeFile& file, const Pool& pool) {
  if (file.pool_hash != pool.hash) {
    fail(file, "pool_sha256",
         pool.hash + " (" + (pool.origin.empty() ? "the pool" : pool.origin) + ")", file.pool_hash);
  }
  check_sizes(file);
  check_repeats(file);
  check_classes(file, pool);
  check_labels(file, pool, "/support", file.support, file.shape.shots);
  check_labels(file, pool, "/query", file.query, file.shape.queries);
  check_groups(file, pool);
}

}  // namespace attune
