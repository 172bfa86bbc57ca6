#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace attune {

// What a plan is made with, beside the experiment.
struct PlanOptions {
  std::string results = "results";     // folder of runs/, rows/ and tables/
  std::vector<std::string> overrides;  // of the experiment, "key=value"
  std::int64_t steps = 0;              // of every training, 0 = as the experiment says
  std::int64_t episodes = 0;  // at most so many per test, validation and probe, 0 = as it says
};

// An experiment as make rules, and the small files that those rules depend on.
struct Plan {
  std::string makefile;
  std::map<std::string, std::string> files;  // path → content; to be rewritten only on change
};

// pool → episodes → config.json → model → rows → tables. The rules' variables: BIN, folder of the
// programs; THREADS; DATA, what the pools' inputs are read from. The first target is the table.
// The last line is "# end of plan". UsageError as of load_experiment, also for the experiments that
// cells borrow models from, for paths outside the grammar of make_names.hpp, and as of RuleBook.
Plan make_plan(const std::string& experiment_path, const PlanOptions& options);

// Only the tables and pictures, from the rows that stand in <results>/rows/<name> already. Error
// when none do, or when the name of one is outside the grammar.
Plan make_table_plan(const std::string& experiment_path, const std::string& results);

// Writes those files of the plan whose content changed.
void write_plan_files(const Plan& plan);

}  // namespace attune
