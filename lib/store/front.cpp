#include "store/front.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/file.hpp"
#include "store/handle.hpp"

namespace attune::store {
namespace {

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
// Places in a superblock of version 2 or 3 whose offsets take eight bytes.
constexpr std::size_t kVersion = 8, kOffsetSize = 9, kLengthSize = 10, kBase = 12, kEnd = 28,
                      kSuperblock = 48;
constexpr std::uint64_t kBigFile = std::uint64_t{256} << 20U, kStatBlock = 512, kMostHole = 8;

// Asked before anything opens the file: opening a pipe would wait, a device might never end.
struct stat check_regular_file(const std::string& path) {
  struct stat info {};
  const Place place{path, ""};
  if (path == "-") fail(place, "the name of an HDF5 file", "the standard input");
  if (stat(path.c_str(), &info) != 0) fail(place, "an HDF5 file", std::strerror(errno));
  if (S_ISDIR(info.st_mode)) fail(place, "an HDF5 file", "a folder");
  if (!S_ISREG(info.st_mode)) fail(place, "an HDF5 file", "something that is no regular file");
  if (info.st_size == 0) fail(place, "an HDF5 file", "an empty file");
  return info;
}

// The first bytes of the file, fewer where it is shorter.
std::string first_bytes(const std::string& path) {
  std::array<char, kSuperblock> bytes{};
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  constexpr int kMostInterruptions = 1000;
  std::size_t filled = 0;
  bool failed = descriptor < 0;
  for (int interruptions = 0; !failed && filled < bytes.size();) {
    const ssize_t count = ::pread(descriptor, bytes.data() + filled, bytes.size() - filled,
                                  static_cast<off_t>(filled));
    if (count == 0) break;
    if (count > 0) filled += static_cast<std::size_t>(count);
    failed = count < 0 && (errno != EINTR || ++interruptions > kMostInterruptions);
  }
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (failed) fail({path, ""}, "an HDF5 file", std::strerror(reason));
  return {bytes.data(), filled};
}

std::uint64_t number_at(const std::string& bytes, std::size_t place) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

void check_superblock(const std::string& front, std::uint64_t size, const Place& place) {
  if (!front.starts_with(kSignature)) fail(place, "an HDF5 file", "another format");
  if (front.size() < kSuperblock) fail(place, "an undamaged HDF5 file", "the beginning of one");
  const int version = static_cast<unsigned char>(front[kVersion]);
  if (version != 2 && version != 3) {
    fail(place, "an HDF5 file of superblock version 2 or 3, as Attune writes",
         "version " + std::to_string(version));
  }
  if (front[kOffsetSize] != 8 || front[kLengthSize] != 8 || number_at(front, kBase) != 0) {
    fail(place, "an undamaged HDF5 file", "another superblock than Attune writes");
  }
  if (const std::uint64_t end = number_at(front, kEnd); end != size) {
    fail(place, "an undamaged HDF5 file of " + std::to_string(end) + " bytes, as it says itself",
         std::to_string(size));
  }
}

}  // namespace

std::string read_hdf5(const std::string& path, Reading why) {
  const struct stat info = check_regular_file(path);
  const auto size = static_cast<std::uint64_t>(info.st_size);
  check_superblock(first_bytes(path), size, {path, ""});
  const std::uint64_t stored = static_cast<std::uint64_t>(info.st_blocks) * kStatBlock;
  if (size >= kBigFile && stored < size / kMostHole) {
    fail({path, ""}, "a file whose " + std::to_string(size) + " bytes are on the disk",
         std::to_string(stored) + " of them");
  }
  return read_file(path, size, why);
}

}  // namespace attune::store
