#pragma once
#include <cstdint>
#include <string>

#include "nn/module.hpp"
#include "text/vocabulary.hpp"

namespace attune {

// A trained learner on disk (kind "attune-model", version 1):
//   /weights/<name>, /buffers/<name> float32 in the shapes of the learner; /config, /log text
//   of texts also the words that it knows, /vocabulary/word text, /vocabulary/examples and
//   /vocabulary/occurrences uint32, /vocabulary/totals int64 (examples, tokens)
//   attributes: made_with (versions of program and libraries), pool_sha256, seed, steps,
//   parameters, trained_on ("omniglot-vinyals:train+val"), validation ("accuracy 0.97": the score
//   that chose the stopping point; empty without)
struct Model {
  std::string config;      // resolved JSON
  std::string trained_on;  // "-" for floors without weights
  std::string pool_hash, log, validation;
  std::uint64_t seed = 0, steps = 0;
  Params params;
  Vocabulary vocabulary;  // empty but of texts
  std::string hash;       // content hash once written or read
};
std::string write_model(const std::string& path, Model& model);
// Everything but params; then params in the names and shapes of `shape` (from the learner's init).
Model read_model_header(const std::string& path);
Params read_model_params(const std::string& path, const Params& shape);

}  // namespace attune
