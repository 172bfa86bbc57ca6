#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/config.hpp"
#include "nn/module.hpp"
#include "store/h5.hpp"
#include "text/vocabulary.hpp"

namespace attune {

// A trained learner on disk (kind "attune-model", version 2; 1 is read too):
//   /weights/<name>, /buffers/<name> float32 in the shapes of the learner; /config, /log text
//   of texts also the words that it knows, /vocabulary/word text, /vocabulary/examples and
//   /vocabulary/occurrences uint32, /vocabulary/totals int64 (examples, tokens)
//   attributes: pool_sha256, seed, steps, parameters, trained_on ("omniglot-vinyals:train+val"),
//   validation ("accuracy 0.97": the score that chose the stopping point; empty without), bits (the
//   class of machine that trained it, see class_of_bits). Version 1 has made_with instead of bits.
// Nothing in it tells of the build or the time: equal trainings give equal files.
struct Model {
  std::string config;      // resolved JSON
  std::string trained_on;  // "-" for floors without weights
  std::string pool_hash, log, validation;
  std::string bits;  // "" when not recorded
  std::uint64_t seed = 0, steps = 0;
  Params params;
  Vocabulary vocabulary;  // empty but of texts
  std::string hash;       // content hash once written or read
};

// A model written in two steps, since its side files have to name its hash before it gets its name.
class ModelWriter {
 public:
  // Reserves `path`, and writes into memory. Errors as store::Writer's.
  ModelWriter(const std::string& path, const Model& model);
  std::string hash() const;
  void commit();

 private:
  store::Writer file_;
};
std::string write_model(const std::string& path, Model& model);  // both at once; sets the hash

// A model file, opened, checked and hashed once: what is read from it is of one model, whatever
// takes its place meanwhile.
class ModelFile {
 public:
  // Error when it is no undamaged model.
  explicit ModelFile(const std::string& path);
  const std::string& path() const { return file_.path(); }
  const Model& header() const { return header_; }   // everything but params
  const Config& config() const { return config_; }  // of the header; its origin names the file
  // In the names and shapes of `shape` (from the learner's init); Error when the file has others.
  Params params(const Params& shape) const;

 private:
  store::Reader file_;
  Model header_;
  Config config_;
};
Params read_model_params(const std::string& path, const Params& shape);

// The first 16 digits of the hash of a model's configuration less the keys that runs of one cell
// differ in, seed and train.stop.
std::string configuration_hash(const std::string& config);

}  // namespace attune
