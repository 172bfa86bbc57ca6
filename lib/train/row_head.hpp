#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace attune {

// What begins every line of a file of per-episode rows, the same in all of them: cell, trained_on,
// seed, test, episode_file, model, then what an episode is made of (ways, shots, queries of
// classification; arms and pulls of a bandit …).
struct RowHead {
  std::string cell;          // name in the table
  std::string trained_on;    // "omniglot-vinyals:train+val"; "-" for floors
  std::string seed, test;    // name of the test
  std::string episode_file;  // content hashes, cut to 16 digits
  std::string model;
  std::vector<std::pair<std::string, std::uint64_t>> shape;

  std::vector<std::string> columns() const;
  std::vector<std::string> fields() const;
};
// The first 16 digits of a content hash.
std::string short_hash(const std::string& hash);

// A column of numbers, under the name that the scores have for it.
struct ScoreColumn {
  std::string name;
  int decimals = -1;  // -1: as many as read back exactly
};

}  // namespace attune
