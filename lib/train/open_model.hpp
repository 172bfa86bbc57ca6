#pragma once
#include <memory>
#include <string>

#include "learner/learner.hpp"
#include "train/model.hpp"
#include "train/row_head.hpp"
#include "train/task.hpp"

namespace attune {

// A trained few-shot classifier with the pool and the frozen episodes that it is to be tested on.
struct OpenModel {
  Model model;
  Config config;  // the model's
  std::shared_ptr<const Pool> pool;
  std::shared_ptr<const EpisodeFile> file;
  std::shared_ptr<const Learner> learner;
  Params params;
};
// Error when a file can't be read, the three don't belong together, or the model is of another
// task.
OpenModel open_model(const ModelFile& model, const std::string& pool, const std::string& episodes);

// With the learner's kind as cell and e.g. "5w1s" as test; all of its origin but the mode is set.
RowHead row_head(const OpenModel& open);

}  // namespace attune
