#include "dataset/image.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "dataset/raw_files.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

std::string refusal(const Bytes& bytes) {
  return message_of([&] { decode_image(bytes, "x.png"); });
}

// Where the data of the first chunk `name` starts.
std::size_t chunk(const Bytes& png, const std::string& name) {
  const std::string text(png.begin(), png.end());
  return text.find(name) + 4;
}

void put_u32(Bytes& to, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) to[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

// Makes the chunk that starts (with its name) at `at` and has `size` bytes of data valid again.
void fix_crc(Bytes& png, std::size_t at, std::size_t size) {
  put_u32(png, at + 4 + size,
          static_cast<std::uint32_t>(crc32(0, png.data() + at, static_cast<uInt>(size + 4))));
}

}  // namespace

TEST_CASE("PNG: grey of every depth") {
  const auto pixels = [](int depth, const Bytes& packed, std::uint32_t width) {
    PngLook look;
    look.depth = depth;
    const Image image = decode_image(make_png(width, 1, packed, look), "x");
    CHECK(image.channels == 1);
    CHECK(image.height == 1);
    CHECK(image.width == width);
    return image.pixels;
  };
  CHECK(pixels(1, {0b10100000}, 3) == Bytes{255, 0, 255});
  CHECK(pixels(2, {0b00011011}, 4) == Bytes{0, 85, 170, 255});
  CHECK(pixels(4, {0x0f, 0x80}, 3) == Bytes{0, 255, 136});
  CHECK(pixels(8, {0, 7, 255}, 3) == Bytes{0, 7, 255});
  // 16 → 8 bits, to nearest: 0x0180/257 = 1.49, 0x0182/257 = 1.50, 0xff80/257 = 254.5
  CHECK(pixels(16, {0x01, 0x80, 0x01, 0x82, 0xff, 0xff, 0x80, 0x80}, 4) == Bytes{1, 2, 255, 128});
}

TEST_CASE("PNG: colours, palette, transparency over white") {
  PngLook look;
  look.colour = PNG_COLOR_TYPE_RGB;
  Image image = decode_image(make_png(2, 1, {1, 2, 3, 4, 5, 6}, look), "x");
  CHECK(image.channels == 3);
  CHECK(image.pixels == Bytes{1, 4, 2, 5, 3, 6});  // planes

  look.depth = 16;
  image = decode_image(make_png(1, 1, {0x10, 0x10, 0x20, 0x20, 0x30, 0x30}, look), "x");
  CHECK(image.pixels == Bytes{0x10, 0x20, 0x30});

  look = {};
  look.colour = PNG_COLOR_TYPE_RGB_ALPHA;
  image =
      decode_image(make_png(3, 1, {10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51}, look), "x");
  // 51/255 = 1/5: 0.8·255 + 0.2·c
  CHECK(image.pixels == Bytes{10, 255, 204, 20, 255, 224, 30, 255, 244});

  look.colour = PNG_COLOR_TYPE_GRAY_ALPHA;
  image = decode_image(make_png(2, 1, {0, 51, 9, 255}, look), "x");
  CHECK(image.channels == 1);
  CHECK(image.pixels == Bytes{204, 9});

  look = {};
  look.colour = PNG_COLOR_TYPE_PALETTE;
  look.depth = 2;
  look.palette = {{1, 2, 3}, {40, 50, 60}, {0, 0, 0}};
  image = decode_image(make_png(3, 1, {0b01000100}, look), "x");
  CHECK(image.channels == 3);
  CHECK(image.pixels == Bytes{40, 1, 40, 50, 2, 50, 60, 3, 60});
  look.palette_alpha = {255, 0};
  image = decode_image(make_png(3, 1, {0b01001000}, look), "x");
  CHECK(image.pixels == Bytes{255, 1, 0, 255, 2, 0, 255, 3, 0});

  look = {};
  look.transparent_grey = 7;
  CHECK(decode_image(make_png(2, 1, {7, 8}, look), "x").pixels == Bytes{255, 8});
}

