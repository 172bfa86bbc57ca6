#include "array/parallel.hpp"

#include <cblas.h>
#include <doctest/doctest.h>
#include <omp.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <stdexcept>
#include <thread>
#include <vector>

#include "array/multiply_adds.hpp"
#include "array/naive.hpp"

using namespace attune;

TEST_CASE("every block runs exactly once, at any thread count") {
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    CHECK(threads() == count);
    for (const std::size_t blocks : {0u, 1u, 2u, 7u, 1000u}) {
      std::vector<std::atomic<int>> runs(blocks);
      kernel::parallel_for(blocks, [&](std::size_t block) { ++runs[block]; });
      for (const auto& times : runs) CHECK(times == 1);
    }
  }
  set_threads(1);
}

TEST_CASE("two threads really share the blocks") {
  set_threads(2);
  std::atomic<int> inside{0};
  std::atomic<bool> met{false};
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  // Each block waits, for a while, until another one is inside too.
  kernel::parallel_for(2, [&](std::size_t) {
    ++inside;
    while (inside < 2 && std::chrono::steady_clock::now() < until) continue;
    if (inside == 2) met = true;
  });
  set_threads(1);
  CHECK(met);
}

TEST_CASE("nested calls run in the caller's thread") {
  set_threads(2);
  std::atomic<int> wrong{0}, total{0};
  kernel::parallel_for(4, [&](std::size_t) {
    const std::thread::id self = std::this_thread::get_id();
    kernel::parallel_for(5, [&](std::size_t) {
      ++total;
      if (std::this_thread::get_id() != self || omp_get_max_threads() != 1) ++wrong;
    });
  });
  set_threads(1);
  CHECK(total == 20);
  CHECK(wrong == 0);
}

TEST_CASE("the exception of the lowest block comes out") {
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    for (int repeat = 0; repeat < 50; ++repeat) {
      const std::string message = naive::error_of([] {
        kernel::parallel_for(64, [](std::size_t block) {
          if (block % 10 == 7) throw Error("block " + std::to_string(block));
        });
      });
      CHECK(message == "block 7");
    }
  }
  set_threads(1);
}

TEST_CASE("calls from several threads at once all do their work") {
  set_threads(3);
  std::atomic<int> runs{0};
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 4; ++caller)
      callers.emplace_back([&] {
        for (int repeat = 0; repeat < 200; ++repeat)
          kernel::parallel_for(5, [&](std::size_t) { ++runs; });
      });
  }
  set_threads(1);
  CHECK(runs == 4 * 200 * 5);
}

TEST_CASE("threads that have no work sleep") {
  set_threads(3);
  kernel::parallel_for(3, [](std::size_t) {});
  const std::clock_t before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  set_threads(1);
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 20);
}

TEST_CASE("the work of all threads counts as the caller's") {
  std::vector<std::uint64_t> counted;
  for (const int count : {1, 3}) {
    set_threads(count);
    const std::uint64_t before = multiply_adds();
    kernel::parallel_for(100, [](std::size_t block) { kernel::count_multiply_adds(block); });
    counted.push_back(multiply_adds() - before);
  }
  set_threads(1);
  CHECK(counted[0] == 99 * 100 / 2);
  CHECK(counted[1] == counted[0]);
}

TEST_CASE("libraries are serial") {
  set_threads(2);
  CHECK(openblas_get_num_threads() == 1);
  CHECK(omp_get_max_threads() == 1);
  set_threads(1);
  CHECK_THROWS_AS(set_threads(0), Error);
  CHECK(threads() == 1);
}
