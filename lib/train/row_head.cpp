#include "train/row_head.hpp"

namespace attune {

const std::vector<std::string>& RowOrigin::columns() {
  static const std::vector<std::string> names = {
      "split", "mode", "tested_on", "tested_pool", "trained_pool", "config", "bits"};
  return names;
}

std::vector<std::string> RowOrigin::fields() const {
  return {split, mode, tested_on, tested_pool, trained_pool, config, bits};
}

std::vector<std::string> RowHead::columns() const {
  std::vector<std::string> names = {"cell", "trained_on", "seed", "test", "episode_file", "model"};
  for (const auto& [name, value] : shape) names.push_back(name);
  return names;
}

std::vector<std::string> RowHead::fields() const {
  std::vector<std::string> values = {cell, trained_on, seed, test, episode_file, model};
  for (const auto& [name, value] : shape) values.push_back(std::to_string(value));
  return values;
}

std::string short_hash(const std::string& hash) { return hash.substr(0, 16); }

}  // namespace attune
