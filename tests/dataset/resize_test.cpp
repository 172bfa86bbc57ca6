#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "dataset/image.hpp"

using namespace attune;

namespace {

Image noise(std::uint32_t channels, std::uint32_t height, std::uint32_t width) {
  Image image{channels, height, width, {}};
  Rng rng(7, "resize test", height, width);
  for (std::size_t i = 0; i < std::size_t{channels} * height * width; ++i)
    image.pixels.push_back(static_cast<std::uint8_t>(rng.below(256)));
  return image;
}

// Every input pixel cut into out×out equal pieces; a piece belongs to one output pixel.
std::vector<double> box_by_pieces(const Image& in, std::uint32_t height, std::uint32_t width) {
  std::vector<double> sum(std::size_t{in.channels} * height * width);
  for (std::size_t c = 0; c < in.channels; ++c)
    for (std::size_t y = 0; y < std::size_t{in.height} * height; ++y)
      for (std::size_t x = 0; x < std::size_t{in.width} * width; ++x)
        sum[(c * height + y / in.height) * width + x / in.width] +=
            in.pixels[(c * in.height + y / height) * in.width + x / width];
  for (double& s : sum) s /= static_cast<double>(in.height) * in.width;
  return sum;
}

// Bilinear at the centre of each output pixel, edges repeated.
double bilinear(const Image& in, std::uint32_t height, std::uint32_t width, std::uint32_t y,
                std::uint32_t x) {
  const auto place = [](std::uint32_t j, std::uint32_t n, std::uint32_t out) {
    const double at = (j + 0.5) * n / out - 0.5;
    return std::min(std::max(at, 0.0), n - 1.0);
  };
  const double py = place(y, in.height, height), px = place(x, in.width, width);
  const auto value = [&](double fy, double fx) {
    const auto iy = static_cast<std::size_t>(std::min(fy, in.height - 1.0));
    const auto ix = static_cast<std::size_t>(std::min(fx, in.width - 1.0));
    return static_cast<double>(in.pixels[iy * in.width + ix]);
  };
  const double y0 = std::floor(py), x0 = std::floor(px), wy = py - y0, wx = px - x0;
  return (1 - wy) * ((1 - wx) * value(y0, x0) + wx * value(y0, x0 + 1)) +
         wy * ((1 - wx) * value(y0 + 1, x0) + wx * value(y0 + 1, x0 + 1));
}

}  // namespace

TEST_CASE("shrinking averages areas exactly") {
  const std::uint32_t sizes[][4] = {{105, 105, 28, 28}, {7, 5, 3, 2},  {9, 9, 3, 3},
                                    {10, 3, 1, 1},      {1, 17, 1, 4}, {6, 8, 6, 5}};
  for (const auto& [h, w, oh, ow] : sizes) {
    const Image in = noise(2, h, w);
    const Image out = resize(in, oh, ow);
    const std::vector<double> want = box_by_pieces(in, oh, ow);
    REQUIRE(out.pixels.size() == want.size());
    for (std::size_t i = 0; i < want.size(); ++i)
      REQUIRE(std::abs(out.pixels[i] - want[i]) <= 0.5 + 1e-9);
  }
}

TEST_CASE("enlarging interpolates between the centres") {
  const std::uint32_t sizes[][4] = {{3, 4, 7, 9}, {1, 1, 5, 5}, {2, 2, 4, 4}, {28, 28, 31, 84}};
  for (const auto& [h, w, oh, ow] : sizes) {
    const Image in = noise(1, h, w);
    const Image out = resize(in, oh, ow);
    for (std::uint32_t y = 0; y < oh; ++y)
      for (std::uint32_t x = 0; x < ow; ++x)
        REQUIRE(std::abs(out.pixels[y * ow + x] - bilinear(in, oh, ow, y, x)) <= 0.5 + 1e-9);
  }
  CHECK(resize(Image{1, 1, 2, {0, 100}}, 1, 4).pixels == std::vector<std::uint8_t>{0, 25, 75, 100});
}

TEST_CASE("one axis may shrink while the other grows; the same size changes nothing") {
  const Image tall = resize(Image{1, 2, 2, {0, 100, 50, 150}}, 1, 4);
  CHECK(tall.pixels == std::vector<std::uint8_t>{25, 50, 100, 125});
  const Image in = noise(3, 11, 6);
  CHECK(resize(in, 11, 6).pixels == in.pixels);
  const Image flat{1, 50, 60, std::vector<std::uint8_t>(3000, 200)};
  for (const std::uint32_t size : {1u, 7u, 55u, 200u})
    CHECK(resize(flat, size, size).pixels == std::vector<std::uint8_t>(size * size, 200));
}

TEST_CASE("resizing and turning may change places") {
  const Image in = noise(1, 105, 105);
  for (int turns = 0; turns < 4; ++turns)
    CHECK(resize(rotate90(in, turns), 28, 28).pixels == rotate90(resize(in, 28, 28), turns).pixels);
}

TEST_CASE("an image without pixels cannot be resized") {
  CHECK_THROWS_AS(resize(Image{}, 1, 1), Error);
  CHECK_THROWS_AS(resize(Image{1, 1, 1, {1}}, 0, 1), Error);
}
