#include <doctest/doctest.h>

#include <numeric>
#include <vector>

#include "array/naive.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

Indices random_indices(std::size_t count, std::size_t bound, Rng& rng) {
  Indices result(count);
  for (std::uint32_t& index : result) index = static_cast<std::uint32_t>(rng.below(bound));
  return result;
}

Real dot(const Array& a, const Array& b) { return kernel::sum_all(kernel::mul(a, b)).item(); }

void check_adjoint(Real left, Real right) {
  CHECK(std::abs(left - right) <= 100 * kTolerance * (1 + std::abs(left)));
}

}  // namespace

TEST_CASE("permute moves every value to its place") {
  Rng rng(1, "rearrange");
  for (int round = 0; round < 300; ++round) {
    const Array x = random_array(random_shape(rng, 0, 5, 6), rng);
    std::vector<std::size_t> order(x.rank());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
    const Array y = kernel::permute(x, order);
    for_each_index(y.shape(), [&](const Index& index) {
      Index old{};
      for (std::size_t i = 0; i < order.size(); ++i) old[order[i]] = index[i];
      CHECK(at(y, index) == at(x, old));
    });
  }
}

TEST_CASE("slice and pad agree with plain loops and are adjoint") {
  Rng rng(2, "rearrange");
  for (int round = 0; round < 300; ++round) {
    const Array x = random_array(random_shape(rng, 1, 4, 7), rng);
    const std::size_t axis = rng.below(x.rank());
    const std::size_t begin = rng.below(x.dim(axis) + 1);
    const std::size_t end = begin + rng.below(x.dim(axis) - begin + 1);
    const Array part = kernel::slice(x, axis, begin, end);
    CHECK(part.dim(axis) == end - begin);
    for_each_index(part.shape(), [&](Index index) {
      const Real value = at(part, index);
      index[axis] += begin;
      CHECK(value == at(x, index));
    });
    const Array g = random_array(part.shape(), rng);
    const Array back = kernel::pad(g, axis, begin, x.dim(axis) - end);
    CHECK(back.shape() == x.shape());
    check_adjoint(dot(part, g), dot(x, back));
    CHECK(close(kernel::slice(back, axis, begin, end), g, 0));
  }
}

TEST_CASE("concat joins what slice takes apart") {
  Rng rng(3, "rearrange");
  for (int round = 0; round < 200; ++round) {
    const Array x = random_array(random_shape(rng, 1, 4, 9), rng);
    const std::size_t axis = rng.below(x.rank());
    std::vector<Array> parts;
    for (std::size_t begin = 0; begin < x.dim(axis) || parts.empty();) {
      const std::size_t end = begin + rng.below(x.dim(axis) - begin + 1);
      parts.push_back(kernel::slice(x, axis, begin, end));
      begin = end;
    }
    CHECK(close(kernel::concat(parts, axis), x, 0));
  }
}

TEST_CASE("put_slice changes what slice reads and nothing else, nor another owner's copy") {
  Rng rng(17, "rearrange");
  for (int round = 0; round < 200; ++round) {
    Array into = random_array(random_shape(rng, 1, 4, 7), rng);
    const std::size_t axis = rng.below(into.rank()), begin = rng.below(into.dim(axis) + 1),
                      end = begin + rng.below(into.dim(axis) - begin + 1);
    const Array before = into, kept = Array::of(into.shape(), into.values());
    const Array x = random_array(kernel::slice(into, axis, begin, end).shape(), rng);
    kernel::put_slice(into, x, axis, begin);
    CHECK(close(kernel::slice(into, axis, begin, end), x, 0));
    CHECK(close(kernel::slice(into, axis, 0, begin), kernel::slice(kept, axis, 0, begin), 0));
    const std::size_t all = into.dim(axis);
    CHECK(close(kernel::slice(into, axis, end, all), kernel::slice(kept, axis, end, all), 0));
    CHECK(close(before, kept, 0));
  }
}

TEST_CASE("gather and scatter_add agree with plain loops and are adjoint") {
  Rng rng(4, "rearrange");
  for (int round = 0; round < 200; ++round) {
    Shape shape = random_shape(rng, 1, 3, 6);
    if (shape[0] == 0) shape[0] = 1;
    const Array x = random_array(shape, rng);
    const Indices rows = random_indices(rng.below(9), shape[0], rng);
    const Array y = kernel::gather(x, rows);
    CHECK(y.dim(0) == rows.size());
    for_each_index(y.shape(), [&](Index index) {
      const Real value = at(y, index);
      index[0] = rows[index[0]];
      CHECK(value == at(x, index));
    });
    const Array g = random_array(y.shape(), rng);
    const Array back = kernel::scatter_add(g, rows, shape[0]);
    CHECK(back.shape() == shape);
    check_adjoint(dot(y, g), dot(x, back));
  }
}

TEST_CASE("scatter_add adds in the order of the rows, whatever the thread count") {
  const Real big = sizeof(Real) == 4 ? Real(1e8) : Real(1e17);
  const Array g = Array::of({4, 1}, {1, big, -big, 1});
  CHECK(kernel::scatter_add(g, Indices{0, 0, 0, 0}, 2).values()[0] == 1);
  Rng rng(5, "rearrange");
  const Array wide = random_array({300, 1000}, rng);
  const Indices rows = random_indices(300, 17, rng);
  CHECK(same_on_threads([&] { return kernel::scatter_add(wide, rows, 17); }));
}

