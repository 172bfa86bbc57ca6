#pragma once
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <string>
#include <vector>

#include "base/rows.hpp"
#include "learner/problem.hpp"
#include "train/row_head.hpp"

namespace attune {

// What the tools that write one row per frozen episode have alike: their options, and the work.

// --model, --pool, --episodes, --cell, --test, --first, --threads and --output.
boost::program_options::options_description episode_options();

// The options as given, checked before anything long begins.
struct EpisodeJob {
  std::string model, pool, episodes;  // paths; pool "" where none is given
  std::string cell, test;             // names in the table, "" for the family's own
  std::size_t first = 0;              // only so many episodes, 0 = all
  std::string output;                 // path, or "-"

  std::size_t count(std::size_t episodes_of_file) const;
  RowHead named(RowHead head) const;  // by the names that were given
};
// Sets the threads. UsageError or Error when an option is wrong, or the output can't be written.
EpisodeJob read_episode_job(const boost::program_options::variables_map& options);

// Scores the first `count` episodes, `block` at a time, with progress as of the tool `verb`.
// Stopped after a signal.
Rows score_episodes(const std::string& verb, const RowHead& head, std::size_t count,
                    std::size_t block, const std::vector<ScoreColumn>& columns,
                    Evaluator& evaluator);
// To the job's output, compressed when its name ends with .gz.
void write_rows(const EpisodeJob& job, const Rows& rows);

}  // namespace attune
