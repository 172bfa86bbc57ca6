#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace attune {

// "train", "val", "test": numbers 0, 1, 2 wherever a split is stored.
const std::vector<std::string>& split_names();

// Places where split_of is one of "train", "val", "test", or several joined by '+' ("train+val"),
// ascending; may be empty. UsageError for other names and repeated ones.
std::vector<std::uint32_t> places_of_split(std::span<const std::uint32_t> split_of,
                                           const std::string& split);

}  // namespace attune
