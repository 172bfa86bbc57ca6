#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "dataset/image.hpp"

namespace attune {

constexpr std::uint64_t kMaxPixels = 64u << 20;

// The decoders behind decode_image; each takes the whole file. Error naming `origin`.
Image decode_png(std::span<const std::uint8_t> bytes, const std::string& origin);
Image decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& origin);

}  // namespace attune
