#pragma once
#include <cstddef>
#include <memory>
#include <type_traits>

namespace attune {

// Threads of all kernels together. BLAS and oneDNN run single-threaded below it.
void set_threads(int threads);  // ≥ 1, else UsageError; Error without room for so many
int threads();                  // 1 until set
int cores();                    // that this process may use

namespace kernel {

// A callable of one block number, referred to and not owned, so that passing one allocates nothing.
class BlockBody {
 public:
  template <typename Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, BlockBody>)
      BlockBody(const Callable& callable)
      : object_(std::addressof(callable)), call_([](const void* object, std::size_t block) {
          (*static_cast<const Callable*>(object))(block);
        }) {}
  void operator()(std::size_t block) const { call_(object_, block); }

 private:
  const void* object_;
  void (*call_)(const void* object, std::size_t block);
};

// Runs body(block) for block = 0 … blocks-1, each exactly once, on up to threads() threads. The
// number of blocks must not depend on the number of threads; each block writes memory of its own,
// and sums over blocks are added by the caller in block order: then the bits are the same at any
// thread count. Calls inside a block run serially. When blocks throw, the exception of the first
// one (by number) comes out, and later blocks may not have run.
void parallel_for(std::size_t blocks, BlockBody body);

}  // namespace kernel
}  // namespace attune
