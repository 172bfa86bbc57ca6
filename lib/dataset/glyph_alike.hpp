#pragma once
#include <cstdint>
#include <vector>

#include "dataset/glyph_font.hpp"

namespace attune {

// Side of the pictures in which letters are compared, whatever size is drawn in the end.
inline constexpr std::uint32_t kCompareSide = 28;

// One face's undistorted picture of a character.
struct GlyphPicture {
  std::uint32_t face = 0;  // index into glyph_faces()
  GlyphPixels pixels;      // kCompareSide × kCompareSide
};

// How different two pictures look: both are smoothed by the binomial filter [1 2 1]/4 in x and y,
// then min over shifts s of −1…1 pixel in x and y of |a − b_s|² / (|a|² + |b_s|²); 0 the same, 1 no
// ink in common. Smoothing forgives hair-thin strokes that miss one another.
double glyph_distance(const GlyphPixels& a, const GlyphPixels& b);

// Which characters to keep so that no two kept ones look alike: in the order given, a character is
// dropped when some picture of it and some picture of a kept one, of whichever faces, have a
// glyph_distance below `threshold`. Pairs that differ much in proportions or in a coarse picture
// are not compared in full; of pairs below 0.06 that skips two in a thousand.
std::vector<bool> keep_distinct(const std::vector<std::vector<GlyphPicture>>& characters,
                                double threshold);

// Drops faces that draw the character as an earlier face of the list does (distance below
// `threshold`), so that faces which only repackage another's outlines don't count twice.
void drop_repeated_faces(std::vector<GlyphPicture>& pictures, double threshold);

}  // namespace attune
