#include "array/blas_memory.hpp"

#include <sys/mman.h>

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.hpp"

extern "C" {
// OpenBLAS's own, exported but in none of its headers.
void* blas_memory_alloc(int position);
void blas_memory_free(void* buffer);

// What OpenBLAS asks, while it is loaded, for the value of OPENBLAS_NUM_THREADS; this stands before
// its own. With another answer it starts a thread for each core, which we never use, and each takes
// a stack and a buffer.
int openblas_num_threads_env() { return 1; }
}

namespace attune {
namespace {

constexpr std::size_t kBufferBytes = (std::size_t{128} << 20U) + 4096;

// As OpenBLAS maps them, so that every limit it meets is met here.
bool room_for(std::size_t bytes) {
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory != MAP_FAILED && ::munmap(memory, bytes) == 0;
}

}  // namespace

void reserve_blas_buffers(int threads) {
  static std::atomic<int> reserved{0};
  static std::mutex one_at_a_time;
  if (threads <= reserved) return;
  const std::lock_guard lock(one_at_a_time);
  if (threads <= reserved) return;
  std::vector<void*> buffers(static_cast<std::size_t>(threads));
  const std::size_t bytes = static_cast<std::size_t>(threads - reserved) * kBufferBytes;
  if (!room_for(bytes)) {
    throw Error("out of memory: want " + std::to_string((bytes >> 20U) + 1) +
                " MiB of address space for the buffers of OpenBLAS in " + std::to_string(threads) +
                " threads, have less: raise ulimit -v or lower --threads");
  }
  for (void*& buffer : buffers) buffer = blas_memory_alloc(1);
  for (void* const buffer : buffers) blas_memory_free(buffer);
  reserved = threads;
}

}  // namespace attune
