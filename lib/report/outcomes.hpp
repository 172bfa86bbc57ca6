#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/rows.hpp"
#include "report/costs.hpp"

namespace attune {

// What one model scored on one test, read from attune-evaluate's rows.
struct Outcome {
  std::string cell, trained_on, test, episode_file, model;
  std::int64_t seed = 0;
  std::int64_t ways = 0, shots = 0, queries = 0;
  std::map<std::uint64_t, double> accuracy;  // episode → fraction 0…1
  std::optional<Costs> costs;                // where a side file tells them
};

// Rows of several files → outcomes, in the order in which they first appear. Error, naming file and
// line, when an episode stands twice, when two models or two training sets hide under one cell and
// seed, for an accuracy outside 0…1, and for missing columns.
std::vector<Outcome> gather_outcomes(const std::vector<Rows>& files);

// Notes what the side file of `rows` says with the outcome that these are of.
void add_costs(std::vector<Outcome>& outcomes, const Rows& rows, const Costs& costs);

// Both of files of rows, "-" is stdin; with the side files "<path>.cost.json" that exist.
std::vector<Outcome> read_outcomes(const std::vector<std::string>& paths);

// Whether a file's header is that of per-episode rows, not of a finished table.
bool is_outcome_rows(const Rows& rows);

// Numbers of different episodes must not stand in one column: Error names both episode files and
// both cells.
void check_same_episodes(const std::vector<Outcome>& outcomes);

}  // namespace attune
