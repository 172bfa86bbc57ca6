#include "draw/chart.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "draw/characters.hpp"

namespace attune {
namespace {

constexpr Colour kGrey{110, 110, 110}, kLight{222, 222, 222}, kLimit{190, 60, 60};
constexpr Colour kColours[] = {{0, 114, 178},   {230, 159, 0},  {0, 158, 115},   {213, 94, 0},
                               {204, 121, 167}, {86, 180, 233}, {0, 0, 0},       {140, 86, 75},
                               {150, 150, 0},   {120, 80, 200}, {127, 127, 127}, {0, 70, 60}};

std::string power_text(int exponent) {
  static const char* const kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string digits;
  for (const char c : std::to_string(std::abs(exponent))) digits += kDigits[c - '0'];
  return std::string("10") + (exponent < 0 ? "⁻" : "") + digits;
}

// Square, cross, plus and bar by turns; where colours come again, each has another mark.
void draw_mark(Drawing& drawing, double x, double y, std::size_t index) {
  constexpr double r = 3;
  const Colour c = curve_colour(index);
  const std::size_t mark = (index + index / std::size(kColours)) % 4;
  const auto line = [&](double x1, double y1, double x2, double y2) {
    drawing.add(Drawing::Line{x + r * x1, y + r * y1, x + r * x2, y + r * y2, 1.6, c});
  };
  if (mark == 0) drawing.add(Drawing::Rectangle{x - r, y - r, 2 * r, 2 * r, c});
  if (mark == 1) line(-1, -1, 1, 1), line(-1, 1, 1, -1);
  if (mark == 2) line(-1.3, 0, 1.3, 0), line(0, -1.3, 0, 1.3);
  if (mark == 3) line(0, -1.3, 0, 1.3);
}

}  // namespace

Colour curve_colour(std::size_t index) { return kColours[index % std::size(kColours)]; }

double Axis::share(double value) const {
  if (!logarithmic) return (value - low) / (high - low);
  return std::log(value / low) / std::log(high / low);
}

Axis log_axis(const std::string& title, double least, double most) {
  const int first = static_cast<int>(std::floor(std::log10(least) + 1e-9));
  const int last = std::max(first + 1, static_cast<int>(std::ceil(std::log10(most) - 1e-9)));
  Axis axis{title, true, std::pow(10.0, first), std::pow(10.0, last), {}};
  for (int e = first; e <= last; ++e) axis.marks.emplace_back(std::pow(10.0, e), power_text(e));
  return axis;
}

Axis linear_axis(const std::string& title, double least, double most) {
  if (most - least < 1e-9 * std::max(1.0, std::abs(most))) {  // one value: it stands in the middle
    least -= 0.5;
    most += 0.5;
  }
  const double rough = (most - least) / 5;
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  const double factor = rough / decade;
  const double step = decade * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  const auto first = static_cast<std::int64_t>(std::floor(least / step + 1e-9));
  const auto last = std::max(first + 1, static_cast<std::int64_t>(std::ceil(most / step - 1e-9)));
  Axis axis{title, false, static_cast<double>(first) * step, static_cast<double>(last) * step, {}};
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  for (std::int64_t i = first; i <= last; ++i) {
    const double value = static_cast<double>(i) * step;
    axis.marks.emplace_back(value, to_text(value, decimals));
  }
  return axis;
}

std::pair<double, double> range_of(const std::vector<Curve>& curves, double Curve::Point::*of,
                                   std::pair<double, double> range) {
  for (const Curve& curve : curves)
    for (const Curve::Point& point : curve.points) {
      const double bar = of == &Curve::Point::y ? point.half_width : 0;
      range.first = std::min(range.first, point.*of - bar);
      range.second = std::max(range.second, point.*of + bar);
    }
  return range;
}

Chart::Chart(Drawing& drawing, Frame frame, Axis across, Axis up)
    : drawing_(drawing), frame_(frame), across_(std::move(across)), up_(std::move(up)) {}

std::pair<double, double> Chart::place(double x, double y) const {
  return {frame_.x + frame_.width * across_.share(x),
          frame_.y + frame_.height * (1 - up_.share(y))};
}

void Chart::axes(const std::string& title) const {
  const double right = frame_.x + frame_.width, bottom = frame_.y + frame_.height;
  drawing_.add(Drawing::Text{frame_.x, frame_.y - 24, 12, title, Drawing::Anchor::start, {}, true});
  drawing_.add(Drawing::Text{frame_.x, frame_.y - 8, 10, up_.title, Drawing::Anchor::start, kGrey});
  for (const auto& [value, text] : across_.marks) {
    const double x = place(value, up_.low).first;
    drawing_.add(Drawing::Line{x, frame_.y, x, bottom, 1, kLight});
    drawing_.add(Drawing::Text{x, bottom + 15, 10, text, Drawing::Anchor::middle});
  }
  for (const auto& [value, text] : up_.marks) {
    const double y = place(across_.low, value).second;
    drawing_.add(Drawing::Line{frame_.x, y, right, y, 1, kLight});
    drawing_.add(Drawing::Text{frame_.x - 5, y + 4, 10, text, Drawing::Anchor::end});
  }
  drawing_.add(Drawing::Text{frame_.x + frame_.width / 2, bottom + 30, 10, across_.title,
                             Drawing::Anchor::middle, kGrey});
}

void Chart::guide(double x1, double y1, double x2, double y2, const std::string& label) const {
  const auto [from_x, from_y] = place(x1, y1);
  const auto [x, y] = place(x2, y2);
  drawing_.add(Drawing::Line{from_x, from_y, x, y, 0.8, kGrey, 0.5});
  drawing_.add(Drawing::Text{x - 3, y + 12, 9, label, Drawing::Anchor::end, kGrey});
}

void Chart::limit(double value, const std::string& label) const {
  const double y = place(across_.low, value).second;
  drawing_.add(Drawing::Line{frame_.x, y, frame_.x + frame_.width, y, 1, kLimit, 0.7});
  drawing_.add(Drawing::Text{frame_.x + 3, y + 11, 9, label, Drawing::Anchor::start, kLimit});
}

void Chart::curve(const Curve& curve, std::size_t index) const {
  const Colour colour = curve_colour(index);
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const Curve::Point& point = curve.points[i];
    const auto [x, y] = place(point.x, point.y);
    draw_mark(drawing_, x, y, index);
    if (point.half_width > 0) {
      const auto end = [&](double value) {
        return place(point.x, std::clamp(value, up_.low, up_.high)).second;
      };
      const double low = end(point.y - point.half_width), high = end(point.y + point.half_width);
      drawing_.add(Drawing::Line{x, low, x, high, 1, colour, 0.6});
    }
    if (i == 0) continue;
    const auto [from_x, from_y] = place(curve.points[i - 1].x, curve.points[i - 1].y);
    drawing_.add(Drawing::Line{from_x, from_y, x, y, 1.4, colour, 0.85});
  }
}

