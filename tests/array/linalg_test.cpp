#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "array/naive.hpp"
#include "array/parallel.hpp"
#include "array/product.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

Array plain_matmul(const Array& a, const Array& b, bool trans_a, bool trans_b) {
  const std::size_t rows = a.shape().back(trans_a ? 0 : 1);
  const std::size_t columns = b.shape().back(trans_b ? 1 : 0);
  const std::size_t depth = a.shape().back(trans_a ? 1 : 0);
  Shape shape = a.shape();
  shape[a.rank() - 2] = rows;
  shape[a.rank() - 1] = columns;
  Array want(shape);
  for (std::size_t i = 0; i < want.size(); ++i) {
    const std::size_t product = i / (rows * columns), row = i / columns % rows,
                      column = i % columns;
    const Real* const left = a.data() + product * rows * depth;
    const Real* const right = b.data() + (b.rank() == 2 ? 0 : product * depth * columns);
    double sum = 0;
    for (std::size_t k = 0; k < depth; ++k) {
      sum += static_cast<double>(left[trans_a ? k * rows + row : row * depth + k]) *
             static_cast<double>(right[trans_b ? column * depth + k : k * columns + column]);
    }
    want.mutable_data()[i] = static_cast<Real>(sum);
  }
  return want;
}

Shape matrix(Shape lead, std::size_t rows, std::size_t columns, bool trans) {
  lead.push_back(trans ? columns : rows);
  lead.push_back(trans ? rows : columns);
  return lead;
}

}  // namespace

TEST_CASE("products agree with a plain loop: any leading dims, transposed or not, empty or not") {
  Rng rng(1, "linalg");
  for (int round = 0; round < 400; ++round) {
    const Shape lead = random_shape(rng, 0, 3, 4);
    const std::size_t rows = rng.below(12), columns = rng.below(12), depth = rng.below(12);
    const bool trans_a = rng.bernoulli(0.5), trans_b = rng.bernoulli(0.5);
    const Array a = random_array(matrix(lead, rows, depth, trans_a), rng);
    const Shape lead_b = rng.bernoulli(0.5) ? lead : Shape();
    const Array b = random_array(matrix(lead_b, depth, columns, trans_b), rng);
    CAPTURE(a.shape().text());
    CAPTURE(b.shape().text());
    CHECK(close(kernel::matmul(a, b, trans_a, trans_b), plain_matmul(a, b, trans_a, trans_b),
                10 * kTolerance));
  }
}

TEST_CASE("matmul_first has the bits of the product with the first rows alone") {
  Rng rng(21, "linalg");
  for (int round = 0; round < 200; ++round) {
    const Shape lead = random_shape(rng, 0, 3, 4);
    const std::size_t rows = rng.below(12), room = rng.below(40), used = rng.below(room + 1),
                      width = rng.below(20);
    const bool trans_b = rng.bernoulli(0.5);
    const Array a = random_array(matrix(lead, rows, trans_b ? width : used, false), rng);
    const Array b = random_array(matrix(lead, room, width, false), rng);
    const Array first = kernel::slice(b, b.rank() - 2, 0, used);
    const Array found = kernel::matmul_first(a, b, used, trans_b);
    const Array want = kernel::matmul(a, first, false, trans_b);
    CHECK(found.shape() == want.shape());
    CHECK(std::ranges::equal(found.values(), want.values()));
  }
  const auto wrong = [](const Shape& a, const Shape& b, std::size_t used, bool trans_b) {
    return error_of([&] { kernel::matmul_first(Array::zeros(a), Array::zeros(b), used, trans_b); });
  };
  CHECK(contains(wrong({2, 3}, {4, 5}, 5, false), "5 rows or more"));
  CHECK(contains(wrong({2, 3}, {4, 5}, 2, false), "(2,3)"));
  CHECK(contains(wrong({2, 3}, {4, 5}, 2, true), "(4,5)"));
  CHECK(contains(wrong({6, 2, 5}, {4, 5}, 2, true), "(6,2,5)"));
}

TEST_CASE("rows alone: right, and the same bits wherever a row stands and at any thread count") {
  Rng rng(9, "linalg");
  for (int round = 0; round < 60; ++round) {
    const std::size_t rows = 1 + rng.below(70), columns = 1 + rng.below(70),
                      depth = 1 + rng.below(600);
    const bool trans_a = rng.bernoulli(0.5), trans_b = rng.bernoulli(0.5);
    const Array a = random_array(matrix({}, rows, depth, trans_a), rng);
    const Array b = random_array(matrix({}, depth, columns, trans_b), rng);
    const RowsAlone alone;
    const Array all = kernel::matmul(a, b, trans_a, trans_b);
    CHECK(close(all, plain_matmul(a, b, trans_a, trans_b), 200 * kTolerance));
    set_threads(2);
    CHECK(std::ranges::equal(kernel::matmul(a, b, trans_a, trans_b).values(), all.values()));
    set_threads(1);
    const std::size_t row = rng.below(rows);
    Array one({1, depth});
    for (std::size_t k = 0; k < depth; ++k)
      one.mutable_data()[k] = a.data()[trans_a ? k * rows + row : row * depth + k];
    const Array single = kernel::matmul(one, b, false, trans_b);
    CHECK(std::ranges::equal(single.values(), all.values().subspan(row * columns, columns)));
  }
  CHECK_FALSE(rows_alone());
}

