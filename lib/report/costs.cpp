#include "report/costs.hpp"

#include <algorithm>

#include "base/config.hpp"
#include "base/error.hpp"

namespace attune {

namespace {

Costs::Number number(const Config& node, const char* key) {
  if (!node.has(key)) return std::nullopt;
  return node.real(key, 0, {.min = 0}, "of the side file");
}

void same_length(const Config& node, std::size_t want, std::size_t have) {
  if (want != have)
    throw UsageError(node.origin() + ": " + node.path() + ": want lists of " +
                     std::to_string(want) + ", have one of " + std::to_string(have));
}

std::optional<Validation> read_validation(const Config& model) {
  const bool own = model.has("validation");
  if (!own && !model.child("search").has("validation")) return std::nullopt;
  const Config node = (own ? model : model.child("search")).child("validation");
  Validation validation{node.required_text("metric", "of the score"),
                        node.text("episodes", "", "hash of the file"),
                        node.real("score", 0, {}, "mean over the episodes")};
  const Config curve = node.child("curve");
  const auto seconds =
      curve.reals("seconds", {}, {.min = 0}, "core-seconds of training until then");
  const auto scores = curve.reals("scores", {}, {}, "of each validation");
  same_length(curve, seconds.size(), scores.size());
  for (std::size_t i = 0; i < seconds.size(); ++i)
    validation.curve.emplace_back(seconds[i], scores[i]);
  return validation;
}

std::optional<Calibration> read_calibration(const Config& root) {
  if (!root.has("calibration")) return std::nullopt;
  const Config node = root.child("calibration");
  const auto answers = node.integers("answers", {}, {.min = 0}, "in each bin");
  const auto right = node.integers("right", {}, {.min = 0}, "of these");
  const auto confidence = node.reals("confidence", {}, {.min = 0}, "sum over these");
  same_length(node, Calibration::kBins, answers.size());
  same_length(node, Calibration::kBins, right.size());
  same_length(node, Calibration::kBins, confidence.size());
  Calibration calibration;
  for (std::size_t i = 0; i < Calibration::kBins; ++i)
    calibration.bins()[i] = {static_cast<std::uint64_t>(answers[i]),
                             static_cast<std::uint64_t>(right[i]), confidence[i]};
  return calibration;
}

Costs read(const Config& root) {
  Costs costs;
  costs.evaluate_seconds = number(root, "evaluate_seconds");
  costs.evaluate_mib = number(root, "peak_memory_mib");
  costs.episode_multiply_adds = number(root, "multiply_adds_per_episode");
  costs.answer_multiply_adds = number(root, "multiply_adds_after_encoding");
  costs.own_pool = root.flag("own_pool", false, "tested on the pool it was trained on");
  const Config model = root.child("model"), search = model.child("search");
  costs.set = root.text("set", "", "which rows it is of");
  costs.model_set = model.text("set", "", "which model it is of");
  costs.train_seconds = number(model, "train_seconds");
  costs.train_mib = number(model, "peak_memory_mib");
  costs.threads = number(model, "threads");
  costs.parameters = number(model, "parameters");
  costs.steps = number(model, "steps");
  costs.step_multiply_adds = number(model, "multiply_adds_per_step");
  if (const auto seconds = number(search, "train_seconds"); seconds && costs.train_seconds) {
    *costs.train_seconds += *seconds;
  }
  if (const auto mib = number(search, "peak_memory_mib"); mib && costs.train_mib) {
    costs.train_mib = std::max(*costs.train_mib, *mib);
  }
  costs.validation = read_validation(model);
  costs.calibration = read_calibration(root);
  return costs;
}

}  // namespace

Costs read_costs(const std::string& path) {
  try {
    return read(Config::load(path));
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
}

}  // namespace attune