void draw_legend(Drawing& drawing, double x, double y, const std::vector<std::string>& names) {
  const auto shown = std::ranges::count_if(names, [](const auto& name) { return !name.empty(); });
  drawing.height = std::max(drawing.height, y + 18 * static_cast<double>(shown));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    drawing.add(Drawing::Line{x, y, x + 22, y, 1.4, curve_colour(i), 0.85});
    draw_mark(drawing, x + 11, y, i);
    drawing.add(Drawing::Text{x + 28, y + 4, 11, names[i]});
    y += 18;
  }
}

namespace {

constexpr double kGap = 62, kTop = 70, kBottom = 50, kLegend = 190, kTitle = 14;

// At most, in bold letters of that size, with a margin.
double title_width(const std::string& title) {
  return 0.7 * kTitle * static_cast<double>(characters(title)) + kTitle;
}

}  // namespace

ChartRow::ChartRow(const std::string& title, double width, double height,
                   std::vector<std::string> names)
    : width_(width),
      height_(height),
      x_(kGap),
      title_width_(title_width(title)),
      names_(std::move(names)),
      drawn_(names_.size()) {
  drawing_.height = kTop + height + kBottom;
  drawing_.add(Drawing::Text{kGap, 24, kTitle, title, Drawing::Anchor::start, {}, true});
}

Chart ChartRow::add(const std::string& title, Axis across, Axis up) {
  const Chart chart(drawing_, {x_, kTop, width_, height_}, std::move(across), std::move(up));
  chart.axes(title);
  x_ += width_ + kGap;
  return chart;
}

void ChartRow::draw(const Chart& chart, const std::vector<Curve>& curves) {
  for (std::size_t i = 0; i < curves.size(); ++i) {
    chart.curve(curves[i], i);
    if (!curves[i].points.empty()) drawn_[i] = true;
  }
}

Drawing ChartRow::finish() {
  drawing_.width = std::max(x_ + kLegend, kGap + title_width_);
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (!drawn_[i]) names_[i].clear();
  draw_legend(drawing_, x_ - 40, kTop + 8, names_);
  return std::move(drawing_);
}

void check_picture_name(const std::string& path) {
  if (path.ends_with(".svg") || path.ends_with(".png") || path == "-" || path.starts_with("/dev/"))
    return;
  throw UsageError("output: want a name that ends with .svg or .png, have " + path);
}

void save_drawing(const Drawing& drawing, const std::string& path) {
  check_picture_name(path);
  write_file(path, path.ends_with(".png") ? to_png(drawing, 1.5, kFontFolder) : to_svg(drawing));
}

}  // namespace attune
