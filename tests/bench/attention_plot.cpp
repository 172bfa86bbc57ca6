#include "bench/attention_plot.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "report/drawing.hpp"

namespace attune::bench {
namespace {

constexpr Colour kGrey{110, 110, 110}, kLight{222, 222, 222}, kLimit{190, 60, 60};
constexpr Colour kColours[] = {{0, 114, 178},   {230, 159, 0},  {0, 158, 115},   {213, 94, 0},
                               {204, 121, 167}, {86, 180, 233}, {0, 0, 0},       {140, 86, 75},
                               {150, 150, 0},   {120, 80, 200}, {127, 127, 127}, {0, 70, 60}};
constexpr double kWidth = 290, kHeight = 270, kGap = 62, kTop = 56, kLegend = 150;

struct Point {
  double items, value;
};
struct Curve {
  std::string name;
  std::vector<Point> points;
};

// Rows of one group and mode, as curves of one column, in the order of the file.
struct Rows {
  std::vector<std::vector<std::string>> cells;

  explicit Rows(const std::string& path) {
    constexpr std::size_t kLimitBytes = 1U << 20U;
    for (const std::string& line : split(read_file(path, kLimitBytes), '\n'))
      if (!line.empty()) cells.push_back(split(line, '\t'));
    if (cells.empty()) throw Error(path + ": want a header, have nothing");
    for (const auto& row : cells)
      if (row.size() != cells[0].size())
        throw Error(path + ": want " + std::to_string(cells[0].size()) + " columns, have " +
                    std::to_string(row.size()));
  }
  std::size_t column(const std::string& name) const {
    const auto found = std::find(cells[0].begin(), cells[0].end(), name);
    if (found == cells[0].end()) throw Error("rows: want a column " + name + ", have none");
    return static_cast<std::size_t>(found - cells[0].begin());
  }
  std::vector<std::string> kinds(const std::string& group) const {
    std::vector<std::string> names;
    for (std::size_t i = 1; i < cells.size(); ++i) {
      const std::string& name = cells[i][column("kind")];
      if (cells[i][column("group")] == group && !std::count(names.begin(), names.end(), name))
        names.push_back(name);
    }
    return names;
  }
  std::vector<Curve> curves(const std::string& group, const std::string& mode,
                            const std::string& what) const {
    std::vector<Curve> result;
    for (const std::string& name : kinds(group)) {
      Curve curve{name, {}};
      for (std::size_t i = 1; i < cells.size(); ++i) {
        const auto& row = cells[i];
        if (row[column("group")] != group || row[column("kind")] != name ||
            row[column("mode")] != mode || row[column(what)] == "NA")
          continue;
        const double value = parse_real(row[column(what)], what);
        if (value > 0) curve.points.push_back({parse_real(row[column("items")], "items"), value});
      }
      result.push_back(std::move(curve));
    }
    return result;
  }
};

struct Axis {  // decades
  double low, high;
  double at(double value) const { return (std::log10(value) - low) / (high - low); }
};

Axis axis_of(const std::vector<Curve>& curves, double Point::*of, double least, double most) {
  for (const Curve& curve : curves)
    for (const Point& point : curve.points) {
      least = std::min(least, point.*of);
      most = std::max(most, point.*of);
    }
  return {std::floor(std::log10(least)), std::ceil(std::log10(most) - 1e-9)};
}

std::string power_text(double exponent) {
  static const char* const kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const int whole = static_cast<int>(exponent);
  return std::string("10") + (whole < 0 ? "⁻" : "") + kDigits[std::min(9, std::abs(whole))];
}

class Panel {
 public:
  Panel(Drawing& drawing, double x, double y, Axis across, Axis up)
      : drawing_(drawing), x_(x), y_(y), across_(across), up_(up) {}