TEST_CASE("PNG: interlaced gives the same pixels") {
  Bytes packed(13 * 11);
  for (std::size_t i = 0; i < packed.size(); ++i) packed[i] = static_cast<std::uint8_t>(i * 37);
  PngLook look;
  look.interlaced = true;
  CHECK(decode_image(make_png(13, 11, packed, look), "x").pixels == packed);
}

TEST_CASE("PNG: damage of every kind is an Error that names the file") {
  Bytes packed(40 * 40);
  for (std::size_t i = 0; i < packed.size(); ++i) packed[i] = static_cast<std::uint8_t>(i * i);
  const Bytes whole = make_png(40, 40, packed);
  REQUIRE(refusal(whole) == "");
  std::size_t taken = 0;
  for (std::size_t size = 0; size < whole.size(); size += 3)
    taken += refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) == "";
  CHECK(taken == 0);
  taken = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes damaged = whole;
    damaged[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    taken += refusal(damaged) == "";
  }
  CHECK(taken == 0);
  Bytes damaged = whole;
  damaged[chunk(whole, "IDAT") + 30] ^= 1;
  CHECK(contains(refusal(damaged), "x.png: PNG: "));
}

TEST_CASE("PNG: hostile headers and chunks are refused, or passed over, without much memory") {
  const Bytes whole = make_png(2, 2, {1, 2, 3, 4});
  const std::size_t header = chunk(whole, "IHDR");
  for (const auto& [width, height] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {0x7fffffff, 0x7fffffff}, {1u << 20, 1u << 20}, {8193, 8192}, {0, 2}, {2, 0}}) {
    Bytes hostile = whole;
    put_u32(hostile, header, width);
    put_u32(hostile, header + 4, height);
    fix_crc(hostile, header - 4, 13);
    CAPTURE(width);
    CHECK(refusal(hostile) != "");
  }
  // Bits of depth and colour that do not go together.
  Bytes hostile = whole;
  hostile[header + 8] = 16;
  hostile[header + 9] = PNG_COLOR_TYPE_PALETTE;
  fix_crc(hostile, header - 4, 13);
  CHECK(refusal(hostile) != "");
  // More rows than there is data for.
  hostile = whole;
  put_u32(hostile, header + 4, 3);
  fix_crc(hostile, header - 4, 13);
  CHECK(refusal(hostile) != "");
  // 64 MiB of zeros in a compressed text: never looked at.
  Bytes zeros(64u << 20), text = {'k', 0, 0};
  uLongf size = compressBound(static_cast<uLong>(zeros.size()));
  Bytes packed(size);
  REQUIRE(compress(packed.data(), &size, zeros.data(), static_cast<uLong>(zeros.size())) == Z_OK);
  text.insert(text.end(), packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
  Bytes extra(8 + text.size() + 4);
  put_u32(extra, 0, static_cast<std::uint32_t>(text.size()));
  std::copy_n("zTXt", 4, extra.begin() + 4);
  std::copy(text.begin(), text.end(), extra.begin() + 8);
  fix_crc(extra, 4, text.size());
  hostile = whole;
  hostile.insert(hostile.begin() + static_cast<std::ptrdiff_t>(chunk(whole, "IDAT") - 8),
                 extra.begin(), extra.end());
  CHECK(decode_image(hostile, "x").pixels == Bytes{1, 2, 3, 4});
  // A colour outside the palette.
  PngLook look;
  look.colour = PNG_COLOR_TYPE_PALETTE;
  look.palette = {{1, 2, 3}, {4, 5, 6}};
  look.depth = 8;
  CHECK(refusal(make_png(2, 1, {0, 1}, look)) == "");
}

