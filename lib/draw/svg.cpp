#include "base/text.hpp"
#include "draw/drawing.hpp"
#include "draw/xml.hpp"

namespace attune {
namespace {

std::string number(double value) {
  std::string text = to_text(value, 2);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string base64(const std::string& bytes) {
  constexpr const char* kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<std::uint8_t>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

struct Writer {
  std::string out;

  void operator()(const Drawing::Rectangle& box) {
    out += "<rect" + attribute("x", box.x) + attribute("y", box.y) + attribute("width", box.width) +
           attribute("height", box.height) + " fill=\"" + colour_text(box.fill) + "\"/>\n";
  }
  void operator()(const Drawing::Line& line) {
    out += "<line" + attribute("x1", line.x1) + attribute("y1", line.y1) +
           attribute("x2", line.x2) + attribute("y2", line.y2) + " stroke=\"" +
           colour_text(line.colour) + "\"" + attribute("stroke-width", line.width);
    if (line.opacity < 1) out += attribute("stroke-opacity", line.opacity);
    out += "/>\n";
  }
  void operator()(const Drawing::Text& text) {
    constexpr const char* kAnchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    out += "<text" + attribute("x", text.x) + attribute("y", text.y) +
           attribute("font-size", text.size) + kAnchors[static_cast<int>(text.anchor)];
    if (text.bold) out += " font-weight=\"bold\"";
    out += " fill=\"" + colour_text(text.colour) + "\">" + xml_text(text.text) + "</text>\n";
  }
  void operator()(const Drawing::Picture& picture) {
    out += "<image" + attribute("x", picture.x) + attribute("y", picture.y) +
           attribute("width", picture.width) + attribute("height", picture.height) +
           " preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
           "href=\"data:image/png;base64," +
           base64(encode_png(picture.samples.data(), picture.rows, picture.columns,
                             picture.channels)) +
           "\"/>\n";
  }
};

}  // namespace

std::string colour_text(Colour colour) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t part : {colour.red, colour.green, colour.blue})
    text += {kDigits[part / 16], kDigits[part % 16]};
  return text;
}

std::string to_svg(const Drawing& drawing) {
  const std::string width = number(drawing.width), height = number(drawing.height);
  Writer writer;
  writer.out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" +
               height + "\" viewBox=\"0 0 " + width + " " + height +
               "\" font-family=\"DejaVu Sans, Verdana, sans-serif\">\n";
  writer({0, 0, drawing.width, drawing.height, {255, 255, 255}});
  for (const auto& shape : drawing.shapes) std::visit(writer, shape);
  return writer.out + "</svg>\n";
}

}  // namespace attune
