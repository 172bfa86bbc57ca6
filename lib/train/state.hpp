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

// What a checkpoint belongs to. Everything in it decides bits of the run.
struct RunIdentity {
  std::string config;      // resolved JSON
  std::string data;        // content hash of what is trained on
  std::string validation;  // of the validation episodes, "" without
  std::string start;       // of what the weights start from beside the seed, "" for the seed alone
  std::string bits;        // class of bits, see class_of_bits
  std::string hash() const;  // of all but bits
};

// A checkpoint file (kind "attune-state", version 3; 2, which holds of the identity only its hash,
// is read too).
void save_state(const std::string& path, const RunIdentity& identity, const TrainState& state);
// False when there is no such file. Error when it is damaged, or belongs to another run: the
// message names what differs ("train.steps: 1500 -> 2000") and what to do. The file is never
// changed. `shape` gives the names and shapes that weights and buffers must have.
bool load_state(const std::string& path, const RunIdentity& identity, const Params& shape,
                TrainState& state);
// Gives a checkpoint the first free name of "<path>.1", "<path>.2" …, and returns it; "" when there
// is none. Nothing is replaced.
std::string set_state_aside(const std::string& path);

// Weights and buffers under `group` ("/weights" …), and back into the names and shapes of `shape`.
void write_params(store::Writer& file, const std::string& group, const Params& params);
Params read_params(const store::Reader& file, const std::string& group, const Params& shape);

}  // namespace attune
