// malloc, calloc and realloc of the whole process: those of the C library, but for HDF5. HDF5 1.10
// crashes, or calls exit, where it is given no memory; so there a failure ends the call at once, as
// a C++ exception. In C, since the C library declares these functions as never throwing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

extern void* __libc_malloc(size_t bytes);
extern void* __libc_calloc(size_t count, size_t bytes);
extern void* __libc_realloc(void* memory, size_t bytes);

int attune_within_hdf5(void);
void attune_out_of_memory(void);  // throws

// What stands behind ours: the C library's, or what is preloaded. Looking it up may ask for memory.
static void* behind(const char* name, void** known, void* meanwhile) {
  static __thread int looking;
  if (*known != NULL) return *known;
  if (looking) return meanwhile;
  looking = 1;
  void* const found = dlsym(RTLD_NEXT, name);
  looking = 0;
  return *known = found != NULL ? found : meanwhile;
}

static void* checked(void* memory) {
  if (memory == NULL && attune_within_hdf5()) attune_out_of_memory();
  return memory;
}

void* malloc(size_t bytes) {
  static void* known;
  void* (*const next)(size_t) = behind("malloc", &known, __libc_malloc);
  return checked(next(bytes));
}

void* calloc(size_t count, size_t bytes) {
  static void* known;
  void* (*const next)(size_t, size_t) = behind("calloc", &known, __libc_calloc);
  return checked(next(count, bytes));
}

void* realloc(void* memory, size_t bytes) {
  static void* known;
  void* (*const next)(void*, size_t) = behind("realloc", &known, __libc_realloc);
  void* const moved = next(memory, bytes);
  return bytes == 0 ? moved : checked(moved);
}
