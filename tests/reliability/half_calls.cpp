// Preloaded into a program: reads and writes do half of what is asked, as a kernel may.
#include <dlfcn.h>
#include <sys/types.h>

#include <cstddef>

namespace {

template <typename Function>
Function* next_of(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::size_t half(std::size_t bytes) { return bytes - bytes / 2; }

}  // namespace

extern "C" {

ssize_t write(int file, const void* data, std::size_t bytes) {
  static auto* const next = next_of<ssize_t(int, const void*, std::size_t)>("write");
  return next(file, data, half(bytes));
}

ssize_t read(int file, void* data, std::size_t bytes) {
  static auto* const next = next_of<ssize_t(int, void*, std::size_t)>("read");
  return next(file, data, half(bytes));
}

ssize_t pwrite64(int file, const void* data, std::size_t bytes, off_t offset) {
  static auto* const next = next_of<ssize_t(int, const void*, std::size_t, off_t)>("pwrite64");
  return next(file, data, half(bytes), offset);
}

ssize_t pread64(int file, void* data, std::size_t bytes, off_t offset) {
  static auto* const next = next_of<ssize_t(int, void*, std::size_t, off_t)>("pread64");
  return next(file, data, half(bytes), offset);
}

ssize_t pwrite(int file, const void* data, std::size_t bytes, off_t offset) {
  return pwrite64(file, data, bytes, offset);
}

ssize_t pread(int file, void* data, std::size_t bytes, off_t offset) {
  return pread64(file, data, bytes, offset);
}
}
