#pragma once
#include <doctest/doctest.h>

#include <filesystem>
#include <memory>

#include "train/trainer.hpp"

namespace attune {

// A fresh folder, removed at the end.
struct TemporaryFolder {
  std::filesystem::path path;
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "attune-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

// Passes everything on, but throws in place of step `fail_at`: a crash between two checkpoints.
struct Failing : Problem {
  Problem& inner;
  std::size_t fail_at;
  Failing(Problem& problem, std::size_t step) : inner(problem), fail_at(step) {}
  Params init(Rng& rng) const override { return inner.init(rng); }
  Step gradients(const Params& params, std::span<const std::uint64_t> episodes,
                 Context& context) override {
    if (context.step == fail_at) throw Error("crash");
    return inner.gradients(params, episodes, context);
  }
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return inner.evaluator(params);
  }
  std::size_t unit() const override { return inner.unit(); }
};

inline bool same_bits(const Params& a, const Params& b) {
  const Vars x = a.weights(), y = b.weights();
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(x[i].shape() == y[i].shape()) ||
        !std::equal(x[i].value().values().begin(), x[i].value().values().end(),
                    y[i].value().values().begin()))
      return false;
  for (const auto& [name, value] : a.buffers())
    if (!std::equal(value.values().begin(), value.values().end(), b.buffer(name).values().begin()))
      return false;
  return true;
}

// Trains without a stop, and again with a crash at each of `crashes`, continued from the
// checkpoint: weights and log must be the same. Returns the outcome of the undisturbed run.
inline TrainOutcome check_resume(const std::string& config, Problem& problem,
                                 std::size_t validation_episodes,
                                 const std::vector<std::size_t>& crashes) {
  const TemporaryFolder folder;
  const TrainSettings settings(Config::parse(config, "test"));
  TrainRun run;
  run.training = &problem;
  run.validation = &problem;
  run.validation_episodes = validation_episodes;
  run.seed = 5;
  run.identity = {"{}", "test", "", "", ""};
  run.quiet = true;
  const TrainOutcome whole = meta_train(settings, run);
  run.state_path = (folder.path / "state").string();
  run.checkpoint_seconds = 0;
  for (std::size_t crash : crashes) {
    Failing failing(problem, crash);
    run.training = &failing;
    CHECK_THROWS_WITH_AS(meta_train(settings, run), "crash", Error);
    CHECK(std::filesystem::exists(run.state_path));
  }
  run.training = &problem;
  const TrainOutcome resumed = meta_train(settings, run);
  CHECK(same_bits(whole.params, resumed.params));
  CHECK(whole.log == resumed.log);
  CHECK(whole.best_step == resumed.best_step);
  REQUIRE(whole.curve.size() == resumed.curve.size());
  for (std::size_t i = 0; i < whole.curve.size(); ++i) {
    CHECK(whole.curve[i].step == resumed.curve[i].step);
    CHECK(whole.curve[i].score == resumed.curve[i].score);
    CHECK(resumed.curve[i].seconds > (i ? resumed.curve[i - 1].seconds : 0));
  }
  return whole;
}

}  // namespace attune
