#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// One face of the data set "glyphs". The list is fixed here, so that other fonts on a machine
// change nothing.
struct GlyphFace {
  std::string_view package;        // Debian package
  std::string_view file;           // relative to /usr/share/fonts
  std::string_view family, style;  // "Noto Sans", "Bold"; unique together
  std::string_view scripts;        // drawn with it, separated by a space
};
std::span<const GlyphFace> glyph_faces();  // sorted by package and file

// Names of the scripts, as in Unicode's Scripts.txt less a few shortened ("Canadian", "Myanmar").
std::vector<std::string> glyph_scripts();
// Letters of a script in code-point order: no marks, digits, punctuation, and no letters that
// decompose into a letter and a mark. UsageError naming the nearest script when there is none such.
std::vector<char32_t> glyph_letters(std::string_view script);
bool drawn_with(const GlyphFace& face, std::string_view script);

}  // namespace attune
