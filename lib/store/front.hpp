#pragma once
#include <string>

#include "base/file.hpp"

namespace attune::store {

// The bytes of an HDF5 file as Attune writes them: read only after its kind, its signature and the
// length that its first 48 bytes (superblock version 2 or 3) state are found right.
// Error for a big file that is mostly a hole: reading one would take memory that no disk holds.
std::string read_hdf5(const std::string& path, Reading why = Reading::input);

}  // namespace attune::store
