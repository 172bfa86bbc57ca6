#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace attune {

// Columns on the screen: code points of UTF-8, good enough for the letters and signs that we write.
inline std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace attune
