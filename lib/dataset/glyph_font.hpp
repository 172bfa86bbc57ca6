#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.hpp"

namespace attune {

// A small random change of a character: applied to its outline about the centre of its ink.
struct GlyphJitter {
  double rotation = 0;  // degrees, counter-clockwise
  double shear = 0;     // x += shear · y
  double scale_x = 1, scale_y = 1;
  double shift_x = 0, shift_y = 0;  // pixels, right and up
};

// Ends of the uniform ranges that jitters are drawn from: ±rotation, ±shear, both scales (each on
// its own) in [smallest, largest], ±shift.
struct GlyphJitterRange {
  double rotation = 0, shear = 0, smallest = 1, largest = 1, shift = 0;
};
GlyphJitter draw_jitter(const GlyphJitterRange& range, Rng& rng);

// A grey picture of one character, side × side, row by row from the top: 255 = ink, 0 = background.
using GlyphPixels = std::vector<std::uint8_t>;

// Ink of an undistorted character fills a square of this part of the picture with its longer side.
inline constexpr double kGlyphInk = 20.0 / 28.0;

// One font face whose characters are drawn from their outlines: not hinted, scaled so that the
// longer side of the ink is kGlyphInk of the picture, the middle of the ink in the middle of the
// picture (also after a jitter, then shifted). Size and place on the line are left out on purpose,
// as in handwriting data. The same file and FreeType version give the same bytes.
class GlyphFont {
 public:
  explicit GlyphFont(const std::string& path);  // Error when it is no font with outlines
  ~GlyphFont();
  GlyphFont(GlyphFont&&) noexcept;
  // False when the font has no such character, draws nothing for it, or draws the same picture as
  // for a missing one (.notdef).
  bool has(char32_t character) const;
  // Error unless has(character). Ink that a jitter moves out of the picture is cut off.
  GlyphPixels draw(char32_t character, std::uint32_t side, const GlyphJitter& jitter = {}) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string freetype_version();  // of the library in use: "2.12.1"

}  // namespace attune
