#include "array/storage.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "array/naive.hpp"

using namespace attune;

namespace {

Real work(std::size_t size) {
  const Array a = Array::full({size}, 2);
  const Array b = kernel::mul(a, kernel::shift(a, 1));
  return kernel::sum_all(kernel::sum(b.reshaped({1, size}), std::array<std::size_t, 1>{0}, false))
      .item();
}

}  // namespace

TEST_CASE("repeated work asks the system for nothing") {
  for (const std::size_t size : {1u, 100u, 5000u, 300000u}) work(size);
  const storage::Usage before = storage::usage();
  for (int i = 0; i < 50; ++i) {
    for (const std::size_t size : {1u, 100u, 5000u, 300000u}) {
      CHECK(work(size) == doctest::Approx(6.0 * static_cast<double>(size)));
    }
  }
  const storage::Usage after = storage::usage();
  CHECK(after.system_allocations == before.system_allocations);
  CHECK(after.bytes_in_use == before.bytes_in_use);
  CHECK(after.bytes_reserved == before.bytes_reserved);
}

TEST_CASE("bytes are counted while in use and kept afterwards") {
  storage::release_unused();
  const storage::Usage before = storage::usage();
  CHECK(before.bytes_reserved == before.bytes_in_use);
  {
    const Array x({1000000});
    const std::size_t bytes = 1000000 * sizeof(Real);
    const storage::Usage during = storage::usage();
    CHECK(during.bytes_in_use >= before.bytes_in_use + bytes);
    CHECK(during.bytes_in_use <= before.bytes_in_use + bytes + bytes / 8 + 128);
    CHECK(during.system_allocations == before.system_allocations + 1);
  }
  const storage::Usage after = storage::usage();
  CHECK(after.bytes_in_use == before.bytes_in_use);
  CHECK(after.bytes_reserved > before.bytes_reserved);
  storage::release_unused();
  CHECK(storage::usage().bytes_reserved == before.bytes_reserved);
}

TEST_CASE("every size has room for its bytes and little more") {
  for (std::size_t bytes = 1; bytes < 100000; bytes += 1 + bytes / 40) {
    storage::release_unused();
    const std::size_t before = storage::usage().bytes_in_use;
    const storage::Buffer buffer(bytes);
    const std::size_t used = storage::usage().bytes_in_use - before;
    CHECK(used >= bytes + sizeof(storage::Block));
    CHECK(used <= std::max<std::size_t>(512, (bytes + sizeof(storage::Block)) * 9 / 8 + 64));
  }
}

TEST_CASE("sizes that change a little from step to step ask the system for nothing") {
  storage::release_unused();
  const std::size_t largest = 1 << 20;
  { const storage::Buffer first(largest), second(largest); }
  const storage::Usage before = storage::usage();
  for (std::size_t step = 0; step < 40; ++step) {
    const storage::Buffer one(largest - step * 5000), other(largest - (step * 7 % 40) * 5000);
    CHECK(storage::usage().bytes_in_use <= before.bytes_in_use + 2 * (largest + largest / 8 + 128));
  }
  CHECK(storage::usage().system_allocations == before.system_allocations);
  CHECK(storage::usage().bytes_in_use == before.bytes_in_use);
  // What is much smaller does not take a large block.
  const storage::Buffer small(largest / 4);
  CHECK(storage::usage().system_allocations == before.system_allocations + 1);
}

TEST_CASE("too much memory is an Error") {
  CHECK_THROWS_AS(storage::Buffer(std::size_t{1} << 60), Error);
}

TEST_CASE("several threads may allocate, share and drop at once") {
  const std::size_t before = storage::usage().bytes_in_use;
  const Array shared = Array::full({1000}, 1);
  std::vector<double> sums(4);
  std::vector<std::thread> team;
  for (std::size_t t = 0; t < sums.size(); ++t) {
    team.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        Array copy = shared;
        copy.mutable_data()[0] = static_cast<Real>(t);
        sums[t] += copy.values()[0] + shared.values()[0];
      }
    });
  }
  for (std::thread& one : team) one.join();
  for (std::size_t t = 0; t < sums.size(); ++t)
    CHECK(sums[t] == 500.0 * (static_cast<double>(t) + 1));
  CHECK_FALSE(shared.shares_memory());
  CHECK(storage::usage().bytes_in_use > before);
}
