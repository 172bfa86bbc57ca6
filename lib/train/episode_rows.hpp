#pragma once
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <string>
#include <vector>

#include "learner/problem.hpp"
#include "train/open_model.hpp"

namespace attune {

// What the tools that write one row per frozen episode have alike: their options, and the work.

// --model, --pool, --episodes, --cell, --test, --first, --threads and --output.
boost::program_options::options_description episode_options();

// The options as given, all of them checked, before anything long begins.
struct EpisodeJob {
  OpenModel open;
  std::size_t count;                // the first so many episodes of the file
  std::vector<std::string> fields;  // of row_columns()
  std::string output;               // path, or "-"
};
// Sets the threads. UsageError or Error when an option or a file is wrong, or the output can't be
// written.
EpisodeJob open_episodes(const boost::program_options::variables_map& options);

// A column of numbers, under the name that the scores have for it.
struct ScoreColumn {
  std::string name;
  int decimals = -1;  // -1: as many as read back exactly
};
// Asks the evaluator for `block` episodes at a time, with progress as of the tool `verb`. Stopped
// after a signal.
Rows score_episodes(const std::string& verb, const EpisodeJob& job, std::size_t block,
                    const std::vector<ScoreColumn>& columns, Evaluator& evaluator);
// To the job's output, compressed when its name ends with .gz.
void write_rows(const EpisodeJob& job, const Rows& rows);

}  // namespace attune