TEST_CASE("JPEG: grey, colour, progressive; the accurate transform keeps flat colours") {
  Image image = decode_image(make_jpeg(16, 8, 1, Bytes(128, 77)), "x");
  CHECK(image.channels == 1);
  CHECK(image.height == 8);
  CHECK(image.width == 16);
  CHECK(image.pixels == Bytes(128, 77));
  Bytes rows;
  for (int i = 0; i < 33 * 17; ++i) rows.insert(rows.end(), {200, 100, 50});
  for (const bool progressive : {false, true}) {
    image = decode_image(make_jpeg(33, 17, 3, rows, progressive), "x");
    CHECK(image.channels == 3);
    REQUIRE(image.pixels.size() == 3u * 33 * 17);
    for (std::size_t c = 0; c < 3; ++c) {
      const int want = c == 0 ? 200 : c == 1 ? 100 : 50;
      for (std::size_t i = 0; i < 33 * 17; ++i)
        REQUIRE(std::abs(image.pixels[c * 33 * 17 + i] - want) <= 2);
    }
  }
}

TEST_CASE("JPEG: truncated, damaged, CMYK and huge files are refused") {
  Bytes rows(64 * 64);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint8_t>(i * i >> 3);
  const Bytes whole = make_jpeg(64, 64, 1, rows);
  REQUIRE(refusal(whole) == "");
  std::size_t taken = 0;
  // The last marker says that nothing follows.
  for (std::size_t size = 0; size + 2 < whole.size(); size += 7)
    taken += refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) == "";
  CHECK(taken == 0);
  CHECK(contains(refusal(make_jpeg(8, 8, 4, Bytes(256, 9))), "colour space"));
  Bytes huge = whole;
  for (std::size_t at = 0; at + 9 < huge.size(); ++at)
    if (huge[at] == 0xff && huge[at + 1] == 0xc0) {
      for (std::size_t i = 5; i < 9; ++i) huge[at + i] = 0xf0;
      break;
    }
  CHECK(contains(refusal(huge), "64 Mpixel"));
  for (std::size_t at = 0; at + 9 < huge.size(); ++at)
    if (huge[at] == 0xff && huge[at + 1] == 0xc0) {
      huge[at + 5] = huge[at + 7] = 0x0f;
      break;
    }
  CHECK(contains(refusal(huge), "want as much data as its size takes"));
}

TEST_CASE("other content is no image") {
  CHECK(contains(refusal({}), "empty"));
  CHECK(contains(refusal({'G', 'I', 'F', '8', '9', 'a'}), "want a PNG or JPEG"));
}

TEST_CASE("grey is the luma of Rec. 601; grey to colour repeats it") {
  const Image colours{3, 1, 4, {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255}};
  CHECK(to_grey(colours).pixels == Bytes{76, 150, 29, 255});  // 76.245, 149.685, 29.07
  CHECK(to_grey(to_grey(colours)).pixels == Bytes{76, 150, 29, 255});
  CHECK(to_rgb(Image{1, 1, 2, {3, 4}}).pixels == Bytes{3, 4, 3, 4, 3, 4});
  CHECK(to_rgb(colours).pixels == colours.pixels);
  CHECK(invert(Image{1, 1, 2, {0, 200}}).pixels == Bytes{255, 55});
}

TEST_CASE("a quarter turn is counter-clockwise, four of them are none") {
  const Image image{1, 2, 3, {1, 2, 3, 4, 5, 6}};
  const Image turned = rotate90(image, 1);
  CHECK(turned.height == 3);
  CHECK(turned.width == 2);
  CHECK(turned.pixels == Bytes{3, 6, 2, 5, 1, 4});
  CHECK(rotate90(image, 2).pixels == Bytes{6, 5, 4, 3, 2, 1});
  CHECK(rotate90(image, -1).pixels == rotate90(image, 3).pixels);
  CHECK(rotate90(image, 4).pixels == image.pixels);
  const Image colours{3, 1, 2, {1, 2, 3, 4, 5, 6}};
  CHECK(rotate90(colours, 1).pixels == Bytes{2, 1, 4, 3, 6, 5});
}
