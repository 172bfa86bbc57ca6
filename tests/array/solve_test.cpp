#include <doctest/doctest.h>

#include "array/naive.hpp"
#include "array/parallel.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

// x·xᵀ + shift·1 for random x.
Array positive_definite(Shape lead, std::size_t rows, Real shift, Rng& rng) {
  lead.push_back(rows);
  lead.push_back(rows);
  const Array x = random_array(lead, rng);
  Array a = kernel::matmul(x, x, false, true);
  for (std::size_t i = 0; i < a.size(); ++i)
    if (i / rows % rows == i % rows) a.mutable_data()[i] += shift;
  return a;
}

}  // namespace

TEST_CASE("solve: a·x gives b back, any leading dims, empty or not") {
  Rng rng(1, "solve");
  for (int round = 0; round < 200; ++round) {
    const Shape lead = random_shape(rng, 0, 2, 3);
    const std::size_t rows = rng.below(9), columns = rng.below(5);
    const Array a = positive_definite(lead, rows, 1, rng);
    Shape shape = lead;
    shape.push_back(rows);
    shape.push_back(columns);
    const Array b = random_array(shape, rng);
    CAPTURE(a.shape().text());
    const Array x = kernel::solve(a, b);
    REQUIRE(x.shape() == b.shape());
    CHECK(close(kernel::matmul(a, x), b, 100 * kTolerance));
  }
}

TEST_CASE("solve reads the lower triangle alone and leaves its operands as they are") {
  Rng rng(2, "solve");
  const Array a = positive_definite({}, 5, 1, rng), b = random_array({5, 2}, rng);
  Array lower = a;
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = i + 1; j < 5; ++j) lower.mutable_data()[i * 5 + j] = Real(1e6);
  const Array kept_a = Array::of(a.shape(), a.values()), kept_b = Array::of(b.shape(), b.values());
  CHECK(close(kernel::solve(lower, b), kernel::solve(a, b), 0));
  CHECK(close(a, kept_a, 0));
  CHECK(close(b, kept_b, 0));
}

TEST_CASE("solve: the same bits at any thread count") {
  Rng rng(3, "solve");
  const Array a = positive_definite({7}, 40, 1, rng), b = random_array({7, 40, 6}, rng);
  set_threads(1);
  const Array one = kernel::solve(a, b);
  set_threads(3);
  const Array three = kernel::solve(a, b);
  set_threads(1);
  CHECK(close(one, three, 0));
}

TEST_CASE("solve refuses what is not positive definite, and shapes that don't fit") {
  const Array one_by_two = Array::of({1, 2}, {1, 1});
  CHECK_THROWS_WITH_AS(
      kernel::solve(Array::of({2, 2}, {1, 2, 2, 1}), Array::zeros({2, 1})),
      "solve: want a positive definite matrix, have one of 2 rows whose leading minor of order 2 "
      "is not positive",
      Error);
  CHECK_THROWS_WITH_AS(kernel::solve(one_by_two, one_by_two),
                       "solve: want (...,M,M) and (...,M,N), have (1,2) and (1,2)", Error);
  CHECK_THROWS_AS(kernel::solve(Array::zeros({2, 2}), Array::zeros({3, 1})), Error);
  CHECK_THROWS_AS(kernel::solve(Array::zeros({4, 2, 2}), Array::zeros({2, 1})), Error);
}
