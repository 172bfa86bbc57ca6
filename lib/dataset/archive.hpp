#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace attune {

// One file found in a folder or archive.
struct Entry {
  std::string
      name;  // relative, '/'-separated, cleaned, composed (NFC); never absolute or with ".."
  std::vector<std::uint8_t> bytes;
};

struct ArchiveLimits {
  std::uint64_t entry_bytes = 64u << 20, total_bytes = 8ull << 30;
  std::uint64_t entries = 2'000'000;
  double ratio = 200;  // decompressed ÷ compressed, checked once 16 MiB are out
};

// Calls `visit` for each regular file of a folder, or of a zip / tar(.gz/.xz/.zst) archive read in
// memory, in the order stored (folders: sorted by name). Nothing is ever unpacked to disk. Error
// for links, absolute or ".." names, names that are equal once composed (of files, and of folders
// in two spellings), encryption, limits passed, damage.
void for_each_entry(const std::string& path, const ArchiveLimits& limits,
                    const std::function<void(Entry&&)>& visit);

}  // namespace attune
