#pragma once
#include <memory>
#include <string>

#include "train/task.hpp"

namespace attune::bench {

// Episodes of each timed case, in files of a folder that both sides read.
inline constexpr std::uint32_t kTrainQueries = 5, kMamlQueries = 15, kEvaluateQueries = 15;

// Writes pool.h5: as many images of 28×28 as the test characters of Omniglot with their rotations
// (1,692 classes of 20), wandering pen strokes; the episodes train20.h5, train60.h5, maml.h5 and
// evaluate.h5 (`episodes` of them); and the weights to start from, start.h5 and maml-start.h5, and
// trained.h5, which has seen a few steps.
void write_data(const std::string& folder, std::size_t episodes);

// The configuration of training, with `steps` of them.
Config training_config(std::size_t steps);
std::shared_ptr<const Pool> load_pool(const std::string& folder);
std::shared_ptr<const EpisodeFile> load_episodes(const std::string& folder,
                                                 const std::string& name);

}  // namespace attune::bench
