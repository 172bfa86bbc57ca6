#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace attune {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

std::string colour_text(Colour colour);  // "#0072b2"

// A picture as a list of shapes, painted in order on white; units of about a screen's pixel, x to
// the right, y down.
struct Drawing {
  struct Rectangle {
    double x, y, width, height;
    Colour fill;
  };
  struct Line {
    double x1, y1, x2, y2, width;
    Colour colour;
    double opacity = 1;
  };
  enum class Anchor { start, middle, end };
  struct Text {
    double x, y, size;  // y of the baseline
    std::string text;   // UTF-8
    Anchor anchor = Anchor::start;
    Colour colour = {};
    bool bold = false;
  };
  struct Picture {  // grey or RGB samples, (rows, columns, channels)
    double x, y, width, height;
    std::size_t rows, columns, channels;
    std::vector<std::uint8_t> samples;
  };
  using Shape = std::variant<Rectangle, Line, Text, Picture>;
  double width = 0, height = 0;
  std::vector<Shape> shapes;

  template <typename Kind>
  void add(Kind shape) {
    shapes.emplace_back(std::in_place_type<Kind>, std::move(shape));
  }
};

// Equal drawings give equal bytes: no times, no names of machines, two decimals.
std::string to_svg(const Drawing& drawing);

// The same as a PNG of `scale` pixels per unit. The fonts are DejaVu Sans and its bold, from
// `fonts`, their folder; letters that they lack come from other fonts beside that folder, where
// these are installed. Error when DejaVu can't be read.
std::string to_png(const Drawing& drawing, double scale, const std::string& fonts);
inline constexpr const char* kFontFolder = "/usr/share/fonts/truetype/dejavu";

// A PNG file of 8-bit samples (rows, columns, channels): 1 channel is grey, 3 are RGB.
std::string encode_png(const std::uint8_t* samples, std::size_t rows, std::size_t columns,
                       std::size_t channels);

}  // namespace attune
