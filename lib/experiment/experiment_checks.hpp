#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

// What load_experiment refuses; all throw UsageError that names file, key, wanted and found.
namespace attune::experiment_checks {

// Keys of this node alone: what is below may belong to another program.
void check_keys(const Config& node, const std::vector<std::string>& allowed);

// `key` of the node, or the node itself when "".
[[noreturn]] void refuse(const Config& node, const std::string& key, std::string_view want,
                         const std::string& have);
[[noreturn]] void unknown(const Config& node, const std::string& key,
                          const std::vector<std::string>& known, const std::string& have);

// Names become file names and make targets.
void check_name(const Config& node, const std::string& key, const std::string& name);

// Two runs of one seed are one run, two columns of one test are one column.
void check_once(const Config& node, const std::string& key, const std::vector<std::string>& items);

}  // namespace attune::experiment_checks
