#include "base/instructions.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

#include "base/error.hpp"

using namespace attune;

namespace {

double sum_of(const double* __restrict x, std::size_t count, double& last) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += x[i];
  last = x[count - 1];
  return sum;
}

template <typename T>
void double_all(T* __restrict x, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) x[i] *= 2;
}

}  // namespace

TEST_CASE("what a processor can do may be asked for, and nothing else") {
  CHECK(instructions_of("") == best_instructions());
  CHECK(instructions_of("base") == Instructions::base);
  CHECK(instructions_of(name_of(best_instructions())) == best_instructions());
  CHECK_THROWS_WITH_AS(instructions_of("AVX2"), doctest::Contains("ATTUNE_BITS: want what this"),
                       UsageError);
  if (best_instructions() < Instructions::avx512)
    CHECK_THROWS_AS(instructions_of("avx512"), UsageError);
  CHECK(instructions() <= best_instructions());
}

TEST_CASE("loops for each sort of instructions pass on what they are given") {
  std::vector<double> x(37);
  std::iota(x.begin(), x.end(), 1.0);
  double last = 0;
  CHECK(widest<sum_of>(x.data(), x.size(), last) == 37 * 38 / 2);
  CHECK(last == 37);
  widest<double_all<double>>(x.data(), x.size());
  CHECK(x[36] == 74);
  CHECK(detail::ByInstructions<sum_of>::run(x.data(), 2, last) == 6);
}
