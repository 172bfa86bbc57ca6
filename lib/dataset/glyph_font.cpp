#include "dataset/glyph_font.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_BBOX_H
#include FT_OUTLINE_H

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/cli.hpp"
#include "base/error.hpp"

namespace attune {
namespace {

[[maybe_unused]] const bool kRecorded = record_version("FreeType", freetype_version());

constexpr double kFixed = 65536;           // FreeType's 16.16
constexpr double kSubpixel = 64;           // and 26.6
constexpr std::uint32_t kNotdefSide = 28;  // where characters are compared with .notdef

FT_Fixed fixed(double value) { return static_cast<FT_Fixed>(std::llround(value * kFixed)); }

FT_BBox bounds(FT_Outline& outline) {
  FT_BBox box{};
  FT_Outline_Get_BBox(&outline, &box);
  return box;
}

void centre(FT_Outline& outline, double x, double y) {
  const FT_BBox box = bounds(outline);
  FT_Outline_Translate(&outline, std::lround(x - static_cast<double>(box.xMin + box.xMax) / 2),
                       std::lround(y - static_cast<double>(box.yMin + box.yMax) / 2));
}

FT_Matrix matrix_of(const GlyphJitter& jitter, double scale) {
  const double angle = jitter.rotation * std::numbers::pi / 180;
  const double c = std::cos(angle) * scale, s = std::sin(angle) * scale;
  const double x = jitter.scale_x, y = jitter.scale_y, k = jitter.shear * y;
  return {fixed(c * x), fixed(c * k - s * y), fixed(s * x), fixed(s * k + c * y)};
}

}  // namespace

GlyphJitter draw_jitter(const GlyphJitterRange& range, Rng& rng) {
  GlyphJitter jitter;
  jitter.rotation = rng.uniform(-range.rotation, range.rotation);
  jitter.shear = rng.uniform(-range.shear, range.shear);
  jitter.scale_x = rng.uniform(range.smallest, range.largest);
  jitter.scale_y = rng.uniform(range.smallest, range.largest);
  jitter.shift_x = rng.uniform(-range.shift, range.shift);
  jitter.shift_y = rng.uniform(-range.shift, range.shift);
  return jitter;
}

struct GlyphFont::State {
  std::string path;
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  GlyphPixels notdef;  // empty when .notdef draws nothing

  ~State() {
    if (face) FT_Done_Face(face);
    if (library) FT_Done_FreeType(library);
  }

  // The outline in font units, or null when the glyph has no ink.
  FT_Outline* outline(FT_UInt glyph) const {
    if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING)) return nullptr;
    if (face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) return nullptr;
    FT_Outline& shape = face->glyph->outline;
    if (shape.n_points == 0) return nullptr;
    const FT_BBox box = bounds(shape);
    return box.xMax > box.xMin && box.yMax > box.yMin ? &shape : nullptr;
  }

  GlyphPixels draw(FT_Outline& shape, std::uint32_t side, const GlyphJitter& jitter) const {
    const FT_BBox box = bounds(shape);
    const double longer = static_cast<double>(std::max(box.xMax - box.xMin, box.yMax - box.yMin));
    const FT_Matrix matrix = matrix_of(jitter, kGlyphInk * side * kSubpixel / longer);
    FT_Outline_Transform(&shape, &matrix);
    centre(shape, (side / 2.0 + jitter.shift_x) * kSubpixel,
           (side / 2.0 + jitter.shift_y) * kSubpixel);
    GlyphPixels pixels(std::size_t{side} * side);
    FT_Bitmap bitmap{};
    bitmap.rows = bitmap.width = side;
    bitmap.pitch = static_cast<int>(side);
    bitmap.buffer = pixels.data();
    bitmap.num_grays = 256;
    bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;
    if (const FT_Error code = FT_Outline_Get_Bitmap(library, &shape, &bitmap)) {
      throw Error(path + ": glyph: want an outline that can be drawn, have FreeType error " +
                  std::to_string(code));
    }
    return pixels;
  }

  FT_Outline& need(char32_t character) const {
    const FT_UInt glyph = FT_Get_Char_Index(face, character);
    FT_Outline* shape = glyph ? outline(glyph) : nullptr;
    if (!shape) {
      throw Error(path + ": character " + std::to_string(static_cast<std::uint32_t>(character)) +
                  ": want an outline, have none");
    }
    return *shape;
  }
};

GlyphFont::GlyphFont(const std::string& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  if (FT_Init_FreeType(&state_->library)) throw Error(path + ": FreeType does not start");
  if (const FT_Error code = FT_New_Face(state_->library, path.c_str(), 0, &state_->face)) {
    state_->face = nullptr;
    throw Error(path + ": want a font, have FreeType error " + std::to_string(code));
  }
  if (!FT_IS_SCALABLE(state_->face)) throw Error(path + ": want a font with outlines, have none");
  if (FT_Select_Charmap(state_->face, FT_ENCODING_UNICODE)) {
    throw Error(path + ": want a Unicode character map, have none");
  }
  if (FT_Outline* shape = state_->outline(0)) {
    state_->notdef = state_->draw(*shape, kNotdefSide, {});
  }
}

GlyphFont::~GlyphFont() = default;
GlyphFont::GlyphFont(GlyphFont&&) noexcept = default;

bool GlyphFont::has(char32_t character) const {
  const FT_UInt glyph = FT_Get_Char_Index(state_->face, character);
  if (glyph == 0) return false;
  FT_Outline* shape = state_->outline(glyph);
  if (!shape) return false;
  const GlyphPixels pixels = state_->draw(*shape, kNotdefSide, {});
  const bool ink = std::any_of(pixels.begin(), pixels.end(), [](auto value) { return value > 0; });
  return ink && pixels != state_->notdef;
}

GlyphPixels GlyphFont::draw(char32_t character, std::uint32_t side,
                            const GlyphJitter& jitter) const {
  return state_->draw(state_->need(character), side, jitter);
}

std::string freetype_version() {
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library)) throw Error("FreeType does not start");
  FT_Int major = 0, minor = 0, patch = 0;
  FT_Library_Version(library, &major, &minor, &patch);
  FT_Done_FreeType(library);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace attune
