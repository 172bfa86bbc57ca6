#pragma once
#include <map>
#include <string>
#include <vector>

#include "nn/module.hpp"
#include "store/h5.hpp"

namespace attune {

// Everything a run needs to go on with the same bits: no random state is among it, since all
// randomness is a pure function of (seed, step).
struct TrainState {
  std::size_t step = 0;  // steps done
  Params params;
  std::map<std::string, Array> optimiser;
  Params average;  // equals params when no average is kept
  Params best;     // at the best validation so far
  double best_score = 0;
  std::size_t best_step = 0;  // steps done then; 0 = no validation yet
  double loss_sum = 0;        // since the last log line
  std::size_t loss_count = 0;
  std::string log;          // JSON lines so far
  double seconds = 0;       // in all, for the cost file only
  double step_seconds = 0;  // core-seconds of the steps alone
  // Of each validation: steps done, core-seconds that they took, and the score; for the cost file
  // only.
  struct Validated {
    std::size_t step;
    double seconds, score;
  };
  std::vector<Validated> curve;
};

// A checkpoint file (kind "attune-state"). `identity` (hash of configuration and data) is kept in
// it.
void save_state(const std::string& path, const std::string& identity, const TrainState& state);
// False when there is no such file, or one of another identity (then `note` says so); Error when
// damaged, which says what to do. `shape` gives the names and shapes that weights and buffers must
// have.
bool load_state(const std::string& path, const std::string& identity, const Params& shape,
                TrainState& state, std::string& note);

// Weights and buffers under `group` ("/weights" …), and back into the names and shapes of `shape`.
void write_params(store::Writer& file, const std::string& group, const Params& params);
Params read_params(const store::Reader& file, const std::string& group, const Params& shape);

}  // namespace attune
