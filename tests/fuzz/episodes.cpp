// Episode tables of any content against a small pool: what passes the checks indexes the pool.
#include "episode/episodes.hpp"

#include "base/error.hpp"
#include "memory_file.hpp"

using namespace attune;

namespace {

Pool small_pool() {
  Pool pool;
  pool.example_shape = {1};
  for (std::uint32_t c = 0; c < 6; ++c) {
    pool.class_name.push_back("c" + std::to_string(c));
    pool.class_split.push_back(c / 2);
    pool.class_of_origin.push_back(c);
    for (std::uint32_t e = 0; e < 4; ++e) {
      pool.y.push_back(c);
      pool.group.push_back(e % 2);
      pool.features.push_back(0);
    }
  }
  pool.group_name = {"a", "b"};
  pool.hash = "h";
  check_pool(pool);
  return pool;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Pool pool = small_pool();
  std::size_t at = 0;
  const auto next = [&] { return at < size ? data[at++] : std::uint8_t{0}; };
  EpisodeFile file;
  file.shape = {next(), next(), next(), (next() & 1U) != 0};
  file.with_replacement = (next() & 1U) != 0;
  file.split = next() % 2 ? "train+val" : "test";
  file.pool_hash = "h";
  for (auto* table : {&file.classes, &file.support, &file.query}) {
    for (std::uint8_t count = next(); count > 0; --count) table->push_back(next());
  }
  try {
    check_episodes(file, pool);
  } catch (const Error&) {
    return 0;
  }
  for (std::size_t e = 0; e < file.count(); ++e) {
    const Episode episode = file.episode(e);
    for (std::size_t i = 0; i < episode.query.size(); ++i) {
      require(pool.y.at(episode.query[i]) == episode.classes.at(episode.query_labels[i]));
    }
  }
  return 0;
}
