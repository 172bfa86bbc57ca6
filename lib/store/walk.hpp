#pragma once
#include <map>
#include <string>

#include "store/dataset.hpp"
#include "store/limits.hpp"

namespace attune::store {

// All datasets of an open file by name, opened and within the limits; no data are read.
// Error for links other than one hard link to each object, and for what no Writer makes.
std::map<std::string, Dataset> open_datasets(hid_t file, const std::string& path, Budget& budget);

// Error when `object` has more than `most` attributes.
void check_attribute_count(hid_t object, std::size_t most, const Place& place);

}  // namespace attune::store
