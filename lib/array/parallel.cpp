#include "array/parallel.hpp"

#include <cblas.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <latch>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "array/blas_memory.hpp"
#include "array/multiply_adds.hpp"
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
  make_libraries_serial();
  return record_version("OpenBLAS", blas_version());
}();

// OpenMP ends the process where it can't start a thread, with outputs half written: tried here, and
// the team that it keeps is started while there is room.
void start_team(int threads) {
  if (threads == 1) return;
  std::vector<std::jthread> others;
  std::latch all(1);
  std::string reason;
  try {
    for (int i = 1; i < threads; ++i) others.emplace_back([&] { all.wait(); });
  } catch (const std::system_error& error) {
    reason = error.code().message();
  }
  all.count_down();
  others.clear();
  if (!reason.empty()) {
    throw Error("threads: want " + std::to_string(threads) + ", can't start as many: " + reason +
                " (lower --threads)");
  }
#pragma omp parallel num_threads(threads)
  make_libraries_serial();
}

}  // namespace

void set_threads(int threads) {
  if (threads < 1) throw UsageError("threads: want at least 1, have " + std::to_string(threads));
  make_libraries_serial();
  reserve_blas_buffers(threads);
  start_team(threads);
  thread_count = threads;
}

int threads() { return thread_count; }

int cores() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

namespace kernel {

void parallel_for(std::size_t blocks, BlockBody body) {
  make_libraries_serial();
  reserve_blas_buffers(threads());
  const int team =
      static_cast<int>(std::min<std::size_t>(blocks, static_cast<std::size_t>(threads())));
  if (team <= 1 || omp_in_parallel()) {
    for (std::size_t block = 0; block < blocks; ++block) body(block);
    return;
  }
  std::exception_ptr error;
  std::atomic<std::size_t> failed{blocks};  // lowest so far; blocks below it still run
  std::uint64_t work = 0;                   // of the other threads
#pragma omp parallel for num_threads(team) schedule(dynamic, 1) reduction(+ : work)
  for (std::size_t block = 0; block < blocks; ++block) {
    if (block > failed) continue;
    const std::uint64_t before = multiply_adds();
    try {
      body(block);
    } catch (...) {
#pragma omp critical(attune_parallel_for)
      if (block < failed) {
        failed = block;
        error = std::current_exception();
      }
    }
    if (omp_get_thread_num() > 0) work += multiply_adds() - before;
  }
  count_multiply_adds(work);
  if (error) std::rethrow_exception(error);
}

}  // namespace kernel
}  // namespace attune
