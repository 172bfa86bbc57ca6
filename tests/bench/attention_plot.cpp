#include "bench/attention_plot.hpp"

#include <algorithm>
#include <cmath>

#include "base/rows.hpp"
#include "base/text.hpp"
#include "draw/chart.hpp"

namespace attune::bench {
namespace {

constexpr double kWidth = 290, kHeight = 270, kGap = 62, kTop = 72, kLegend = 150;

std::vector<std::string> kinds(const Rows& rows, const std::string& group) {
  std::vector<std::string> names;
  for (const auto& line : rows.lines) {
    const std::string& name = line[rows.column("kind")];
    if (line[rows.column("group")] == group && !std::ranges::count(names, name))
      names.push_back(name);
  }
  return names;
}

// One column of one group and mode, in the order of the file.
std::vector<Curve> curves_of(const Rows& rows, const std::string& group, const std::string& mode,
                             const std::string& what) {
  std::vector<Curve> curves;
  for (const std::string& name : kinds(rows, group)) {
    Curve curve{name, {}};
    for (const auto& line : rows.lines) {
      const std::string& text = line[rows.column(what)];
      if (line[rows.column("group")] != group || line[rows.column("kind")] != name ||
          line[rows.column("mode")] != mode || text == "NA")
        continue;
      const double value = parse_real(text, what);
      if (value > 0)
        curve.points.push_back({parse_real(line[rows.column("items")], "items"), value});
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

// Where values grow with this power of the items, from the lower left corner.
void draw_slope(const Chart& chart, double power, const std::string& label) {
  const double across = std::log10(chart.across().high / chart.across().low);
  const double room = std::log10(chart.up().high / chart.up().low);
  const double share = std::min(1.0, room / (across * power));
  chart.guide(chart.across().low, chart.up().low,
              chart.across().low * std::pow(10.0, across * share),
              chart.up().low * std::pow(10.0, across * share * power), label);
}

void draw_group(Drawing& drawing, const Rows& rows, const std::string& group, double y) {
  struct Column {
    const char *title, *unit, *mode, *what;
    double least, most;  // of the scale, at least
  };
  constexpr Column kColumns[] = {{"forward", "seconds", "forward", "seconds", 1e-4, 100},
                                 {"forward and backward", "seconds", "both", "seconds", 1e-4, 100},
                                 {"forward and backward", "peak MiB", "both", "mib", 0.1, 1e4}};
  double x = kGap;
  for (const Column& column : kColumns) {
    const std::vector<Curve> curves = curves_of(rows, group, column.mode, column.what);
    const bool memory = std::string(column.what) == "mib";
    const auto [least, most] = range_of(curves, &Curve::Point::y, {column.least, column.most});
    const auto [fewest, largest] = range_of(curves, &Curve::Point::x, {1e2, 1e5});
    const Chart chart(drawing, {x, y, kWidth, kHeight},
                      log_axis("queries = support items", fewest, largest),
                      log_axis(column.unit, least, most));
    chart.axes(group + ": " + column.title);
    draw_slope(chart, 1, "∝ n");
    draw_slope(chart, 2, "∝ n²");
    chart.limit(memory ? 8192 : 60, memory ? "8 GiB" : "60 s");
    for (std::size_t i = 0; i < curves.size(); ++i) chart.curve(curves[i], i);
    x += kWidth + kGap;
  }
  draw_legend(drawing, x - 40, y + 8, kinds(rows, group));
}

}  // namespace

void plot_attention(const std::string& path, const std::string& output) {
  const Rows rows = read_rows(path);
  Drawing drawing;
  drawing.width = 3 * (kWidth + kGap) + kGap + kLegend - 40;
  drawing.height = 2 * (kTop + kHeight) + 60;
  draw_group(drawing, rows, "normalisers", kTop - 30);
  draw_group(drawing, rows, "structures", 2 * kTop + kHeight);
  save_drawing(drawing, output);
}

}  // namespace attune::bench
