#pragma once
#include <cstdint>
#include <string>

#include "episode/episodes.hpp"
#include "learner/learner.hpp"
#include "metric/calibration.hpp"
#include "train/model.hpp"
#include "train/trainer.hpp"

namespace attune {

// Parts of the side files (*.cost.json) that attune-train and attune-evaluate leave beside what
// they make: JSON members, each with its comma before it. Times and memory stand in no other file.

std::string process_members();  // threads, and peak memory of this process so far
// "key": what the side file of `path` says. Empty where there is none; Error when it is damaged.
std::string side_file_member(const std::string& key, const std::string& path);

// What a training leaves: seconds, parameters, steps, multiply-adds of a step, and the validation
// that chose the model, with the hash of its episodes and a curve, lists of the steps done, the
// core-seconds that they took, and the score of every validation. `search`: of the run that chose
// the stopping point, as side_file_member gives it.
std::string training_side_file(const TrainOutcome& outcome, const Model& model,
                               const std::string& metric, const std::string& validation_hash,
                               const std::string& search);

// "calibration": lists of answers, of right ones and of summed confidences, one item for each bin.
std::string calibration_member(const Calibration& calibration);

// Multiply-adds of one episode, from its examples to its answers, as the kernels count them.
struct EpisodeWork {
  std::uint64_t encoding, answering;
};
EpisodeWork episode_work(const Learner& learner, const Params& params, const Pool& pool,
                         const Episode& episode, std::size_t ways);

}  // namespace attune
