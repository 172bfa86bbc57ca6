#pragma once
#include <string>
#include <vector>

namespace attune {

// Configurations as JSON text, without a meaning of their keys. UsageError for text that is no
// JSON.

// The keys that differ, dotted and sorted, as "train.steps: 1500 -> 2000"; "(absent)" stands for a
// key that one side lacks.
std::vector<std::string> setting_differences(const std::string& before, const std::string& after);

// The text in canonical form (as Config::given) without the dotted keys named.
std::string without_settings(const std::string& json, const std::vector<std::string>& keys);

}  // namespace attune
