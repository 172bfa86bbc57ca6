// GRU against plain loops in double, and its derivatives.
#include "nn/gru.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/check.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr std::size_t kB = 3, kT = 5, kIn = 4, kHidden = 3;
constexpr double kClose = sizeof(Real) == 8 ? 1e-12 : 1e-5;

struct Setting {
  Gru layer;
  Params params;
  Array x, start;
  // Lengths 5, 2 and, with a gap, 3.
  Array present = Array::of({kB, kT}, {1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1});

  explicit Setting(Direction direction) : layer("g", kIn, kHidden, direction) {
    Rng rng(4, "gru-test");
    layer.init(params, rng);
    params.change([&](std::size_t, const std::string&, Array& weight) {
      weight = kernel::add(weight, random_array(weight.shape(), rng, 0.2));
    });
    x = random_array({kB, kT, kIn}, rng);
    start = random_array({kB, kHidden}, rng);
  }
  double weight(const std::string& name, std::size_t i) const {
    return double(params["g." + name].value().data()[i]);
  }
};

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

// One step of one sequence, by the equations.
void step(const Setting& s, const Real* x, std::vector<double>& h) {
  std::vector<double> input(3 * kHidden), recurrent(3 * kHidden);
  for (std::size_t j = 0; j < input.size(); ++j) {
    input[j] = s.weight("bias", j);
    for (std::size_t i = 0; i < kIn; ++i)
      input[j] += double(x[i]) * s.weight("input", i * input.size() + j);
    for (std::size_t i = 0; i < kHidden; ++i)
      recurrent[j] += h[i] * s.weight("recurrent", i * input.size() + j);
  }
  for (std::size_t j = 0; j < kHidden; ++j) {
    const double r = sigma(input[j] + recurrent[j]);
    const double z = sigma(input[kHidden + j] + recurrent[kHidden + j]);
    const double n = std::tanh(input[2 * kHidden + j] +
                               r * (recurrent[2 * kHidden + j] + s.weight("candidate_bias", j)));
    h[j] = (1 - z) * n + z * h[j];
  }
}

}  // namespace

TEST_CASE("gru equals plain loops, either way, with missing steps and from a given state") {
  for (const Direction direction : {Direction::forward, Direction::backward})
    for (const bool masked : {false, true})
      for (const bool started : {false, true}) {
        CAPTURE(masked);
        CAPTURE(started);
        const Setting s(direction);
        const Var start = constant(s.start);
        const Var found = s.layer.forward(s.params, constant(s.x), masked ? &s.present : nullptr,
                                          started ? &start : nullptr);
        REQUIRE(found.shape() == Shape{kB, kT, kHidden});
        for (std::size_t b = 0; b < kB; ++b) {
          std::vector<double> h(kHidden);
          for (std::size_t j = 0; started && j < kHidden; ++j)
            h[j] = double(s.start.data()[b * kHidden + j]);
          for (std::size_t i = 0; i < kT; ++i) {
            const std::size_t t = direction == Direction::forward ? i : kT - 1 - i;
            const bool here = !masked || s.present.data()[b * kT + t] != 0;
            if (here) step(s, s.x.data() + (b * kT + t) * kIn, h);
            for (std::size_t j = 0; j < kHidden; ++j)
              CHECK(std::abs(double(found.value().data()[(b * kT + t) * kHidden + j]) -
                             (here ? h[j] : 0)) < kClose);
          }
        }
      }
}

TEST_CASE("gru: missing steps hold no information") {
  Setting s(Direction::backward);
  const Array before = s.layer.forward(s.params, constant(s.x), &s.present).value();
  for (std::size_t i = 0; i < kB * kT; ++i)
    if (s.present.data()[i] == 0) s.x.mutable_data()[i * kIn] = 1000;
  const Array after = s.layer.forward(s.params, constant(s.x), &s.present).value();
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before.data()[i] == after.data()[i]);
}

TEST_CASE("gru refuses a mask of another shape and a sequence without steps") {
  const Setting s(Direction::forward);
  const Array wrong = Array::zeros({kT, kB});
  CHECK_THROWS_AS(s.layer.forward(s.params, constant(s.x), &wrong), Error);
  CHECK_THROWS_AS(s.layer.forward(s.params, constant(Array::zeros({2, 0, kIn}))), Error);
}

#ifdef ATTUNE_REAL_DOUBLE
TEST_CASE("gru: both derivatives") {
  for (const Direction direction : {Direction::forward, Direction::backward})
    for (const bool masked : {false, true}) {
      CAPTURE(masked);
      const Setting s(direction);
      Rng rng(9, "gru-derivatives");
      std::vector<Array> at{s.x, s.start};
      for (const Var& weight : s.params.weights()) at.push_back(weight.value());
      const DerivativeErrors errors = check_derivatives(
          [&](const Vars& x) {
            return square(s.layer.forward(s.params.with(Vars(x.begin() + 2, x.end())), x[0],
                                          masked ? &s.present : nullptr, &x[1]));
          },
          at, rng);
      CHECK(errors.first < 1e-6);
      CHECK(errors.second < 1e-5);
    }
}
#endif
