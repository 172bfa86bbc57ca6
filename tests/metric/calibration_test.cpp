#include "metric/calibration.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/rng.hpp"

using namespace attune;

TEST_CASE("answers fall into bins that hold their upper end") {
  Calibration c;
  c.add(0, false);
  c.add(1.0 / 15, true);
  c.add(std::nextafter(1.0 / 15, 1), true);
  c.add(1, true);
  c.add(1.00001, false);
  CHECK(c.bins()[0].count == 2);
  CHECK(c.bins()[0].right == 1);
  CHECK(c.bins()[1].count == 1);
  CHECK(c.bins()[14].count == 2);
  CHECK(c.bins()[14].confidence == 2);
  CHECK(c.count() == 5);
  for (const double wrong : {-0.1, 1.1, std::nan("")}) CHECK_THROWS_AS(c.add(wrong, true), Error);
}

TEST_CASE("the expected calibration error, worked by hand") {
  // Three answers near 0.9 with two right, one at 0.3 right:
  // (3/4) |2/3 - 0.9| + (1/4) |1 - 0.3| = 0.175 + 0.175.
  Calibration c, more;
  c.add(0.9, true);
  c.add(0.9, false);
  more.add(0.9, true);
  more.add(0.3, true);
  c += more;
  CHECK(c.expected_error() == doctest::Approx(0.35));
  CHECK(Calibration().expected_error() == 0);
}

TEST_CASE("honest probabilities have an error near 0, boasting ones the boast") {
  Rng rng(1, "calibration");
  Calibration honest, boasting;
  for (int i = 0; i < 200000; ++i) {
    const double p = rng.uniform(0.2, 0.8);
    const bool right = rng.uniform(0, 1) < p;
    honest.add(p, right);
    boasting.add(p + 0.2, right);
  }
  CHECK(honest.expected_error() < 0.01);
  CHECK(boasting.expected_error() == doctest::Approx(0.2).epsilon(0.05));
}
