#pragma once
#include "base/registry.hpp"
#include "episode/pool.hpp"

namespace attune {

// Reads raw data into a labelled pool. One file a reader; its last line registers it.
// The options come from the Config node; `input` is the folder or file named on the command line
// ("" when the reader needs none). Fills everything but `hash`; `source` records hashes of what was
// read.
struct DatasetReader {
  virtual ~DatasetReader() = default;
  virtual Pool read(const std::string& input) const = 0;
};
using ReaderRegistry = Registry<DatasetReader>;

}  // namespace attune
