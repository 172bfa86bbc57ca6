// Preloaded into a program: the random letters of temporary names are a count, the same in every
// run.
#include <sys/types.h>

#include <cstddef>

extern "C" ssize_t getrandom(void* data, std::size_t bytes, unsigned) {
  static unsigned calls = 0;
  const unsigned call = calls++;
  for (std::size_t i = 0; i < bytes; ++i) {
    static_cast<unsigned char*>(data)[i] =
        static_cast<unsigned char>(i < 6 ? call >> (5 * i) & 31U : 0);
  }
  return static_cast<ssize_t>(bytes);
}
