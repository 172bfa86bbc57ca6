#include "train/trainer.hpp"

#include <chrono>
#include <cmath>
#include <ctime>
#include <numeric>

#include "array/multiply_adds.hpp"
#include "base/cli.hpp"
#include "nn/optimiser.hpp"
#include "nn/running_statistics.hpp"
#include "nn/weight_average.hpp"

namespace attune {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds of all cores that this process has used: what else runs on the machine does not count.
double core_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

// One run: the loop's parts, with its state between them.
class Loop {
 public:
  Loop(const TrainSettings& settings, const TrainRun& run)
      : settings_(settings),
        run_(run),
        optimiser_(OptimiserRegistry::make(settings.optimiser, "adam")),
        schedule_(ScheduleRegistry::make(settings.schedule, "cosine")) {
    Rng init(run.seed, "init");
    state_.params = run.training->init(init);
    state_.average = state_.params;
    state_.best = state_.params;
    if (!run.state_path.empty()) {
      const Params shape = state_.params;
      if (load_state(run.state_path, run.identity, shape, state_))
        optimiser_->restore(state_.optimiser);
    }
  }

  TrainOutcome operator()() {
    started_ = saved_ = now();
    Progress progress(run_.quiet ? "" : "train", settings_.stop, state_.step);
    // Stopped while it validated: the step still lacks its line in the log.
    if (state_.loss_count > 0 && validates()) finish_step();
    while (state_.step < settings_.stop) {
      take_step();
      finish_step();
      if (!run_.quiet) progress.update(state_.step, note_of_progress());
    }
    TrainOutcome outcome;
    outcome.validated = run_.validation && state_.best_step > 0;
    outcome.params = outcome.validated ? state_.best : kept();
    outcome.best_step = outcome.validated ? state_.best_step : state_.step;
    outcome.best_score = state_.best_score;
    outcome.log = state_.log;
    outcome.seconds = state_.seconds + now() - started_;
    outcome.curve = state_.curve;
    outcome.multiply_adds = step_multiply_adds_;
    return outcome;
  }

 private:
  double rate(std::size_t step) const {
    return settings_.learning_rate * schedule_->rate(step, settings_.steps);
  }

  bool is_last() const { return state_.step == settings_.stop; }
  bool between_units() const { return state_.step % run_.training->unit() == 0; }
  bool validates() const {
    return run_.validation && (is_last() || state_.step % settings_.validate_every == 0);
  }

  void finish_step() {
    const bool validated = validates();
    if (validated) validate();
    if (is_last() || validated || state_.step % settings_.log_every == 0) write_log(validated);
    if (!is_last() && between_units()) checkpoint(validated);
  }

  void take_step() {
    const double begun = core_seconds();
    std::vector<std::uint64_t> episodes(settings_.batch);
    std::iota(episodes.begin(), episodes.end(), state_.step * settings_.batch);
    Context context;
    context.mode = Mode::train;
    context.rng = Rng(run_.seed, "context", state_.step);
    context.step = state_.step;
    const std::uint64_t before = multiply_adds();
    Step step = run_.training->gradients(state_.params, episodes, context);
    step_multiply_adds_ = multiply_adds() - before;
    const double norm = clip_by_norm(
        step.gradients, settings_.clip > 0 ? settings_.clip : std::numeric_limits<double>::max());
    if (!std::isfinite(step.loss) || !std::isfinite(norm))
      throw Error("training: step " + std::to_string(state_.step + 1) +
                  ": want a finite loss and gradient, have loss " + to_text(step.loss) +
                  ", gradient norm " + to_text(norm));
    optimiser_->update(state_.params, step.gradients, rate(state_.step));
    apply_updates(state_.params, step.updates, settings_.momentum);
    ++state_.step;
    update_average();
    last_loss_ = step.loss;
    state_.loss_sum += step.loss;
    ++state_.loss_count;
    state_.step_seconds += core_seconds() - begun;
  }

