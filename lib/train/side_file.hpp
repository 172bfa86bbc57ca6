#pragma once
#include <cstdint>
#include <string>

#include "episode/episodes.hpp"
#include "learner/learner.hpp"
#include "metric/calibration.hpp"
#include "train/model.hpp"
#include "train/row_head.hpp"
#include "train/trainer.hpp"

namespace attune {

// Parts of the side files (*.cost.json) that attune-train and attune-evaluate leave beside what
// they make: JSON members, each with its comma before it. Times and memory stand in no other file.

// Each belongs to a set (OutputSet), which its member "set" names: the model's or the rows' first
// 16 digits. The set's id is handed on as `set`.
inline const std::string kSideEnding = ".cost.json", kLogEnding = ".log.jsonl";

// Threads, peak memory of this process so far, the commit and the build of the program `verb`.
std::string process_members(const std::string& verb);
// "key": what the side file of `path` says. Empty where there is none; Error when it is damaged, or
// of another set than `set`.
std::string side_file_member(const std::string& key, const std::string& path,
                             const std::string& set);
// A model's log, with a last line that tells that the log is whole, and of which model.
std::string log_file(const std::string& log, const std::string& set);
// How rows came about, and their set.
std::string origin_members(const RowOrigin& origin, const std::string& set);

// The validation of a training: its episodes, their split, and what of them counts.
struct ValidatedOn {
  std::string metric, hash, split;
};
// What a training leaves: seconds, parameters, steps, multiply-adds of a step, and the validation
// that chose the model, with the hash of its episodes and a curve, lists of the steps done, the
// core-seconds that they took, and the score of every validation. `search`: of the run that chose
// the stopping point, as side_file_member gives it.
std::string training_side_file(const TrainOutcome& outcome, const Model& model,
                               const ValidatedOn& validation, const std::string& search,
                               const std::string& set);

// "calibration": lists of answers, of right ones and of summed confidences, one item for each bin.
std::string calibration_member(const Calibration& calibration);

// Multiply-adds of one episode, from its examples to its answers, as the kernels count them.
struct EpisodeWork {
  std::uint64_t encoding, answering;
};
EpisodeWork episode_work(const Learner& learner, const Params& params, const Pool& pool,
                         const Episode& episode, std::size_t ways);

}  // namespace attune
