#include "array/blas_memory.hpp"

#include <cblas.h>
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "array/parallel.hpp"
#include "base/error.hpp"

using namespace attune;

namespace {

// In MiB, from /proc: "VmSize", "VmRSS" or "Threads" (a count).
long status_of(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    long value = 0;
    if (word == name + ":" && file >> value) return name == "Threads" ? value : value / 1024;
  }
  return -1;
}

// From here on this process may take `room` MiB more address space than it has.
void make_space_small(long room) {
  const rlim_t bytes = static_cast<rlim_t>(status_of("VmSize") + room) << 20U;
  const rlimit small{bytes, bytes};
  REQUIRE(setrlimit(RLIMIT_AS, &small) == 0);
}

// Runs the one test case of that name, which is skipped otherwise, in a process of its own.
bool passes_alone(const std::string& name) {
  const std::string self = boost::filesystem::canonical("/proc/self/exe").string();
  const std::string command =
      "timeout -s KILL 60 '" + self + "' --no-skip --test-case='" + name + "' > /dev/null";
  return std::system(command.c_str()) == 0;
}

int multiply() {
  const std::vector<float> a(64 * 64, 1);
  std::vector<float> c(64 * 64, 0);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 64, 64, 64, 1, a.data(), 64, a.data(), 64,
              0, c.data(), 64);
  return c[77] == 64 ? 0 : 3;
}

}  // namespace

TEST_CASE("child: two threads multiply in the space that set_threads reserved" * doctest::skip()) {
  make_space_small(2 * 129 + 2 * (8 + 64) + 64);
  set_threads(2);
  std::vector<int> wrong(64, 1);
  kernel::parallel_for(wrong.size(), [&](std::size_t block) { wrong[block] = multiply(); });
  CHECK(std::count(wrong.begin(), wrong.end(), 0) == 64);
}

TEST_CASE("child: without room for the buffers of two threads" * doctest::skip()) {
  make_space_small(129 + 64);
  CHECK_THROWS_WITH_AS(set_threads(2), doctest::Contains("out of memory: want 257 MiB"), Error);
  set_threads(1);
  CHECK(multiply() == 0);
}

TEST_CASE("child: the first product finds no room" * doctest::skip()) {
  make_space_small(64);
  CHECK_THROWS_WITH_AS(kernel::parallel_for(1, [](std::size_t) { multiply(); }),
                       doctest::Contains("raise ulimit -v"), Error);
}

TEST_CASE("a small address space is an Error, never a hang") {
  CHECK(passes_alone("child: two threads*"));
  CHECK(passes_alone("child: without room*"));
  CHECK(passes_alone("child: the first product*"));
}

TEST_CASE("buffers take address space, hardly a millisecond and no memory") {
  const long size = status_of("VmSize"), resident = status_of("VmRSS");
  const auto begin = std::chrono::steady_clock::now();
  reserve_blas_buffers(6);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  MESSAGE("6 buffers: ", 1e3 * took.count(), " ms");
  CHECK(status_of("VmSize") >= size);
  CHECK(status_of("VmRSS") - resident <= 2);
  CHECK(took.count() < 0.1);
  const long reserved = status_of("VmSize");
  set_threads(2);
  kernel::parallel_for(64, [](std::size_t) { multiply(); });
  set_threads(1);
  // Stacks and arenas of threads, but no further buffer per thread.
  CHECK(openblas_get_num_threads() == 1);
  reserve_blas_buffers(6);
  CHECK(status_of("VmSize") - reserved < 128 + 2 * 72);
}
