#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace attune {

struct Image {
  std::uint32_t channels = 0, height = 0, width = 0;  // 1 grey, 3 RGB
  std::vector<std::uint8_t> pixels;                   // (C,Y,X)
};

// PNG (any depth, palette, interlaced; alpha over white) and JPEG (accurate DCT), by content.
// Error naming `origin` for anything else, damage, or more than 64 Mpixel.
Image decode_image(std::span<const std::uint8_t> bytes, const std::string& origin);
Image to_grey(const Image& image);  // Rec. 601 luma, rounded; grey stays
Image to_rgb(const Image& image);
// Area averaging (exact box filter) when shrinking, bilinear when enlarging; deterministic integers
// out.
Image resize(const Image& image, std::uint32_t height, std::uint32_t width);
Image rotate90(const Image& image, int quarter_turns);  // counter-clockwise
Image invert(const Image& image);

}  // namespace attune
