#include "learner/augment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace attune;

namespace {

std::vector<Real> apply(const std::string& config, const std::vector<Real>& image,
                        std::size_t channels, std::size_t size, std::uint64_t index = 0,
                        std::uint64_t label = 0) {
  const Augment augment(Config::parse(config, "test"));
  std::vector<Real> out(image.size(), Real(-1));
  augment(image, out, channels, size, size, Rng(4, "augment", 0, index),
          Rng(4, "classes", 0, label));
  return out;
}

std::vector<Real> ramp(std::size_t n) {
  std::vector<Real> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<Real>(i + 1);
  return values;
}

}  // namespace

TEST_CASE("nothing asked for changes nothing") {
  const std::vector<Real> image = ramp(2 * 7 * 7);
  CHECK_FALSE(Augment(Config::parse("{}", "test")).active());
  CHECK(apply("{}", image, 2, 7) == image);
}

TEST_CASE("a flip mirrors about half of the images") {
  const std::vector<Real> image = ramp(25);
  int mirrored = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const std::vector<Real> out = apply("{\"flip\": true}", image, 1, 5, i);
    bool same = true, flipped = true;
    for (std::size_t y = 0; y < 5; ++y)
      for (std::size_t x = 0; x < 5; ++x) {
        same = same && std::abs(out[y * 5 + x] - image[y * 5 + x]) < Real(1e-4);
        flipped = flipped && std::abs(out[y * 5 + x] - image[y * 5 + 4 - x]) < Real(1e-4);
      }
    CHECK(same != flipped);
    mirrored += flipped;
  }
  CHECK(mirrored > 70);
  CHECK(mirrored < 130);
}

TEST_CASE("the centre of mass of a dot moves by at most the shift, and moves") {
  constexpr std::size_t kSize = 15;
  std::vector<Real> image(kSize * kSize, Real(0));
  image[7 * kSize + 7] = 1;
  double farthest = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::vector<Real> out = apply("{\"shift\": 2}", image, 1, kSize, i);
    double mass = 0, my = 0, mx = 0;
    for (std::size_t y = 0; y < kSize; ++y)
      for (std::size_t x = 0; x < kSize; ++x) {
        mass += double(out[y * kSize + x]);
        my += double(out[y * kSize + x]) * double(y);
        mx += double(out[y * kSize + x]) * double(x);
      }
    CHECK(mass == doctest::Approx(1));
    farthest = std::max({farthest, std::abs(my / mass - 7), std::abs(mx / mass - 7)});
  }
  CHECK(farthest <= 2.0001);
  CHECK(farthest > 1);
}

TEST_CASE("a rotation keeps the distance from the centre") {
  constexpr std::size_t kSize = 31;
  std::vector<Real> image(kSize * kSize, Real(0));
  for (std::size_t y = 14; y <= 16; ++y)
    for (std::size_t x = 24; x <= 26; ++x) image[y * kSize + x] = 1;
  double largest = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const std::vector<Real> out = apply("{\"rotate\": 20}", image, 1, kSize, i);
    double mass = 0, my = 0, mx = 0;
    for (std::size_t y = 0; y < kSize; ++y)
      for (std::size_t x = 0; x < kSize; ++x) {
        mass += double(out[y * kSize + x]);
        my += double(out[y * kSize + x]) * (double(y) - 15);
        mx += double(out[y * kSize + x]) * (double(x) - 15);
      }
    CHECK(std::hypot(my / mass, mx / mass) == doctest::Approx(10).epsilon(0.02));
    const double angle = std::abs(std::atan2(my, mx)) * 180 / 3.14159265358979;
    CHECK(angle < 20.5);
    largest = std::max(largest, angle);
  }
  CHECK(largest > 12);
}

TEST_CASE("a class's map is the same for all its images and differs between classes") {
  const std::vector<Real> image = ramp(49);
  const std::string config = R"({"classes": {"flip": true, "rotate": 30, "shear": 0.3}})";
  CHECK(Augment(Config::parse(config, "test")).active());
  CHECK(apply(config, image, 1, 7, 0, 3) == apply(config, image, 1, 7, 1, 3));
  CHECK(apply(config, image, 1, 7, 0, 3) != apply(config, image, 1, 7, 0, 4));
}

TEST_CASE("the class's map is applied to the image's own: both give the two in turn") {
  // Flips only, so that each sampling is exact.
  std::vector<Real> image(9 * 9, Real(0));
  image[4 * 9 + 2] = 1;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const std::vector<Real> both =
        apply(R"({"flip": true, "classes": {"flip": true}})", image, 1, 9, i, i);
    const std::vector<Real> first = apply(R"({"classes": {"flip": true}})", image, 1, 9, i, i);
    const std::vector<Real> second = apply(R"({"flip": true})", first, 1, 9, i, i);
    for (std::size_t p = 0; p < both.size(); ++p) CHECK(std::abs(both[p] - second[p]) < Real(1e-4));
  }
}

TEST_CASE("a class's map comes before the image's own: mirrored, then shifted, not the other way") {
  // A mirrored image is sampled exactly, so that two samplings are one.
  const std::vector<Real> image = ramp(9 * 9);
  int mirrored = 0;
  for (std::uint64_t i = 0; i < 30; ++i) {
    const auto both = apply(R"({"shift": 2, "classes": {"flip": true}})", image, 1, 9, i, i);
    const auto first = apply(R"({"classes": {"flip": true}})", image, 1, 9, i, i);
    const auto in_turn = apply(R"({"shift": 2})", first, 1, 9, i, i);
    mirrored += std::abs(first[0] - image[0]) > Real(0.5);
    for (std::size_t p = 0; p < both.size(); ++p)
      CHECK(std::abs(both[p] - in_turn[p]) < Real(1e-3));
  }
  CHECK(mirrored > 5);
}
