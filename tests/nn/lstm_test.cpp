// LSTM against plain loops in double, and its derivatives.
#include "nn/lstm.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/check.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr std::size_t kB = 3, kT = 5, kIn = 4, kHidden = 3;
constexpr double kClose = sizeof(Real) == 8 ? 1e-12 : 1e-5;

struct Setting {
  Lstm layer;
  Params params;
  Array x;
  // Lengths 5, 2 and, with a gap, 3.
  Array present = Array::of({kB, kT}, {1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1});

  explicit Setting(Lstm::Direction direction) : layer("l", kIn, kHidden, direction) {
    Rng rng(4, "lstm-test");
    layer.init(params, rng);
    x = random_array({kB, kT, kIn}, rng);
  }
  double weight(const std::string& name, std::size_t i) const {
    return double(params["l." + name].value().data()[i]);
  }
};

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

// One sequence: h and c go through the steps that are present.
struct Loop {
  std::vector<double> h = std::vector<double>(kHidden), c = std::vector<double>(kHidden);
  void step(const Setting& s, const Real* x) {
    std::vector<double> z(4 * kHidden);
    for (std::size_t j = 0; j < z.size(); ++j) {
      z[j] = s.weight("bias", j);
      for (std::size_t i = 0; i < kIn; ++i)
        z[j] += double(x[i]) * s.weight("input", i * z.size() + j);
      for (std::size_t i = 0; i < kHidden; ++i)
        z[j] += h[i] * s.weight("recurrent", i * z.size() + j);
    }
    for (std::size_t j = 0; j < kHidden; ++j) {
      c[j] = sigma(z[kHidden + j]) * c[j] + sigma(z[j]) * std::tanh(z[2 * kHidden + j]);
      h[j] = sigma(z[3 * kHidden + j]) * std::tanh(c[j]);
    }
  }
};

}  // namespace

TEST_CASE("lstm equals plain loops, either way, with and without missing steps") {
  for (const Lstm::Direction direction : {Lstm::Direction::forward, Lstm::Direction::backward})
    for (const bool masked : {false, true}) {
      CAPTURE(masked);
      const Setting s(direction);
      const auto found = s.layer.forward(s.params, constant(s.x), masked ? &s.present : nullptr);
      REQUIRE(found.each.shape() == Shape{kB, kT, kHidden});
      for (std::size_t b = 0; b < kB; ++b) {
        Loop loop;
        for (std::size_t i = 0; i < kT; ++i) {
          const std::size_t t = direction == Lstm::Direction::forward ? i : kT - 1 - i;
          const bool here = !masked || s.present.data()[b * kT + t] != 0;
          if (here) loop.step(s, s.x.data() + (b * kT + t) * kIn);
          for (std::size_t j = 0; j < kHidden; ++j)
            CHECK(std::abs(double(found.each.value().data()[(b * kT + t) * kHidden + j]) -
                           (here ? loop.h[j] : 0)) < kClose);
        }
        for (std::size_t j = 0; j < kHidden; ++j) {
          CHECK(std::abs(double(found.last.h.value().data()[b * kHidden + j]) - loop.h[j]) <
                kClose);
          CHECK(std::abs(double(found.last.c.value().data()[b * kHidden + j]) - loop.c[j]) <
                kClose);
        }
      }
    }
}

TEST_CASE("lstm: missing steps hold no information") {
  Setting s(Lstm::Direction::backward);
  const Array before = s.layer.forward(s.params, constant(s.x), &s.present).each.value();
  for (std::size_t i = 0; i < kB * kT; ++i)
    if (s.present.data()[i] == 0) s.x.mutable_data()[i * kIn] = 1000;
  const Array after = s.layer.forward(s.params, constant(s.x), &s.present).each.value();
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before.data()[i] == after.data()[i]);
}

TEST_CASE("lstm refuses a mask of another shape and a sequence without steps") {
  const Setting s(Lstm::Direction::forward);
  const Array wrong = Array::zeros({kT, kB});
  CHECK_THROWS_AS(s.layer.forward(s.params, constant(s.x), &wrong), Error);
  CHECK_THROWS_AS(s.layer.forward(s.params, constant(Array::zeros({2, 0, kIn}))), Error);
}

TEST_CASE("lstm: the forget gate starts open") {
  const Setting s(Lstm::Direction::forward);
  for (std::size_t j = 0; j < 4 * kHidden; ++j)
    CHECK(s.weight("bias", j) == (j / kHidden == 1 ? 1 : 0));
}

#ifdef ATTUNE_REAL_DOUBLE
TEST_CASE("lstm: both derivatives") {
  for (const Lstm::Direction direction : {Lstm::Direction::forward, Lstm::Direction::backward})
    for (const bool masked : {false, true}) {
      CAPTURE(masked);
      const Setting s(direction);
      Rng rng(9, "lstm-derivatives");
      std::vector<Array> at{s.x};
      for (const Var& weight : s.params.weights()) at.push_back(weight.value());
      const DerivativeErrors errors = check_derivatives(
          [&](const Vars& x) {
            const auto out = s.layer.forward(s.params.with(Vars(x.begin() + 1, x.end())), x[0],
                                             masked ? &s.present : nullptr);
            return concat({reshape(out.each, {kB * kT, kHidden}), out.last.h, out.last.c}, 0);
          },
          at, rng);
      CHECK(errors.first < 1e-6);
      CHECK(errors.second < 1e-5);
    }
}
#endif
