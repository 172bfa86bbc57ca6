#include "array/layer_norm.hpp"

#include <doctest/doctest.h>

#include "array/naive.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

Array means(const Array& x) {
  const std::size_t last[] = {x.rank() - 1};
  return kernel::scale(kernel::sum(x, last, true), Real(1) / static_cast<Real>(x.shape().back()));
}

}  // namespace

TEST_CASE("layer_norm by plain loops: rows of mean beta and deviation gamma") {
  Rng rng(1, "layer-norm");
  const Array x = random_array({3, 5, 21}, rng, 4), gamma = random_array({21}, rng),
              beta = random_array({21}, rng);
  const auto made = kernel::layer_norm(x, means(x), gamma, beta, Real(0.25));
  for (std::size_t row = 0; row < 15; ++row) {
    const Real* const from = x.data() + row * 21;
    double mean = 0, variance = 0;
    for (std::size_t j = 0; j < 21; ++j) mean += double(from[j]) / 21;
    for (std::size_t j = 0; j < 21; ++j) variance += std::pow(double(from[j]) - mean, 2) / 21;
    const double deviation = std::sqrt(variance + 0.25);
    CHECK(double(made.deviation.data()[row]) == doctest::Approx(deviation).epsilon(1e-5));
    for (std::size_t j = 0; j < 21; ++j)
      CHECK(double(made.y.data()[row * 21 + j]) ==
            doctest::Approx((double(from[j]) - mean) / deviation * double(gamma.data()[j]) +
                            double(beta.data()[j]))
                .epsilon(1e-4)
                .scale(1));
  }
}

TEST_CASE("layer_norm has the same bits at any number of threads") {
  Rng rng(2, "layer-norm");
  const Array x = random_array({9, 333, 40}, rng), g = random_array({9, 333, 40}, rng),
              gamma = random_array({40}, rng), beta = random_array({40}, rng);
  const auto part = [&](std::size_t which) {
    return same_on_threads([&, which] {
      const auto made = kernel::layer_norm(x, means(x), gamma, beta, Real(1e-5));
      const auto back = kernel::layer_norm_grad(g, x, means(x), made.deviation, gamma);
      const Array* parts[] = {&made.y,      &made.deviation, &back.x,
                              &back.centre, &back.gamma,     &back.beta};
      return *parts[which];
    });
  };
  for (std::size_t which = 0; which < 6; ++which) CHECK(part(which));
}

TEST_CASE("layer_norm tells shapes that do not fit, and takes no rows at all") {
  const Array x = Array::zeros({2, 3}), centre = Array::zeros({2, 1}), three = Array::zeros({3});
  CHECK_THROWS_AS(kernel::layer_norm(x, centre, Array::zeros({2}), three, 1), Error);
  CHECK_THROWS_AS(kernel::layer_norm(x, three, three, three, 1), Error);
  CHECK_THROWS_AS(kernel::layer_norm(Array::scalar(1), centre, three, three, 1), Error);
  CHECK_THROWS_AS(
      kernel::layer_norm(Array::zeros({2, 0}), centre, Array::zeros({0}), Array::zeros({0}), 1),
      Error);
  const Array none = Array::zeros({0, 3}), no_centre = Array::zeros({0, 1});
  CHECK(kernel::layer_norm(none, no_centre, three, three, 1).y.size() == 0);
  const auto back = kernel::layer_norm_grad(none, none, no_centre, no_centre, three);
  CHECK(back.gamma.data()[2] == 0);
}
