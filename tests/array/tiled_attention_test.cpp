#include "array/tiled_attention.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr double kClose = sizeof(Real) == 8 ? 1e-11 : 2e-5;

// The definition, in double, one query at a time.
struct Dense {
  std::vector<double> out, dq, dk, dv;

  Dense(const Array& q, const Array& k, const Array& v, double scale, const Array& g) {
    const std::size_t queries = q.dim(0), items = k.dim(0), d = q.dim(1), values = v.dim(1);
    out.assign(queries * values, 0);
    dq.assign(q.size(), 0);
    dk.assign(k.size(), 0);
    dv.assign(v.size(), 0);
    for (std::size_t i = 0; i < queries; ++i) {
      std::vector<double> w(items), slope(items);
      double most = -1e300, total = 0, mean = 0;
      for (std::size_t j = 0; j < items; ++j) {
        for (std::size_t c = 0; c < d; ++c)
          w[j] += scale * double(q.data()[i * d + c]) * double(k.data()[j * d + c]);
        most = std::max(most, w[j]);
      }
      for (double& x : w) total += x = std::exp(x - most);
      for (std::size_t j = 0; j < items; ++j) {
        w[j] /= total;
        for (std::size_t c = 0; c < values; ++c) {
          out[i * values + c] += w[j] * double(v.data()[j * values + c]);
          slope[j] += double(g.data()[i * values + c]) * double(v.data()[j * values + c]);
          dv[j * values + c] += w[j] * double(g.data()[i * values + c]);
        }
        mean += w[j] * slope[j];
      }
      for (std::size_t j = 0; j < items; ++j)
        for (std::size_t c = 0; c < d; ++c) {
          const double ds = scale * w[j] * (slope[j] - mean);
          dq[i * d + c] += ds * double(k.data()[j * d + c]);
          dk[j * d + c] += ds * double(q.data()[i * d + c]);
        }
    }
  }
};

void check_close(const Array& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  double error = 0, size = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    error = std::max(error, std::abs(double(found.data()[i]) - expected[i]));
    size = std::max(size, std::abs(expected[i]));
  }
  CHECK(error <= kClose * size);
}

bool same(const Array& a, const Array& b) {
  return a.shape() == b.shape() && std::equal(a.data(), a.data() + a.size(), b.data());
}

}  // namespace

TEST_CASE("tiled attention equals the dense definition at sizes around the tiles") {
  Rng rng(1, "tiled");
  for (const auto& [queries, items, d, values] :
       std::vector<std::array<std::size_t, 4>>{{1, 1, 3, 2},
                                               {5, 7, 4, 3},
                                               {130, 257, 8, 5},
                                               {128, 256, 16, 16},
                                               {300, 90, 3, 1},
                                               {70, 800, 5, 20}}) {
    CAPTURE(queries);
    CAPTURE(items);
    const Array q = random_array({queries, d}, rng), k = random_array({items, d}, rng);
    const Array v = random_array({items, values}, rng), g = random_array({queries, values}, rng);
    const Dense dense(q, k, v, 2.5, g);
    const auto forward = kernel::tiled_attention(q, k, v, Real(2.5));
    check_close(forward.output, dense.out);
    const auto back = kernel::tiled_attention_grad(q, k, v, Real(2.5), forward, g);
    check_close(back.q, dense.dq);
    check_close(back.k, dense.dk);
    check_close(back.v, dense.dv);
  }
}

TEST_CASE("tiled attention: leading dims, large scores, threads, and what doesn't fit") {
  Rng rng(2, "tiled");
  const Array q = random_array({2, 3, 140, 8}, rng), k = random_array({2, 3, 300, 8}, rng);
  const Array v = random_array({2, 3, 300, 4}, rng), g = random_array({2, 3, 140, 4}, rng);
  set_threads(1);
  const auto one = kernel::tiled_attention(q, k, v, Real(40));
  const auto one_back = kernel::tiled_attention_grad(q, k, v, Real(40), one, g);
  set_threads(2);
  const auto two = kernel::tiled_attention(q, k, v, Real(40));
  const auto two_back = kernel::tiled_attention_grad(q, k, v, Real(40), two, g);
  set_threads(1);
  CHECK(same(one.output, two.output));
  CHECK(same(one_back.q, two_back.q));
  CHECK(same(one_back.k, two_back.k));
  CHECK(same(one_back.v, two_back.v));
  CHECK(kernel::all_finite(one.output));
  const Array weights = kernel::softmax(kernel::scale(kernel::matmul(q, k, false, true), Real(40)));
  const Array dense = kernel::matmul(weights, v);
  for (std::size_t i = 0; i < dense.size(); ++i)
    CHECK(double(one.output.data()[i]) ==
          doctest::Approx(double(dense.data()[i])).epsilon(sizeof(Real) == 8 ? 1e-10 : 2e-3));
  CHECK_THROWS_AS(kernel::tiled_attention(q, random_array({2, 3, 300, 7}, rng), v, 1), Error);
  CHECK_THROWS_AS(kernel::tiled_attention(q, random_array({2, 3, 0, 8}, rng), v, 1), Error);
  CHECK_THROWS_AS(kernel::tiled_attention_grad(q, k, v, 1, one, v), Error);
}
