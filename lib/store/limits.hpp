#pragma once
#include <cstdint>
#include <string>

#include "store/handle.hpp"

namespace attune::store {

// What a file may hold. Reader refuses more before it trusts anything, so that a forged file of a
// few MB ends within seconds and little memory; Writer refuses to write it.
constexpr std::size_t kMostObjects = 10'000;       // groups and datasets
constexpr std::size_t kMostDepth = 8;              // groups above a dataset
constexpr std::size_t kLongestName = 1024;         // bytes of a whole name, "/a/b/c"
constexpr std::size_t kMostAttributes = 1000;      // of the file
constexpr std::size_t kMostObjectAttributes = 16;  // of one group or dataset
constexpr std::uint64_t kFreeBytes = std::uint64_t{64} << 20U, kMostExpansion = 100;
constexpr std::uint64_t kFreeChunks = 4096, kLeastChunkBytes = 8192;

// Bytes that `dims` elements take once read. A text takes room beside its letters; an empty axis
// does not hide absurd others. UINT64_MAX when it is more than that.
std::uint64_t decoded_bytes(Type type, std::size_t width, const Dims& dims);
std::uint64_t most_decoded_bytes(std::uint64_t file_bytes);

// What is left of the limits while one file is opened.
class Budget {
 public:
  explicit Budget(std::uint64_t file_bytes);
  std::uint64_t file_bytes() const { return file_bytes_; }
  std::size_t objects_left() const { return objects_; }
  // Error when more than is left; `have` says what asked for it.
  void take_objects(const Place& place, std::size_t count);
  void take_data(const Place& place, std::uint64_t bytes, const std::string& have);
  void take_chunks(const Place& place, std::uint64_t count, std::uint64_t bytes);

 private:
  std::uint64_t file_bytes_, data_, chunks_ = kFreeChunks;
  std::size_t objects_ = kMostObjects;
};

// Error when a name or the number of groups above it is over the limits.
void check_name(const Place& place);

}  // namespace attune::store
