// Checkpoints: raw bytes, and any content under a right hash. What is taken up has the shapes of
// the run, an optimiser can go on with it, and it is written as it was read.
#include "base/error.hpp"
#include "forged_file.hpp"
#include "nn/optimiser.hpp"
#include "train/state.hpp"

using namespace attune;

namespace {

const RunIdentity kRun{R"({"train": {"steps": 100}})", "data", "validation", "start", "avx2"};

const Params& wanted() {
  static const Params shape = [] {
    Params made;
    made.add("w", Array::zeros({2, 3}));
    made.add("b", Array::zeros({1}));
    made.add_buffer("m", Array::zeros({3}));
    return made;
  }();
  return shape;
}

const std::vector<ForgedPart>& parts() {
  using store::Type;
  static const std::vector<ForgedPart> all = [] {
    std::vector<ForgedPart> made = {
        {"config", Type::text, {}, kRun.config},
        {"data", Type::text, {}, kRun.data},
        {"validation", Type::text, {}, kRun.validation},
        {"start", Type::text, {}, kRun.start},
        {"bits", Type::text, {}, kRun.bits},
        {"/optimiser/mean.w", Type::f32, {2, 3}, ""},
        {"/optimiser/mean.b", Type::f32, {1}, ""},
        {"/optimiser/square.w", Type::f32, {2, 3}, ""},
        {"/optimiser/square.b", Type::f32, {1}, ""},
        {"/optimiser/step", Type::f32, {2}, value_of<float>({0, 50})},
        {"/progress/reals", Type::f64, {4}, value_of<double>({0.5, 1.5, 20, 10})},
        {"/progress/counts", Type::i64, {3}, value_of<std::int64_t>({50, 40, 10})},
        {"/progress/log", Type::text, {1}, "{\"step\": 40, \"loss\": 0.5}\n"},
        {"/progress/curve", Type::f64, {1, 3}, value_of<double>({40, 8, 0.5})}};
    for (const char* group : {"/current", "/average", "/best"})
      for (ForgedPart& part : forged_params(group)) made.push_back(std::move(part));
    return made;
  }();
  return all;
}

// One step on, from the state that the checkpoint gives it. Error when it is of other weights.
void go_on(const TrainState& state) {
  const auto optimiser = OptimiserRegistry::make(Config(), "adam");
  optimiser->restore(state.optimiser);
  std::vector<Array> gradients;
  for (const std::string& name : wanted().names())
    gradients.push_back(Array::zeros(wanted()[name].shape()));
  Params params = state.params;
  optimiser->update(params, gradients, 0.1);
}

bool accepts(const std::string& path) {
  TrainState state;
  try {
    if (!load_state(path, kRun, wanted(), state)) return false;
    for (const Params* params : {&state.params, &state.average, &state.best}) {
      for (const std::string& name : wanted().names())
        require((*params)[name].shape() == wanted()[name].shape());
    }
    // Counts of steps that were done, in their order.
    require(state.step <= INT64_MAX && state.best_step <= state.step);
    require(state.loss_count <= state.step);
    go_on(state);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return read_or_forged(data, size, "attune-state", 3, parts(), accepts);
}
