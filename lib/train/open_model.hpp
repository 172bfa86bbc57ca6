#pragma once
#include <memory>
#include <string>

#include "base/rows.hpp"
#include "learner/learner.hpp"
#include "train/model.hpp"
#include "train/task.hpp"

namespace attune {

// A trained model with the pool and the frozen episodes that it is to be tested on.
struct OpenModel {
  Model model;
  Config config;  // the model's
  std::shared_ptr<const Pool> pool;
  std::shared_ptr<const EpisodeFile> file;
  std::shared_ptr<const Learner> learner;
  Params params;
};
// Error when a file can't be read or the three don't belong together.
OpenModel open_model(const std::string& model, const std::string& pool,
                     const std::string& episodes);

// The columns that begin every file of per-episode rows, up to "queries", and their fields: the
// same in all lines of a file. An empty `cell` is the learner's kind; an empty `test` e.g. "5w1s".
std::vector<std::string> row_columns();
std::vector<std::string> row_fields(const OpenModel& open, const std::string& cell,
                                    const std::string& test);

}  // namespace attune
