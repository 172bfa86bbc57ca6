#include "dataset/glyph_font.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "dataset/glyph_alike.hpp"

using namespace attune;

namespace {

const std::string kSans = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
const std::string kSerif = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf";

struct Box {
  std::uint32_t left, right, top, bottom;
};

Box ink(const GlyphPixels& pixels, std::uint32_t side) {
  Box box{side, 0, side, 0};
  for (std::uint32_t i = 0; i < pixels.size(); ++i) {
    if (pixels[i] == 0) continue;
    box.left = std::min(box.left, i % side), box.right = std::max(box.right, i % side);
    box.top = std::min(box.top, i / side), box.bottom = std::max(box.bottom, i / side);
  }
  return box;
}

}  // namespace

TEST_CASE("letters are centred and as large as the box, whatever their size in the font") {
  const GlyphFont font(kSans);
  for (const char32_t c : {U'A', U'x', U'l', U'W', U'ж'}) {
    for (const std::uint32_t side : {28u, 56u}) {
      const GlyphPixels pixels = font.draw(c, side);
      REQUIRE(pixels.size() == side * side);
      const Box box = ink(pixels, side);
      CHECK(std::abs(static_cast<int>(box.left + box.right + 1) - static_cast<int>(side)) <= 1);
      CHECK(std::abs(static_cast<int>(box.top + box.bottom + 1) - static_cast<int>(side)) <= 1);
      const std::uint32_t longer = std::max(box.right - box.left, box.bottom - box.top) + 1;
      CHECK(longer >= side * 20 / 28);
      CHECK(longer <= side * 20 / 28 + 2);
    }
  }
  // Upright: the crossbar of T is at the top, and its stem is full ink.
  const GlyphPixels t = font.draw(U'T', 28);
  CHECK(t[6 * 28 + 7] > 0);
  CHECK(t[20 * 28 + 7] == 0);
  CHECK(t[20 * 28 + 14] == 255);
}

TEST_CASE("drawing is the same each time and a jitter moves the ink as it says") {
  const GlyphFont font(kSans), again(kSans);
  const GlyphJitter turned{.rotation = 90};
  CHECK(font.draw(U'g', 28, {.shear = 0.2}) == again.draw(U'g', 28, {.shear = 0.2}));
  // A quarter turn counter-clockwise: row y of the turned picture is column 27 − y.
  const GlyphPixels plain = font.draw(U'F', 28), quarter = font.draw(U'F', 28, turned);
  int worst = 0;
  for (std::size_t y = 0; y < 28; ++y) {
    for (std::size_t x = 0; x < 28; ++x) {
      worst = std::max(worst, std::abs(quarter[y * 28 + x] - plain[x * 28 + 27 - y]));
    }
  }
  CHECK(worst <= 24);  // outlines are rounded to 1/64 pixel
  const Box at = ink(plain, 28), moved = ink(font.draw(U'F', 28, {.shift_x = 3, .shift_y = 2}), 28);
  CHECK(moved.left == at.left + 3);
  CHECK(moved.top + 2 == at.top);
  const Box slim = ink(font.draw(U'H', 28, {.scale_x = 0.5}), 28),
            wide = ink(font.draw(U'H', 28), 28);
  CHECK(2 * (slim.right - slim.left) <= wide.right - wide.left + 2);
  CHECK(slim.bottom - slim.top == wide.bottom - wide.top);
}

TEST_CASE("jitters fill their ranges and stay inside") {
  const GlyphJitterRange range{
      .rotation = 10, .shear = 0.2, .smallest = 0.8, .largest = 1.1, .shift = 2};
  double most[4] = {}, least = 2;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Rng rng(7, "jitter", i);
    const GlyphJitter jitter = draw_jitter(range, rng);
    most[0] = std::max(most[0], std::abs(jitter.rotation));
    most[1] = std::max(most[1], std::abs(jitter.shear));
    most[2] = std::max({most[2], jitter.scale_x, jitter.scale_y});
    most[3] = std::max({most[3], std::abs(jitter.shift_x), std::abs(jitter.shift_y)});
    least = std::min({least, jitter.scale_x, jitter.scale_y});
  }
  const double ends[4] = {10, 0.2, 1.1, 2};
  for (int i = 0; i < 4; ++i) {
    CHECK(most[i] <= ends[i]);
    CHECK(most[i] > 0.98 * ends[i]);
  }
  CHECK(least >= 0.8);
  CHECK(least < 0.81);
}

TEST_CASE("characters without a picture of their own are not there") {
  const GlyphFont font(kSans);
  CHECK(font.has(U'A'));
  CHECK_FALSE(font.has(U' '));    // no ink
  CHECK_FALSE(font.has(0x0F40));  // Tibetan: not in DejaVu Sans, would be drawn as .notdef
  CHECK_THROWS_AS(font.draw(0x0F40, 28), Error);
  CHECK_THROWS_AS(GlyphFont("/nowhere/font.ttf"), Error);
}

TEST_CASE("Latin A, Greek Alpha and Cyrillic A look alike, A and B don't, nor O and Q") {
  std::vector<std::vector<GlyphPicture>> letters;
  for (const char32_t c : {U'A', U'\u0391', U'\u0410', U'B', U'O', U'Q', U'o'}) {
    std::vector<GlyphPicture> pictures;
    std::uint32_t face = 0;
    for (const std::string& path : {kSans, kSerif}) {
      pictures.push_back({face++, GlyphFont(path).draw(c, kCompareSide)});
    }
    letters.push_back(pictures);
  }
  // o is O at another size, and size is left out.
  CHECK(keep_distinct(letters, 0.07) ==
        std::vector<bool>{true, false, false, true, true, true, false});
  CHECK(glyph_distance(letters[0][0].pixels, letters[1][0].pixels) < 1e-3);
  CHECK(glyph_distance(letters[0][0].pixels, letters[3][0].pixels) > 0.1);
  CHECK(glyph_distance(letters[4][0].pixels, letters[5][0].pixels) > 0.07);
}

TEST_CASE("the distance of pictures: 0 to itself or moved by a pixel, 1 without common ink") {
  GlyphPixels a(kCompareSide * kCompareSide), b = a, c = a;
  for (std::size_t y = 8; y < 20; ++y) {
    a[y * kCompareSide + 10] = a[y * kCompareSide + 11] = 255;
    b[(y + 1) * kCompareSide + 11] = b[(y + 1) * kCompareSide + 12] = 255;
    c[y * kCompareSide + 20] = 255;
  }
  CHECK(glyph_distance(a, a) == 0);
  CHECK(glyph_distance(a, b) == 0);
  CHECK(glyph_distance(a, c) == 1);
}

TEST_CASE("a face that draws a letter as another does counts once") {
  const GlyphPixels sans = GlyphFont(kSans).draw(U'k', kCompareSide);
  const GlyphPixels serif = GlyphFont(kSerif).draw(U'k', kCompareSide);
  std::vector<GlyphPicture> pictures{{3, sans}, {5, sans}, {8, serif}};
  drop_repeated_faces(pictures, 0.004);
  REQUIRE(pictures.size() == 2);
  CHECK(pictures[0].face == 3);
  CHECK(pictures[1].face == 8);
}
