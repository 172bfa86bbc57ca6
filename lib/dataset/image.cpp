#include "dataset/image.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "dataset/image_formats.hpp"

namespace attune {
namespace {

bool starts_with(std::span<const std::uint8_t> bytes, std::initializer_list<std::uint8_t> magic) {
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

Image turn_once(const Image& image) {
  Image out{image.channels, image.width, image.height, {}};
  out.pixels.reserve(image.pixels.size());
  for (std::size_t c = 0; c < image.channels; ++c) {
    const std::uint8_t* plane = image.pixels.data() + c * image.height * image.width;
    for (std::size_t y = 0; y < out.height; ++y)
      for (std::size_t x = 0; x < out.width; ++x)
        out.pixels.push_back(plane[x * image.width + (image.width - 1 - y)]);
  }
  return out;
}

}  // namespace

Image decode_image(std::span<const std::uint8_t> bytes, const std::string& origin) {
  if (starts_with(bytes, {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}))
    return decode_png(bytes, origin);
  if (starts_with(bytes, {0xff, 0xd8, 0xff})) return decode_jpeg(bytes, origin);
  throw Error(origin + ": want a PNG or JPEG image, have " +
              (bytes.empty() ? "an empty file" : "other content"));
}

Image to_grey(const Image& image) {
  if (image.channels == 1) return image;
  const std::size_t plane = image.pixels.size() / 3;
  Image out{1, image.height, image.width, std::vector<std::uint8_t>(plane)};
  for (std::size_t i = 0; i < plane; ++i) {
    const unsigned luma = 299u * image.pixels[i] + 587u * image.pixels[plane + i] +
                          114u * image.pixels[2 * plane + i];
    out.pixels[i] = static_cast<std::uint8_t>((luma + 500) / 1000);
  }
  return out;
}

Image to_rgb(const Image& image) {
  if (image.channels == 3) return image;
  Image out{3, image.height, image.width, {}};
  out.pixels.reserve(3 * image.pixels.size());
  for (int c = 0; c < 3; ++c)
    out.pixels.insert(out.pixels.end(), image.pixels.begin(), image.pixels.end());
  return out;
}

Image rotate90(const Image& image, int quarter_turns) {
  Image out = image;
  for (int turn = 0; turn < (quarter_turns % 4 + 4) % 4; ++turn) out = turn_once(out);
  return out;
}

Image invert(const Image& image) {
  Image out = image;
  for (std::uint8_t& p : out.pixels) p = static_cast<std::uint8_t>(255 - p);
  return out;
}

}  // namespace attune
