#include "array/parallel.hpp"

#include <cblas.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "array/bits.hpp"
#include "array/blas_memory.hpp"
#include "array/multiply_adds.hpp"
#include "array/product.hpp"
#include "array/team.hpp"
#include "base/cli.hpp"
#include "base/error.hpp"

namespace attune {
namespace {

std::atomic<int> thread_count{1};

// OpenBLAS has one setting per process, OpenMP one per thread; workers inherit it. A oneDNN
// primitive made under another setting would silently compute wrong weight gradients in a block.
void make_libraries_serial() {
  static const bool blas_set = [] {
    openblas_set_num_threads(1);
    return true;
  }();
  static thread_local const bool openmp_set = [] {
    omp_set_num_threads(1);
    return true;
  }();
  static_cast<void>(blas_set);
  static_cast<void>(openmp_set);
}

// The core's name tells which of its kernels, and so which bits, this machine gets.
std::string blas_version() {
  const std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 DYNAMIC_ARCH …"
  const std::size_t begin = config.find(' ') + 1;
  return config.substr(begin, config.find(' ', begin) - begin) + " " + openblas_get_corename();
}

const bool serial_from_the_start = [] {
  choose_kernels();
  make_libraries_serial();
  return record_version("OpenBLAS", blas_version());
}();

thread_local bool inside = false;  // a block of parallel_for

}  // namespace

void set_threads(int threads) {
  if (threads < 1) throw UsageError("threads: want at least 1, have " + std::to_string(threads));
  make_libraries_serial();
  reserve_blas_buffers(threads);
  Team::own().grow(static_cast<std::size_t>(threads - 1));
  thread_count = threads;
}

int threads() { return thread_count; }

int cores() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

namespace kernel {

namespace {

// The blocks of one parallel_for, which its threads take one by one.
class Blocks {
 public:
  Blocks(std::size_t count, const BlockBody& body) : body_(body), failed_(count) {}

  // Until none is left.
  void take() {
    const bool before = std::exchange(inside, true);
    for (std::size_t block; (block = next_.fetch_add(1)) < failed_;) {
      try {
        body_(block);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (block < failed_) {
          failed_ = block;
          error_ = std::current_exception();
        }
      }
    }
    inside = before;
  }
  std::exception_ptr error() const { return error_; }

 private:
  const BlockBody& body_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> failed_;  // lowest so far; blocks below it still run
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

void parallel_for(std::size_t blocks, BlockBody body) {
  make_libraries_serial();
  reserve_blas_buffers(threads());
  const std::size_t team = std::min(blocks, static_cast<std::size_t>(threads()));
  if (team > 1 && !inside) {
    Blocks shared(blocks, body);
    const std::thread::id caller = std::this_thread::get_id();
    std::atomic<std::uint64_t> work{0};  // of the other threads
    const bool alone = rows_alone();
    const auto task = [&] {
      const RowsAlone scope(alone);
      const std::uint64_t before = multiply_adds();
      shared.take();
      if (std::this_thread::get_id() != caller) work += multiply_adds() - before;
    };
    if (Team::own().run(Team::Task(task), team - 1)) {
      count_multiply_adds(work);
      if (shared.error()) std::rethrow_exception(shared.error());
      return;
    }
  }
  for (std::size_t block = 0; block < blocks; ++block) body(block);
}

}  // namespace kernel
}  // namespace attune
