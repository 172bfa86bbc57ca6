#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "draw/drawing.hpp"

namespace attune {
namespace {

constexpr double kSubpixel = 64;  // FreeType's 26.6

struct Point {
  double x, y;
};

// Beside the folder of DejaVu Sans, for letters that it lacks; those that are installed are asked
// in this order. All come with packages of datasets/glyphs/packages.txt.
constexpr std::array kMoreFonts = {
    "freefont/FreeSerif.ttf",           "khmeros/KhmerOS.ttf",
    "noto/NotoSansMyanmar-Regular.ttf", "noto/NotoSansCherokee-Regular.ttf",
    "noto/NotoSansChakma-Regular.ttf",  "alee/Guseul.ttf",
    "komatuna/komatuna-p.ttf"};

// FreeType, the two faces, and more where they lack a letter.
class Fonts {
 public:
  explicit Fonts(const std::string& folder) : folder_(folder) {
    if (FT_Init_FreeType(&library_)) throw Error("FreeType does not start");
    for (const auto& [name, face] :
         {std::pair{"/DejaVuSans.ttf", &plain_}, std::pair{"/DejaVuSans-Bold.ttf", &bold_}}) {
      const std::string path = folder + name;
      if (FT_New_Face(library_, path.c_str(), 0, face)) {
        FT_Done_FreeType(library_);
        throw Error(path + ": want a font (package fonts-dejavu-core), have none");
      }
    }
  }
  ~Fonts() { FT_Done_FreeType(library_); }
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  FT_Library library() const { return library_; }
  // One that has the letter, if any has.
  FT_Face face(bool bold, double pixels, char32_t letter) const {
    FT_Face face = bold ? bold_ : plain_;
    if (FT_Get_Char_Index(face, letter) == 0)
      for (FT_Face more : others())
        if (FT_Get_Char_Index(more, letter) != 0) {
          face = more;
          break;
        }
    FT_Set_Char_Size(face, 0, static_cast<FT_F26Dot6>(std::lround(pixels * kSubpixel)), 72, 72);
    return face;
  }

 private:
  // Opened when the first letter is missing.
  const std::vector<FT_Face>& others() const {
    if (opened_) return others_;
    opened_ = true;
    for (const char* name : kMoreFonts) {
      FT_Face face = nullptr;
      const std::string path = folder_ + "/../" + name;
      if (FT_New_Face(library_, path.c_str(), 0, &face) == 0) others_.push_back(face);
    }
    return others_;
  }

  std::string folder_;
  FT_Library library_ = nullptr;
  FT_Face plain_ = nullptr, bold_ = nullptr;
  mutable bool opened_ = false;
  mutable std::vector<FT_Face> others_;
};

// Code points of UTF-8; a broken sequence is passed over.
std::vector<char32_t> code_points(const std::string& text) {
  std::vector<char32_t> points;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) {
      points.push_back(byte);
    } else if (byte >= 0xC0) {
      points.push_back(byte & (byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07));
    } else if (!points.empty()) {
      points.back() = points.back() << 6 | (byte & 0x3F);
    }
  }
  return points;
}

// All shapes are outlines to FreeType, whose scan converter smooths their edges.
class Raster {
 public:
  Raster(const Drawing& drawing, double scale, const Fonts& fonts)
      : scale_(scale),
        fonts_(fonts),
        columns_(static_cast<long>(std::ceil(drawing.width * scale))),
        rows_(static_cast<long>(std::ceil(drawing.height * scale))),
        samples_(static_cast<std::size_t>(columns_ * rows_) * 3, 255) {}

  std::string png() const {
    return encode_png(samples_.data(), static_cast<std::size_t>(rows_),
                      static_cast<std::size_t>(columns_), 3);
  }

  void operator()(const Drawing::Rectangle& box) {
    polygon({{{box.x, box.y},
              {box.x + box.width, box.y},
              {box.x + box.width, box.y + box.height},
              {box.x, box.y + box.height}}},
            box.fill, 1);
  }

  void operator()(const Drawing::Line& line) {
    const double dx = line.x2 - line.x1, dy = line.y2 - line.y1, length = std::hypot(dx, dy);
    if (length == 0) return;
    const double x = -dy / length * line.width / 2, y = dx / length * line.width / 2;
    polygon({{{line.x1 + x, line.y1 + y},
              {line.x2 + x, line.y2 + y},
              {line.x2 - x, line.y2 - y},
              {line.x1 - x, line.y1 - y}}},
            line.colour, line.opacity);
  }

  void operator()(const Drawing::Text& text) {
    const auto face_of = [&](char32_t point) {
      return fonts_.face(text.bold, text.size * scale_, point);
    };
    const std::vector<char32_t> points = code_points(text.text);
    FT_Pos width = 0;
    for (const char32_t point : points) {
      const FT_Face face = face_of(point);
      width += load(face, point) ? face->glyph->advance.x : 0;
    }
    double at = text.x * scale_ * kSubpixel;
    if (text.anchor == Drawing::Anchor::middle) at -= static_cast<double>(width) / 2;
    if (text.anchor == Drawing::Anchor::end) at -= static_cast<double>(width);
    FT_Pos pen = std::lround(at);
    const FT_Pos base =
        std::lround((static_cast<double>(rows_) - std::round(text.y * scale_)) * kSubpixel);
    for (const char32_t point : points) {
      const FT_Face face = face_of(point);
      if (!load(face, point)) continue;
      FT_Outline_Translate(&face->glyph->outline, pen, base);
      fill(face->glyph->outline, text.colour, 1);
      pen += face->glyph->advance.x;
    }
  }

