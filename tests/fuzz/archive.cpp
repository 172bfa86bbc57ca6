// Archives: names stay inside, sizes within the limits.
#include "dataset/archive.hpp"

#include "base/error.hpp"
#include "memory_file.hpp"

using namespace attune;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  const ArchiveLimits limits{std::uint64_t{1} << 20U, std::uint64_t{4} << 20U, 1000, 200};
  std::uint64_t total = 0;
  try {
    for_each_entry(file.path(), limits, [&](Entry&& entry) {
      require(!entry.name.empty() && entry.name.front() != '/');
      require(("/" + entry.name + "/").find("/../") == std::string::npos);
      require(entry.bytes.size() <= limits.entry_bytes);
      total += entry.bytes.size();
      require(total <= limits.total_bytes);
    });
  } catch (const Error&) {
  }
  return 0;
}
