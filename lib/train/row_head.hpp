#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace attune {

// How rows came about; ends every line of a file of per-episode rows.
struct RowOrigin {
  std::string split;               // of the episodes: "test"; "-" where there is none
  std::string mode = "inductive";  // or "transductive"
  std::string tested_on;           // title of the pool, or of what is simulated
  std::string tested_pool;         // its content hash, cut to 16 digits
  std::string trained_pool;        // of what the model was trained on; "-" for floors
  std::string config;              // configuration_hash of the model
  std::string bits;                // class of bits: of the evaluation; "avx512/avx2" when the
                                   // model was trained in another one, which stands first
  static const std::vector<std::string>& columns();
  std::vector<std::string> fields() const;
};

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
  RowOrigin origin;  // the tested ones by the family, the others by whoever opens the model

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