  // Exponential average of weights and running statistics, its decay warmed up as (1+t)/(10+t).
  void update_average() {
    if (settings_.average == 0) return;
    const double t = static_cast<double>(state_.step);
    const double decay = std::min(settings_.average, (1 + t) / (10 + t));
    move_towards(state_.average, state_.params, 1 - decay);
  }

  // What is validated and kept.
  const Params& kept() const { return settings_.average > 0 ? state_.average : state_.params; }

  void validate() {
    try {
      scores_ = mean_scores(*run_.validation, kept(), run_.validation_episodes);
    } catch (const Stopped&) {
      if (between_units() && !run_.state_path.empty()) save();
      throw;
    }
    const auto found = scores_.find(settings_.metric);
    if (found == scores_.end()) {
      std::vector<std::string> known;
      for (const auto& [name, value] : scores_) known.push_back(name);
      throw UsageError("train.metric: want one of " + join(known, ", ") + ", have \"" +
                       settings_.metric + "\"");
    }
    state_.curve.push_back({state_.step, state_.step_seconds, found->second});
    const bool better = settings_.metric == "loss" ? found->second < state_.best_score
                                                   : found->second > state_.best_score;
    if (state_.best_step == 0 || better) {
      state_.best = kept();
      state_.best_score = found->second;
      state_.best_step = state_.step;
    }
  }

  void write_log(bool validated) {
    std::string line = "{\"step\": " + std::to_string(state_.step) + ", \"loss\": " +
                       to_text(state_.loss_sum / static_cast<double>(state_.loss_count)) +
                       ", \"rate\": " + to_text(rate(state_.step - 1));
    if (validated)
      for (const auto& [name, value] : scores_) line += ", \"val_" + name + "\": " + to_text(value);
    state_.log += line + "}\n";
    state_.loss_sum = 0;
    state_.loss_count = 0;
  }

  std::string note_of_progress() const {
    std::string note = "loss " + to_text(last_loss_, 4);
    if (state_.best_step > 0) note += ", best val " + to_text(state_.best_score, 4);
    return note;
  }

  // After a validation, when it is time, or when a signal asks for it.
  void checkpoint(bool due) {
    const int signal = stop_signal();
    const bool asked = take_checkpoint_request();
    if (run_.state_path.empty()) {
      if (signal) throw Stopped{signal};
      return;
    }
    if (!due && !asked && !signal && now() - saved_ < run_.checkpoint_seconds) return;
    save();
    if (signal) throw Stopped{signal};
  }

  void save() {
    state_.optimiser = optimiser_->state();
    TrainState saved = state_;
    saved.seconds = state_.seconds + now() - started_;
    save_state(run_.state_path, run_.identity, saved);
    state_.optimiser.clear();
    saved_ = now();
  }

  const TrainSettings& settings_;
  const TrainRun& run_;
  std::unique_ptr<Optimiser> optimiser_;
  std::unique_ptr<Schedule> schedule_;
  TrainState state_;
  Scores scores_;
  double started_ = 0, saved_ = 0, last_loss_ = 0;
  std::uint64_t step_multiply_adds_ = 0;
};

}  // namespace

TrainOutcome meta_train(const TrainSettings& settings, const TrainRun& run) {
  return Loop(settings, run)();
}

Scores mean_scores(const Problem& problem, const Params& params, std::size_t episodes) {
  constexpr std::size_t kBlock = 256;
  const auto evaluator = problem.evaluator(params);
  Scores sums;
  for (std::size_t begin = 0; begin < episodes; begin += kBlock) {
    std::vector<std::uint64_t> numbers(std::min(kBlock, episodes - begin));
    std::iota(numbers.begin(), numbers.end(), begin);
    if (const int signal = stop_signal()) throw Stopped{signal};
    for (const Scores& scores : (*evaluator)(numbers))
      for (const auto& [name, value] : scores) sums[name] += value;
  }
  for (auto& [name, value] : sums) value /= static_cast<double>(episodes);
  return sums;
}

}  // namespace attune
