#include "train/side_file.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "array/multiply_adds.hpp"
#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "base/commit.hpp"
#include "base/config.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_node.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "learner/classification.hpp"

namespace attune {

namespace {

std::string member(const std::string& key, const std::string& text) {
  return ", \"" + key + "\": " + json_quoted(text);
}

// {"a": […], "b": […]}: equally long lists.
class Lists {
 public:
  void add(const std::string& name, const std::string& value) {
    std::string& list = lists_[name];
    list += (list.empty() ? "" : ", ") + value;
  }
  std::string text() const {
    std::string all;
    for (const auto& [name, list] : lists_)
      all += (all.empty() ? "\"" : ", \"") + name + "\": [" + list + "]";
    return "{" + all + "}";
  }

 private:
  std::map<std::string, std::string> lists_;
};

std::string curve_text(const std::vector<TrainState::Validated>& curve) {
  Lists lists;
  for (const auto& [step, seconds, score] : curve) {
    lists.add("steps", std::to_string(step));
    lists.add("seconds", to_text(seconds, 2));
    lists.add("scores", to_text(score));
  }
  return lists.text();
}

}  // namespace

std::string process_members(const std::string& verb) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return ", \"threads\": " + std::to_string(threads()) +
         ", \"peak_memory_mib\": " + to_text(static_cast<double>(usage.ru_maxrss) / 1024, 1) +
         member("commit", build_commit()) + member("build", version_line(verb));
}

std::string side_file_member(const std::string& key, const std::string& path,
                             const std::string& set) {
  const std::string side = member_path(path, kSideEnding, set);
  if (!exists(side)) return "";
  try {
    const Config config = Config::load(side);
    const std::string have = config.text("set", set, "whose side file it is");
    if (have != set)
      throw Error(side + ": want the side file of " + path + ", which is " + set +
                  ", have that of " + have + "; make both anew, or remove it");
    return ", \"" + key + "\": " + config.given();
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
}

std::string log_file(const std::string& log, const std::string& set) {
  const auto lines = std::count(log.begin(), log.end(), '\n');
  return log + "{\"end\": true, \"lines\": " + std::to_string(lines) + member("set", set) + "}\n";
}

std::string origin_members(const RowOrigin& origin, const std::string& set) {
  std::string text;
  const std::vector<std::string> fields = origin.fields();
  for (std::size_t i = 0; i < fields.size(); ++i)
    text += member(RowOrigin::columns()[i], fields[i]);
  return text + member("set", set);
}

std::string training_side_file(const TrainOutcome& outcome, const Model& model,
                               const ValidatedOn& validation, const std::string& search,
                               const std::string& set) {
  std::string text = "{\"train_seconds\": " + to_text(outcome.seconds, 2) +
                     process_members("train") +
                     ", \"parameters\": " + std::to_string(model.params.count()) +
                     ", \"steps\": " + std::to_string(model.steps);
  if (outcome.multiply_adds > 0) {
    text += ", \"multiply_adds_per_step\": " + std::to_string(outcome.multiply_adds);
  }
  if (outcome.validated) {
    text += ", \"validation\": {\"metric\": " + json_quoted(validation.metric) +
            ", \"score\": " + to_text(outcome.best_score) +
            member("episodes", short_hash(validation.hash)) + member("split", validation.split) +
            ", \"curve\": " + curve_text(outcome.curve) + "}";
  }
  return text + member("trained_on", model.trained_on) +
         member("trained_pool", short_hash(model.pool_hash)) +
         member("config", configuration_hash(model.config)) + member("bits", model.bits) +
         member("set", set) + search + "}\n";
}

std::string calibration_member(const Calibration& calibration) {
  Lists lists;
  for (const Calibration::Bin& bin : calibration.bins()) {
    lists.add("answers", std::to_string(bin.count));
    lists.add("right", std::to_string(bin.right));
    lists.add("confidence", to_text(bin.confidence));
  }
  return ", \"calibration\": " + lists.text();
}

EpisodeWork episode_work(const Learner& learner, const Params& params, const Pool& pool,
                         const Episode& episode, std::size_t ways) {
  const NoGrad scope;
  Context context;
  const std::uint64_t before = multiply_adds();
  const Support support{learner.encode(params, constant(pool_rows(pool, episode.support)), context),
                        episode.support_labels, ways};
  const Query query{learner.encode(params, constant(pool_rows(pool, episode.query)), context)};
  const std::uint64_t encoded = multiply_adds();
  learner.logits(params, support, query, context);
  return {encoded - before, multiply_adds() - encoded};
}

}  // namespace attune
