#pragma once
#include <cstddef>

namespace attune::storage {

// Counters of the block pool behind Array, for tests and cost columns.
struct Usage {
  std::size_t system_allocations;  // times memory was asked from the system since the start
  std::size_t bytes_in_use;
  std::size_t bytes_reserved;  // in use + kept for reuse
};
Usage usage();
void release_unused();  // gives kept blocks back to the system

}  // namespace attune::storage