TEST_CASE("take_last and put_last agree with plain loops and are adjoint") {
  Rng rng(6, "rearrange");
  for (int round = 0; round < 200; ++round) {
    const std::size_t rows = 1 + rng.below(6), n = 1 + rng.below(7), k = rng.below(5);
    const Array x = random_array({rows, n}, rng);
    const Indices index = random_indices(rows * k, n, rng);
    const Array y = kernel::take_last(x, index);
    CHECK(y.shape() == Shape{rows, k});
    for (std::size_t i = 0; i < index.size(); ++i) {
      CHECK(y.values()[i] == x.values()[i / k * n + index[i]]);
    }
    const Array g = random_array({rows, k}, rng);
    const Array back = kernel::put_last(g, index, n);
    CHECK(back.shape() == x.shape());
    check_adjoint(dot(y, g), dot(x, back));
  }
}

TEST_CASE("the blocked layout holds channel 16·b+c of a pixel at (b,pixel,c), and comes back") {
  Rng rng(7, "rearrange");
  const Array x = random_array({2, 32, 3, 5}, rng);
  const Array blocked = kernel::to_blocked(x);
  CHECK(blocked.shape() == Shape{2, 2, 3, 5, 16});
  for_each_index(blocked.shape(), [&](const Index& index) {
    const Index plain{index[0], index[1] * 16 + index[4], index[2], index[3]};
    CHECK(at(blocked, index) == at(x, plain));
  });
  CHECK(same_bits(kernel::from_blocked(blocked), x));
}

TEST_CASE("large rearrangements: the same bits on any thread count, and back again") {
  Rng rng(8, "rearrange");
  const Array x = random_array({30, 48, 13, 17}, rng);
  const std::vector<std::size_t> order{2, 0, 3, 1}, back{1, 3, 0, 2};
  CHECK(same_on_threads([&] { return kernel::permute(x, order); }));
  CHECK(same_bits(kernel::permute(kernel::permute(x, order), back), x));
  CHECK(same_on_threads([&] { return kernel::to_blocked(x); }));
  CHECK(same_bits(kernel::from_blocked(kernel::to_blocked(x)), x));
  CHECK(same_on_threads([&] { return kernel::pad(x, 2, 1, 2); }));
  CHECK(same_on_threads([&] { return kernel::slice(x, 1, 3, 40); }));
  CHECK(same_on_threads([&] { return kernel::gather(x, Indices{29, 3, 3, 0, 17, 5}); }));
}

TEST_CASE("wrong axes, ranges and indices are errors that say what was given") {
  const Array x = Array::zeros({2, 3});
  const std::vector<std::size_t> twice{0, 0}, few{0}, outside{0, 2};
  for (const auto& order : {twice, few, outside}) {
    CHECK(contains(error_of([&] { kernel::permute(x, order); }), "(2,3)"));
  }
  CHECK(contains(error_of([&] { kernel::slice(x, 1, 2, 4); }), "2 to 4"));
  CHECK(contains(error_of([&] { kernel::slice(x, 1, 2, 1); }), "2 to 1"));
  CHECK(contains(error_of([&] { kernel::slice(x, 2, 0, 1); }), "axis 2"));
  CHECK(contains(error_of([&] { kernel::pad(x, 2, 0, 1); }), "axis 2"));
  CHECK_FALSE(error_of([&] { kernel::concat({}, 0); }).empty());
  Array into = Array::zeros({2, 3});
  CHECK(contains(error_of([&] { kernel::put_slice(into, x, 1, 1); }), "from 1 on"));
  CHECK(contains(error_of([&] { kernel::put_slice(into, x, 2, 0); }), "axis 2"));
  CHECK(contains(error_of([&] { kernel::put_slice(into, Array::zeros({1, 2}), 0, 0); }), "(1,2)"));
  const std::vector<Array> parts{x, Array::zeros({2, 4})};
  CHECK(contains(error_of([&] { kernel::concat(parts, 0); }), "(2,4)"));
  CHECK(contains(error_of([&] { kernel::gather(x, Indices{0, 2}); }), "below 2"));
  CHECK_FALSE(error_of([&] { kernel::gather(Array(), Indices{0}); }).empty());
  CHECK(contains(error_of([&] { kernel::scatter_add(x, Indices{0, 9}, 9); }), "below 9"));
  CHECK(contains(error_of([&] { kernel::scatter_add(x, Indices{0}, 9); }), "(2,3)"));
  CHECK(contains(error_of([&] { kernel::take_last(x, Indices{0, 3}); }), "below 3"));
  CHECK(contains(error_of([&] { kernel::take_last(x, Indices{0}); }), "(2,3)"));
  CHECK(contains(error_of([&] { kernel::put_last(x, Indices{0, 1}, 3); }), "(2,3)"));
  CHECK(contains(error_of([&] { kernel::put_last(x, Indices{0, 1, 2, 0, 1, 5}, 5); }), "below 5"));
  CHECK(contains(error_of([&] { kernel::to_blocked(Array::zeros({1, 8, 2, 2})); }), "(1,8,2,2)"));
  CHECK(contains(error_of([&] { kernel::from_blocked(Array::zeros({1, 8, 2, 2})); }), "(1,8,2,2)"));
}
