#pragma once
#include <string>

#include "report/experiment.hpp"

namespace attune {

// Make rules for what is made of an experiment's rows.
struct TableRules {
  std::string targets;  // tables and pictures, each after a space
  std::string rules;
};
// `rows`, `probed`: files of attune-evaluate and attune-probe, each after a space; without probed
// ones there is no table of faithfulness. `path`: the experiment's file.
TableRules table_rules(const Experiment& experiment, const std::string& path,
                       const std::string& results, const std::string& rows,
                       const std::string& probed);

}  // namespace attune
