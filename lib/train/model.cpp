#include "train/model.hpp"

#include "base/cli.hpp"
#include "store/h5.hpp"
#include "train/state.hpp"

namespace attune {
namespace {

constexpr int kVersion = 1;
constexpr const char* kKind = "attune-model";

std::string read_text(const store::Reader& file, const std::string& name) {
  const auto text = file.read<std::string>(name);
  if (text.size() != 1)
    throw Error(file.path() + ": " + name + ": want 1 text, have " + std::to_string(text.size()));
  return text[0];
}

void write_vocabulary(store::Writer& file, const Vocabulary& vocabulary) {
  const std::uint64_t size = vocabulary.size();
  file.write<std::string>("/vocabulary/word", {size}, vocabulary.words(),
                          "words that the model knows");
  file.write<std::uint32_t>("/vocabulary/examples", {size}, vocabulary.examples(),
                            "training examples that hold each word");
  file.write<std::uint32_t>("/vocabulary/occurrences", {size}, vocabulary.occurrences(),
                            "of each word in the training examples");
  const std::int64_t totals[] = {static_cast<std::int64_t>(vocabulary.total_examples()),
                                 static_cast<std::int64_t>(vocabulary.total_tokens())};
  file.write<std::int64_t>("/vocabulary/totals", {2}, totals, "training examples and their tokens");
}

Vocabulary read_vocabulary(const store::Reader& file) {
  if (!file.has("/vocabulary/word")) return {};
  const auto totals = file.read<std::int64_t>("/vocabulary/totals");
  if (totals.size() != 2 || totals[0] < 0 || totals[1] < 0)
    throw Error(file.path() + ": /vocabulary/totals: want 2 values from 0 up, have others");
  try {
    return {file.read<std::string>("/vocabulary/word"),
            file.read<std::uint32_t>("/vocabulary/examples"),
            file.read<std::uint32_t>("/vocabulary/occurrences"),
            static_cast<std::uint64_t>(totals[0]), static_cast<std::uint64_t>(totals[1])};
  } catch (const Error& error) {
    throw Error(file.path() + ": " + error.what());
  }
}

}  // namespace

std::string write_model(const std::string& path, Model& model) {
  store::Writer file(path, kKind, kVersion);
  file.attribute("about", "Weights of a few-shot learner; /config rebuilds it.");
  file.attribute("made_with", version_line("train"));
  file.attribute("trained_on", model.trained_on);
  file.attribute("pool_sha256", model.pool_hash);
  file.attribute("validation", model.validation);
  file.attribute("seed", static_cast<std::int64_t>(model.seed));
  file.attribute("steps", static_cast<std::int64_t>(model.steps));
  file.attribute("parameters", static_cast<std::int64_t>(model.params.count()));
  const std::string config[] = {model.config}, log[] = {model.log};
  file.write<std::string>("/config", {1}, config, "resolved configuration, JSON");
  file.write<std::string>("/log", {1}, log, "training log, JSON lines");
  if (model.vocabulary.size() > 0) write_vocabulary(file, model.vocabulary);
  write_params(file, "", model.params);
  model.hash = file.commit();
  return model.hash;
}

Model read_model_header(const std::string& path) {
  const store::Reader file(path, kKind, kVersion);
  Model model;
  model.config = read_text(file, "/config");
  model.log = read_text(file, "/log");
  model.trained_on = file.text_attribute("trained_on");
  model.pool_hash = file.text_attribute("pool_sha256");
  model.validation = file.text_attribute("validation");
  model.seed = static_cast<std::uint64_t>(file.integer_attribute("seed"));
  model.steps = static_cast<std::uint64_t>(file.integer_attribute("steps"));
  model.vocabulary = read_vocabulary(file);
  model.hash = file.hash();
  return model;
}

Params read_model_params(const std::string& path, const Params& shape) {
  return read_params(store::Reader(path, kKind, kVersion), "", shape);
}

}  // namespace attune