  void frame(const std::string& title) const {
    drawing_.add(Drawing::Text{x_, y_ - 8, 12, title, Drawing::Anchor::start, {}, true});
    for (double d = across_.low; d <= across_.high; ++d) {
      const double x = x_ + (d - across_.low) / (across_.high - across_.low) * kWidth;
      drawing_.add(Drawing::Line{x, y_, x, y_ + kHeight, 1, kLight});
      drawing_.add(Drawing::Text{x, y_ + kHeight + 15, 10, power_text(d), Drawing::Anchor::middle});
    }
    for (double d = up_.low; d <= up_.high; ++d) {
      const double y = y_ + kHeight - (d - up_.low) / (up_.high - up_.low) * kHeight;
      drawing_.add(Drawing::Line{x_, y, x_ + kWidth, y, 1, kLight});
      drawing_.add(Drawing::Text{x_ - 5, y + 4, 10, power_text(d), Drawing::Anchor::end});
    }
    drawing_.add(Drawing::Text{x_ + kWidth / 2, y_ + kHeight + 30, 10, "queries = support items",
                               Drawing::Anchor::middle, kGrey});
  }
  // Where values grow with this power of the items, from the lower left corner.
  void slope(double power, const std::string& label) const {
    const double rise = (across_.high - across_.low) * power, room = up_.high - up_.low;
    const double share = std::min(1.0, room / rise);
    const double x = x_ + kWidth * share, y = y_ + kHeight * (1 - share * rise / room);
    drawing_.add(Drawing::Line{x_, y_ + kHeight, x, y, 0.8, kGrey, 0.5});
    drawing_.add(Drawing::Text{x - 3, y + 12, 9, label, Drawing::Anchor::end, kGrey});
  }
  void limit(double value, const std::string& label) const {
    const double y = y_ + kHeight * (1 - up_.at(value));
    drawing_.add(Drawing::Line{x_, y, x_ + kWidth, y, 1, kLimit, 0.7});
    drawing_.add(Drawing::Text{x_ + 3, y + 11, 9, label, Drawing::Anchor::start, kLimit});
  }
  void curve(const Curve& curve, std::size_t index) const {
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const auto [x, y] = place(curve.points[i]);
      mark(drawing_, x, y, index);
      if (i == 0) continue;
      const auto [from_x, from_y] = place(curve.points[i - 1]);
      drawing_.add(Drawing::Line{from_x, from_y, x, y, 1.4, colour(index), 0.85});
    }
  }
  static Colour colour(std::size_t index) { return kColours[index % std::size(kColours)]; }
  // Square, cross, plus and bar by turns.
  static void mark(Drawing& drawing, double x, double y, std::size_t index) {
    constexpr double r = 3;
    const Colour c = colour(index);
    const auto line = [&](double x1, double y1, double x2, double y2) {
      drawing.add(Drawing::Line{x + r * x1, y + r * y1, x + r * x2, y + r * y2, 1.6, c});
    };
    if (index % 4 == 0) drawing.add(Drawing::Rectangle{x - r, y - r, 2 * r, 2 * r, c});
    if (index % 4 == 1) line(-1, -1, 1, 1), line(-1, 1, 1, -1);
    if (index % 4 == 2) line(-1.3, 0, 1.3, 0), line(0, -1.3, 0, 1.3);
    if (index % 4 == 3) line(0, -1.3, 0, 1.3);
  }

 private:
  std::pair<double, double> place(const Point& point) const {
    return {x_ + kWidth * across_.at(point.items), y_ + kHeight * (1 - up_.at(point.value))};
  }
  Drawing& drawing_;
  double x_, y_;
  Axis across_, up_;
};

void draw_group(Drawing& drawing, const Rows& rows, const std::string& group, double y) {
  struct Column {
    const char *title, *mode, *what;
    double least, most;  // of the scale, at least
  };
  constexpr Column kColumns[] = {{"seconds, forward", "forward", "seconds", 1e-4, 100},
                                 {"seconds, forward and backward", "both", "seconds", 1e-4, 100},
                                 {"peak MiB, forward and backward", "both", "mib", 0.1, 1e4}};
  double x = kGap;
  for (const Column& column : kColumns) {
    const std::vector<Curve> curves = rows.curves(group, column.mode, column.what);
    const bool memory = std::string(column.what) == "mib";
    const Panel panel(drawing, x, y, axis_of(curves, &Point::items, 1e2, 1e5),
                      axis_of(curves, &Point::value, column.least, column.most));
    panel.frame(group + ": " + column.title);
    panel.slope(1, "∝ n");
    panel.slope(2, "∝ n²");
    panel.limit(memory ? 8192 : 60, memory ? "8 GiB" : "60 s");
    for (std::size_t i = 0; i < curves.size(); ++i) panel.curve(curves[i], i);
    x += kWidth + kGap;
  }
  double line = y + 8;
  const std::vector<std::string> names = rows.kinds(group);
  for (std::size_t i = 0; i < names.size(); ++i, line += 18) {
    drawing.add(Drawing::Line{x - 40, line, x - 18, line, 1.4, Panel::colour(i), 0.85});
    Panel::mark(drawing, x - 29, line, i);
    drawing.add(Drawing::Text{x - 12, line + 4, 11, names[i]});
  }
}

}  // namespace

void plot_attention(const std::string& path, const std::string& output) {
  const Rows rows(path);
  Drawing drawing;
  drawing.width = 3 * (kWidth + kGap) + kGap + kLegend - 40;
  drawing.height = 2 * (kTop + kHeight) + 60;
  draw_group(drawing, rows, "normalisers", kTop - 20);
  draw_group(drawing, rows, "structures", 2 * kTop + kHeight);
  write_file(output,
             output.ends_with(".png") ? to_png(drawing, 1.5, kFontFolder) : to_svg(drawing));
}

}  // namespace attune::bench
