// Preloaded into a program: its FAIL_AT-th request for memory since the start of main() finds none,
// and with FAIL_FOR_EVER those after it neither. Without FAIL_AT it writes the number of requests
// into the file COUNT_INTO at the end. What libraries ask for while they are loaded is not counted:
// nothing could report that.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

using Main = int(int, char**, char**);

std::atomic<long> requests{0};
long fail_at = 0;
bool armed = false, for_ever = false;
Main* real_main = nullptr;

bool refused() {
  if (!armed) return false;
  const long number = ++requests;
  const bool none = fail_at > 0 && (for_ever ? number >= fail_at : number == fail_at);
  if (none) errno = ENOMEM;
  return none;
}

void write_count() {
  armed = false;
  const char* const name = std::getenv("COUNT_INTO");
  const int file = name ? open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
  if (file >= 0) dprintf(file, "%ld\n", requests.load());
}

int counted_main(int count, char** words, char** environment) {
  if (const char* const text = std::getenv("FAIL_AT")) fail_at = std::atol(text);
  for_ever = std::getenv("FAIL_FOR_EVER") != nullptr;
  std::atexit(write_count);
  armed = true;
  return real_main(count, words, environment);
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) { return refused() ? nullptr : __libc_malloc(bytes); }

void* calloc(std::size_t count, std::size_t bytes) {
  return refused() ? nullptr : __libc_calloc(count, bytes);
}

void* realloc(void* memory, std::size_t bytes) {
  return refused() ? nullptr : __libc_realloc(memory, bytes);
}

void* memalign(std::size_t step, std::size_t bytes) {
  return refused() ? nullptr : __libc_memalign(step, bytes);
}

void* aligned_alloc(std::size_t step, std::size_t bytes) { return memalign(step, bytes); }

int posix_memalign(void** memory, std::size_t step, std::size_t bytes) {
  void* const found = memalign(step, bytes);
  if (found) *memory = found;
  return found ? 0 : ENOMEM;
}

int __libc_start_main(Main* main, int count, char** words, void (*init)(), void (*fini)(),
                      void (*loader_fini)(), void* stack_end) {
  real_main = main;
  auto* const next =
      reinterpret_cast<int (*)(Main*, int, char**, void (*)(), void (*)(), void (*)(), void*)>(
          dlsym(RTLD_NEXT, "__libc_start_main"));
  return next(counted_main, count, words, init, fini, loader_fini, stack_end);
}
}
