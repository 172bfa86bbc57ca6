#include "bench/watched.hpp"

#include "train/trainer.hpp"

namespace attune::bench {
namespace {

struct Finished {};  // the end of stdin, out of a training loop that knows no other end

class Watched : public Problem {
 public:
  Watched(Problem& problem, Params start, std::size_t cycle, Rounds& rounds)
      : problem_(problem), start_(std::move(start)), cycle_(cycle), rounds_(rounds) {}
  Params init(Rng&) const override { return start_; }
  std::size_t unit() const override { return problem_.unit(); }
  Step gradients(const Params& params, std::span<const std::uint64_t> numbers,
                 Context& context) override {
    if (!rounds_.next()) throw Finished();
    std::vector<std::uint64_t> own(numbers.begin(), numbers.end());
    if (cycle_)
      for (std::uint64_t& number : own) number %= cycle_;
    Step step = problem_.gradients(params, own, context);
    rounds_.note(step.loss);
    return step;
  }
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return problem_.evaluator(params);
  }

 private:
  Problem& problem_;
  Params start_;
  std::size_t cycle_;
  Rounds& rounds_;
};

}  // namespace

void time_training(Problem& problem, Params start, const TrainSettings& settings, std::size_t cycle,
                   Rounds& rounds) {
  Watched watched(problem, std::move(start), cycle, rounds);
  TrainRun run;
  run.training = &watched;
  run.quiet = true;
  try {
    meta_train(settings, run);
  } catch (const Finished&) {
  }
}

}  // namespace attune::bench