  // Each pixel is the mean of what it covers of the picture.
  void operator()(const Drawing::Picture& picture) {
    const long left = std::lround(picture.x * scale_), top = std::lround(picture.y * scale_);
    const long width = std::lround(picture.width * scale_);
    const long height = std::lround(picture.height * scale_);
    for (long y = std::max(0L, -top); y < height && top + y < rows_; ++y)
      for (long x = std::max(0L, -left); x < width && left + x < columns_; ++x)
        for (std::size_t c = 0; c < 3; ++c)
          at(left + x, top + y, c) = covered(picture, x, width, y, height, c);
  }

 private:
  std::uint8_t& at(long x, long y, std::size_t c) {
    return samples_[static_cast<std::size_t>(y * columns_ + x) * 3 + c];
  }

  static std::uint8_t covered(const Drawing::Picture& picture, long x, long width, long y,
                              long height, std::size_t c) {
    const double per_x = static_cast<double>(picture.columns) / static_cast<double>(width);
    const double per_y = static_cast<double>(picture.rows) / static_cast<double>(height);
    const double x0 = static_cast<double>(x) * per_x, y0 = static_cast<double>(y) * per_y;
    const std::size_t channel = picture.channels == 3 ? c : 0;
    double sum = 0, area = 0;
    for (auto j = static_cast<std::size_t>(y0); j < picture.rows; ++j) {
      const double h = std::min(y0 + per_y, double(j) + 1) - std::max(y0, double(j));
      if (h <= 0) break;
      for (auto i = static_cast<std::size_t>(x0); i < picture.columns; ++i) {
        const double w = std::min(x0 + per_x, double(i) + 1) - std::max(x0, double(i));
        if (w <= 0) break;
        sum += w * h * picture.samples[(j * picture.columns + i) * picture.channels + channel];
        area += w * h;
      }
    }
    return static_cast<std::uint8_t>(area > 0 ? std::lround(sum / area) : 255);
  }

  static bool load(FT_Face face, char32_t point) {
    return FT_Load_Char(face, point, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) == 0 &&
           face->glyph->format == FT_GLYPH_FORMAT_OUTLINE;
  }

  void polygon(const std::array<Point, 4>& corners, Colour colour, double opacity) {
    std::array<FT_Vector, 4> points;
    for (std::size_t i = 0; i < 4; ++i)
      points[i] = {std::lround(corners[i].x * scale_ * kSubpixel),
                   std::lround((static_cast<double>(rows_) - corners[i].y * scale_) * kSubpixel)};
    std::array<char, 4> tags;
    tags.fill(FT_CURVE_TAG_ON);
    short end = 3;
    FT_Outline outline{};
    outline.n_contours = 1;
    outline.n_points = 4;
    outline.points = points.data();
    outline.tags = tags.data();
    outline.contours = &end;
    fill(outline, colour, opacity);
  }

  // The outline in 26.6 pixels of the whole picture, y up.
  void fill(FT_Outline& outline, Colour colour, double opacity) {
    if (outline.n_points == 0) return;
    FT_BBox box{};
    FT_Outline_Get_CBox(&outline, &box);
    const long left = std::max(0L, box.xMin >> 6), right = std::min(columns_, (box.xMax >> 6) + 1);
    const long low = std::max(0L, box.yMin >> 6), high = std::min(rows_, (box.yMax >> 6) + 1);
    if (left >= right || low >= high) return;
    FT_Outline_Translate(&outline, -left * 64, -low * 64);
    const long width = right - left, height = high - low;
    coverage_.assign(static_cast<std::size_t>(width * height), 0);
    FT_Bitmap bitmap{};
    bitmap.rows = static_cast<unsigned>(height);
    bitmap.width = static_cast<unsigned>(width);
    bitmap.pitch = static_cast<int>(width);
    bitmap.buffer = coverage_.data();
    bitmap.num_grays = 256;
    bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;
    if (const FT_Error code = FT_Outline_Get_Bitmap(fonts_.library(), &outline, &bitmap))
      throw Error("picture: FreeType error " + std::to_string(code));
    const std::array<std::uint8_t, 3> paint{colour.red, colour.green, colour.blue};
    for (long y = 0; y < height; ++y)
      for (long x = 0; x < width; ++x) {
        const double share = coverage_[static_cast<std::size_t>(y * width + x)] * opacity / 255;
        if (share == 0) continue;
        for (std::size_t c = 0; c < 3; ++c) {
          std::uint8_t& sample = at(left + x, rows_ - high + y, c);
          sample = static_cast<std::uint8_t>(std::lround(sample + (paint[c] - sample) * share));
        }
      }
  }

  double scale_;
  const Fonts& fonts_;
  long columns_, rows_;
  std::vector<std::uint8_t> samples_, coverage_;
};

}  // namespace

std::string to_png(const Drawing& drawing, double scale, const std::string& fonts) {
  const Fonts faces(fonts);
  Raster raster(drawing, scale, faces);
  for (const auto& shape : drawing.shapes) std::visit(raster, shape);
  return raster.png();
}

}  // namespace attune
