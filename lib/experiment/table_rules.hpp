#pragma once
#include <string>

#include "experiment/experiment.hpp"
#include "experiment/rule_book.hpp"

namespace attune {

// Adds the rules for what is made of an experiment's rows; returns their targets, tables and
// pictures, each after a space. `rows`, `probed`: files of attune-evaluate and attune-probe, each
// after a space; without probed ones there is no table of faithfulness. `path`: the experiment's
// file. Errors as of RuleBook::rule.
std::string table_rules(RuleBook& book, const Experiment& experiment, const std::string& path,
                        const std::string& results, const std::string& rows,
                        const std::string& probed);

}  // namespace attune
