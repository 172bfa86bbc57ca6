#pragma once
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/output.hpp"
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
  std::shared_ptr<OutputSet> set;     // the output, reserved with its side file; null for "-"

  std::size_t count(std::size_t episodes_of_file) const;
  RowHead named(RowHead head) const;  // by the names that were given
};
// Sets the threads, and reserves the output until the job's end. side_file: whether
// "<output>.cost.json" will be written beside it. UsageError or Error when an option is wrong, or
// the output can't be written.
EpisodeJob read_episode_job(const boost::program_options::variables_map& options, bool side_file);

// Scores the first `count` episodes, `block` at a time, with progress as of the tool `verb`.
// Stopped after a signal.
Rows score_episodes(const std::string& verb, const RowHead& head, std::size_t count,
                    std::size_t block, const std::vector<ScoreColumn>& columns,
                    Evaluator& evaluator);
// To the job's output with an end line, compressed when its name ends with .gz, together with the
// side file, for which `side` is given the name of the set (null without one). Returns the seal.
std::string write_rows(const EpisodeJob& job, const Rows& rows,
                       const std::function<std::string(const std::string&)>& side);

}  // namespace attune
