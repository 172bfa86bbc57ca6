#include "train/unknown_keys.hpp"

#include "base/error.hpp"
#include "train/task.hpp"

namespace attune {

void refuse_unknown_keys(const Config& config) {
  constexpr std::size_t kSide = 1 << 16;  // images that every number of blocks fits
  const Config read = config.clone();
  try {
    const TaskConfig task(read);
    LearnerRegistry::make(task.learner, "matching", InputShape{Shape{1, kSide, kSide}});
  } catch (const UsageError&) {
    return;
  }
  read.finish();
}

}  // namespace attune
