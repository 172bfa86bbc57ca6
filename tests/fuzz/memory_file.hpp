#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

// Bytes as a file with a name, for readers that open by name; nothing touches a disk. One at a
// time: all are the same file, so that a process knows one input and not millions.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) {
    if (lives()) std::abort();
    lives() = true;
    if (::ftruncate(file(), 0) != 0 ||
        ::pwrite(file(), data, size, 0) != static_cast<ssize_t>(size))
      std::abort();
  }
  ~MemoryFile() { lives() = false; }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file()); }

 private:
  static bool& lives() {
    static bool now = false;
    return now;
  }
  static int file() {
    static const int made = memfd_create("input", 0);
    if (made < 0) std::abort();
    return made;
  }
};

// A promise that does not hold ends the run, and libFuzzer keeps the input.
inline void require(bool holds) {
  if (!holds) std::abort();
}
