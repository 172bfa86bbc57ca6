#pragma once
#include <string>
#include <utility>
#include <vector>

#include "draw/drawing.hpp"

namespace attune {

// Points that belong together, in the order in which they are joined.
struct Curve {
  struct Point {
    double x, y;
    double half_width = 0;  // of an interval of y; 0 draws none
  };
  std::string name;
  std::vector<Point> points;
};

// One axis: what is shown, from `low` to `high`, and its marks.
struct Axis {
  std::string title;
  bool logarithmic;
  double low, high;
  std::vector<std::pair<double, std::string>> marks;

  double share(double value) const;  // 0 at low, 1 at high
};
// Whole decades that hold least … most (both above 0), a mark at each power of ten.
Axis log_axis(const std::string& title, double least, double most);
// least … most rounded outwards to about six marks at multiples of 1, 2 or 5 · 10^n; one value
// alone stands in the middle.
Axis linear_axis(const std::string& title, double least, double most);
// The least and the largest of a coordinate of all points, of y with the bars, widened to hold
// `range`.
std::pair<double, double> range_of(const std::vector<Curve>& curves, double Curve::Point::*of,
                                   std::pair<double, double> range);

// A frame with two axes, upon which curves are drawn. Curves of one index have one colour and mark.
class Chart {
 public:
  struct Frame {
    double x, y, width, height;  // y of the upper edge
  };
  Chart(Drawing& drawing, Frame frame, Axis across, Axis up);

  void axes(const std::string& title) const;
  void curve(const Curve& curve, std::size_t index) const;  // bars end at the frame
  // Straight, between two points in the axes' units; the label stands left of and below the second.
  void guide(double x1, double y1, double x2, double y2, const std::string& label) const;
  // Across the whole chart at y.
  void limit(double y, const std::string& label) const;
  std::pair<double, double> place(double x, double y) const;
  const Axis& across() const { return across_; }
  const Axis& up() const { return up_; }

 private:
  Drawing& drawing_;
  Frame frame_;
  Axis across_, up_;
};

// The names of curves with their marks, one below the other, but for names that are "". The drawing
// becomes as high as they need.
void draw_legend(Drawing& drawing, double x, double y, const std::vector<std::string>& names);
Colour curve_colour(std::size_t index);

// Charts of one size side by side below a title, and one legend for all of them: curve i of each is
// names[i], which is left out when no chart has a point of it.
class ChartRow {
 public:
  ChartRow(const std::string& title, double width, double height, std::vector<std::string> names);
  // The next chart, its axes drawn. Valid while this lives.
  Chart add(const std::string& title, Axis across, Axis up);
  void draw(const Chart& chart, const std::vector<Curve>& curves);
  Drawing finish();

 private:
  double width_, height_, x_, title_width_;
  std::vector<std::string> names_;
  std::vector<bool> drawn_;
  Drawing drawing_;
};

// UsageError unless the name says which kind of picture is wanted: .svg or .png, or "-" or a place
// under /dev/, which get SVG.
void check_picture_name(const std::string& path);
// SVG or PNG, as the name says. UsageError as above, Error when it can't be written.
void save_drawing(const Drawing& drawing, const std::string& path);

}  // namespace attune
