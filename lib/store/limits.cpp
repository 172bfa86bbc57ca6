#include "store/limits.hpp"

#include <algorithm>

namespace attune::store {

std::uint64_t decoded_bytes(Type type, std::size_t width, const Dims& dims) {
  std::uint64_t bytes = width + (type == Type::text ? sizeof(std::string) : 0);
  for (const std::uint64_t dim : dims) {
    if (__builtin_mul_overflow(bytes, std::max<std::uint64_t>(dim, 1), &bytes)) return UINT64_MAX;
  }
  return bytes;
}

std::uint64_t most_decoded_bytes(std::uint64_t file_bytes) {
  return kFreeBytes + kMostExpansion * file_bytes;
}

Budget::Budget(std::uint64_t file_bytes)
    : file_bytes_(file_bytes), data_(most_decoded_bytes(file_bytes)) {}

void Budget::take_objects(const Place& place, std::size_t count) {
  if (count > objects_) {
    fail(place, "at most " + std::to_string(kMostObjects) + " groups and datasets", "more");
  }
  objects_ -= count;
}

void Budget::take_data(const Place& place, std::uint64_t bytes, const std::string& have) {
  if (bytes > data_) {
    fail(place,
         "data that fit a file of " + std::to_string(file_bytes_) +
             " bytes (64 MiB and 100 for each byte, in all)",
         have);
  }
  data_ -= bytes;
}

void Budget::take_chunks(const Place& place, std::uint64_t count, std::uint64_t bytes) {
  chunks_ += bytes / kLeastChunkBytes;
  if (count > chunks_) fail(place, "chunks of at least 8 KiB on average", "smaller ones");
  chunks_ -= count;
}

void check_name(const Place& place) {
  if (place.object.size() > kLongestName) {
    fail({place.file, place.object.substr(0, 40) + "..."},
         "a name of at most " + std::to_string(kLongestName) + " bytes",
         std::to_string(place.object.size()));
  }
  const auto slashes = std::count(place.object.begin(), place.object.end(), '/');
  if (slashes > static_cast<std::ptrdiff_t>(kMostDepth) + 1) {
    fail(place, "at most " + std::to_string(kMostDepth) + " groups inside each other", "more");
  }
}

}  // namespace attune::store
