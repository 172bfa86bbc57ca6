#include "train/model.hpp"

#include "base/hash.hpp"
#include "base/settings_text.hpp"
#include "train/state.hpp"

namespace attune {
namespace {

constexpr int kVersion = 2, kOldest = 1;
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

void fill(store::Writer& file, const Model& model) {
  file.attribute("about", "Weights of a few-shot learner; /config rebuilds it.");
  file.attribute("trained_on", model.trained_on);
  file.attribute("pool_sha256", model.pool_hash);
  file.attribute("validation", model.validation);
  file.attribute("bits", model.bits);
  file.attribute("seed", static_cast<std::int64_t>(model.seed));
  file.attribute("steps", static_cast<std::int64_t>(model.steps));
  file.attribute("parameters", static_cast<std::int64_t>(model.params.count()));
  const std::string config[] = {model.config}, log[] = {model.log};
  file.write<std::string>("/config", {1}, config, "resolved configuration, JSON");
  file.write<std::string>("/log", {1}, log, "training log, JSON lines");
  if (model.vocabulary.size() > 0) write_vocabulary(file, model.vocabulary);
  write_params(file, "", model.params);
}

Model read_header(const store::Reader& file) {
  Model model;
  model.config = read_text(file, "/config");
  model.log = read_text(file, "/log");
  model.trained_on = file.text_attribute("trained_on");
  model.pool_hash = file.text_attribute("pool_sha256");
  model.validation = file.text_attribute("validation");
  if (file.has_attribute("bits")) model.bits = file.text_attribute("bits");
  model.seed = static_cast<std::uint64_t>(file.integer_attribute("seed"));
  model.steps = static_cast<std::uint64_t>(file.integer_attribute("steps"));
  model.vocabulary = read_vocabulary(file);
  model.hash = file.hash();
  return model;
}

}  // namespace

ModelWriter::ModelWriter(const std::string& path, const Model& model)
    : file_(path, kKind, kVersion) {
  fill(file_, model);
}

std::string ModelWriter::hash() const { return file_.hash(); }
void ModelWriter::commit() { file_.commit(); }

std::string write_model(const std::string& path, Model& model) {
  ModelWriter writer(path, model);
  writer.commit();
  return model.hash = writer.hash();
}

ModelFile::ModelFile(const std::string& path)
    : file_(path, kKind, kOldest, kVersion),
      header_(read_header(file_)),
      config_(Config::parse(header_.config, path + ": /config")) {}

Params ModelFile::params(const Params& shape) const { return read_params(file_, "", shape); }

Params read_model_params(const std::string& path, const Params& shape) {
  return ModelFile(path).params(shape);
}

std::string configuration_hash(const std::string& config) {
  return sha256(without_settings(config, {"seed", "train.stop"})).substr(0, 16);
}

}  // namespace attune