TEST_CASE("large products are cut into blocks: right, and the same bits on any thread count") {
  Rng rng(2, "linalg");
  struct Case {
    Shape lead;
    std::size_t rows, columns, depth;
  };
  const Case cases[] = {{{}, 700, 90, 300},
                        {{}, 30, 900, 200},
                        {{3}, 150, 170, 220},
                        {{60}, 20, 25, 16},
                        {{2}, 9, 700, 800}};
  for (const Case& one : cases) {
    for (int way = 0; way < 8; ++way) {
      const bool trans_a = way & 1, trans_b = way & 2, shared = way & 4;
      const Array a = random_array(matrix(one.lead, one.rows, one.depth, trans_a), rng);
      const Array b =
          random_array(matrix(shared ? Shape() : one.lead, one.depth, one.columns, trans_b), rng);
      CAPTURE(a.shape().text());
      CAPTURE(b.shape().text());
      CHECK(same_on_threads([&] { return kernel::matmul(a, b, trans_a, trans_b); }));
      CHECK(close(kernel::matmul(a, b, trans_a, trans_b), plain_matmul(a, b, trans_a, trans_b),
                  100 * kTolerance));
    }
  }
}

TEST_CASE("a sum of no products is zero") {
  const Array product = kernel::matmul(Array({2, 0}), Array({0, 3}));
  CHECK(close(product, Array::zeros({2, 3}), 0));
}

TEST_CASE("NaN in an operand reaches its row, and only that") {
  Array a = Array::zeros({3, 4});
  a.mutable_data()[5] = std::nan("");
  const Array product = kernel::matmul(a, Array::zeros({4, 2}));
  for (std::size_t i = 0; i < 6; ++i) CHECK(std::isnan(product.values()[i]) == (i / 2 == 1));
}

TEST_CASE("matrices that don't fit are errors that name both") {
  const auto message = [](const Shape& a, const Shape& b, bool trans_a, bool trans_b) {
    return error_of([&] { kernel::matmul(Array::zeros(a), Array::zeros(b), trans_a, trans_b); });
  };
  CHECK(contains(message({2, 3}, {2, 3}, false, false), "(2,3) and (2,3)"));
  CHECK(message({2, 3}, {2, 3}, true, false).empty());
  CHECK(contains(message({2, 3}, {3, 2}, true, false), "(2,3) transposed and (3,2)"));
  CHECK_FALSE(message({3}, {3, 2}, false, false).empty());
  CHECK_FALSE(message({2, 3}, {3}, false, false).empty());
  CHECK_FALSE(message({4, 2, 3}, {5, 3, 2}, false, false).empty());
  CHECK_FALSE(message({2, 3}, {5, 3, 2}, false, false).empty());
  CHECK_FALSE(message({4, 5, 2, 3}, {5, 3, 2}, false, false).empty());
}

TEST_CASE("affine is matmul, add and relu, bit for bit, at any number of threads") {
  Rng rng(6, "affine");
  for (const auto& [rows, columns, depth] :
       {std::array<std::size_t, 3>{700, 33, 65}, {2, 4000, 300}, {1, 1, 1}, {0, 3, 2}, {3, 0, 2}}) {
    Array x = random_array({1, rows, depth}, rng);
    const Array w = random_array({depth, columns}, rng), bias = random_array({columns}, rng);
    if (x.size() > 100) x.mutable_data()[x.size() - 1] = std::numeric_limits<Real>::quiet_NaN();
    for (const bool relu : {false, true}) {
      const auto make = [&] { return kernel::affine(x, w, bias, relu); };
      const Array sum = kernel::add(kernel::matmul(x, w), bias);
      CHECK(same_bits(make(), relu ? kernel::relu(sum) : sum));
      CHECK(same_on_threads(make));
    }
  }
  const Array x = Array::zeros({2, 3}), w = Array::zeros({3, 4});
  CHECK_THROWS_AS(kernel::affine(x, w, Array::zeros({3})), Error);
  CHECK_THROWS_AS(kernel::affine(x, Array::zeros({2, 4}), Array::zeros({4})), Error);
  CHECK_THROWS_AS(
      kernel::affine(Array::zeros({1, 2, 3}), Array::zeros({1, 3, 4}), Array::zeros({4})), Error);
}

TEST_CASE("relu_grad passes a gradient where the relu does") {
  const Array g = Array::of({4}, {1, 2, 3, 4}), y = Array::of({4}, {-1, 0, 2, 5});
  CHECK(same_bits(kernel::relu_grad(g, y), Array::of({4}, {0, 0, 3, 4})));
}
