#include "draw/chart.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/scratch.hpp"
#include "report/outcome_rows.hpp"
#include "report/plots.hpp"

using namespace attune;

namespace {

std::string marks_of(const Axis& axis) {
  std::string text;
  for (const auto& [value, mark] : axis.marks) text += mark + " ";
  return text;
}

std::vector<Drawing::Text> texts_of(const Drawing& drawing) {
  std::vector<Drawing::Text> texts;
  for (const auto& shape : drawing.shapes)
    if (const auto* text = std::get_if<Drawing::Text>(&shape)) texts.push_back(*text);
  return texts;
}

}  // namespace

TEST_CASE("linear axes are marked at round numbers around the range") {
  CHECK(marks_of(linear_axis("", 0, 1)) == "0.0 0.2 0.4 0.6 0.8 1.0 ");
  CHECK(marks_of(linear_axis("", 86.07, 98.44)) == "85 90 95 100 ");
  CHECK(marks_of(linear_axis("", -3, 4)) == "-4 -2 0 2 4 ");
  CHECK(marks_of(linear_axis("", 0.95, 0.99)) == "0.95 0.96 0.97 0.98 0.99 ");
  CHECK(marks_of(linear_axis("", 7, 7)) == "6.4 6.6 6.8 7.0 7.2 7.4 7.6 ");
  CHECK(linear_axis("", 10, 20).share(12.5) == doctest::Approx(0.25));
}

TEST_CASE("logarithmic axes hold whole decades") {
  const Axis axis = log_axis("", 0.02, 900);
  CHECK(marks_of(axis) == "10⁻² 10⁻¹ 10⁰ 10¹ 10² 10³ ");
  CHECK(axis.share(0.01) == doctest::Approx(0));
  CHECK(axis.share(10) == doctest::Approx(0.6));
  CHECK(axis.share(1000) == doctest::Approx(1));
  CHECK(marks_of(log_axis("", 10, 10)) == "10¹ 10² ");
  CHECK(marks_of(log_axis("", 1e11, 1e12)) == "10¹¹ 10¹² ");
}

TEST_CASE("a curve stands where its axes say, with the bars of its intervals") {
  Drawing drawing;
  const Chart chart(drawing, {100, 50, 200, 400}, log_axis("", 1, 100), linear_axis("", 0, 10));
  CHECK(chart.place(10, 2.5) == std::pair<double, double>(200, 350));
  chart.curve({"a", {{1, 10}, {100, 5, 1}}}, 1);
  std::vector<Drawing::Line> lines;
  for (const auto& shape : drawing.shapes) lines.push_back(std::get<Drawing::Line>(shape));
  REQUIRE(lines.size() == 6);  // two crosses, a bar, and what joins them
  CHECK(lines[4].y1 == doctest::Approx(290));
  CHECK(lines[4].y2 == doctest::Approx(210));
  CHECK(lines[5].x1 == doctest::Approx(100));
  CHECK(lines[5].y1 == doctest::Approx(50));
  CHECK(lines[5].x2 == doctest::Approx(300));
  CHECK(lines[5].y2 == doctest::Approx(250));
  chart.curve({"b", {{1, 5, 1e12}}}, 1);
  const auto& bar = std::get<Drawing::Line>(drawing.shapes.back());
  CHECK(bar.y1 == 450);
  CHECK(bar.y2 == 50);
  CHECK(range_of({{"a", {{3, 1, 0.5}, {9, 2, 2}}}}, &Curve::Point::y, {0.6, 1}) ==
        std::pair<double, double>(0, 4));
  CHECK(range_of({{"a", {{3, 1}, {9, 2}}}}, &Curve::Point::x, {4, 5}) ==
        std::pair<double, double>(3, 9));
}

TEST_CASE("confidence and accuracy of bins with enough answers are drawn") {
  const Rows one = OutcomeRows{.accuracy = {0.5, 0.7}}.rows();
  auto outcomes = gather_outcomes({one});
  CHECK_THROWS_AS(draw_plot("calibration", outcomes, nullptr), Error);
  Costs costs;
  costs.calibration.emplace();
  costs.calibration->bins()[14] = {200, 150, 190};
  costs.calibration->bins()[7] = {99, 50, 50};
  add_costs(outcomes, one, costs);
  std::size_t marks = 0;
  for (const auto& shape : draw_plot("calibration", outcomes, nullptr).shapes)
    if (const auto* mark = std::get_if<Drawing::Rectangle>(&shape)) {
      // 300 wide and high from (62, 70): confidence 0.95, accuracy 0.75.
      if (mark->x < 362) CHECK(mark->x + mark->width / 2 == doctest::Approx(62 + 285));
      if (mark->x < 362) CHECK(mark->y + mark->height / 2 == doctest::Approx(70 + 75));
      ++marks;
    }
  CHECK(marks == 2);  // the other is the legend's
}

TEST_CASE("validation is drawn against seconds of training, the mean over seeds") {
  const Rows a = OutcomeRows{.seed = "0", .accuracy = {0.5}}.rows();
  const Rows b = OutcomeRows{.seed = "1", .model = "m1", .accuracy = {0.5}}.rows();
  auto outcomes = gather_outcomes({a, b});
  CHECK_THROWS_AS(draw_plot("validation", outcomes, nullptr), Error);
  Costs costs;
  costs.validation = Validation{"accuracy", "aaaa", 0.9, {{0, 0.5}, {20, 0.7}, {30, 0.9}}};
  add_costs(outcomes, a, costs);
  costs.validation->curve = {{0, 0.6}, {20, 0.8}};
  add_costs(outcomes, b, costs);
  std::size_t marks = 0;
  for (const auto& shape : draw_plot("validation", outcomes, nullptr).shapes) {
    const auto* mark = std::get_if<Drawing::Rectangle>(&shape);
    if (mark) CHECK(mark->x > 0);  // 0 seconds too have a place on the axis
    marks += mark != nullptr;
  }
  CHECK(marks == 2 + 1);  // what both seeds reached, and the legend's
  const Rows c = OutcomeRows{.cell = "other", .model = "m2", .accuracy = {0.5}}.rows();
  auto more = gather_outcomes({a, c});
  add_costs(more, a, costs);
  costs.validation->episodes = "bbbb";  // scores of other episodes stand in another panel
  add_costs(more, c, costs);
  std::size_t panels = 0;
  for (const auto& text : texts_of(draw_plot("validation", more, nullptr)))
    panels += text.text.starts_with("validation episodes ");
  CHECK(panels == 2);
}

TEST_CASE("accuracy is drawn against the cost of answering, a panel for each number of ways") {
  const Rows one = OutcomeRows{.accuracy = {0.5, 0.7}}.rows();
  const Rows floor = OutcomeRows{.cell = "floor", .accuracy = {0.25, 0.25}}.rows();
  auto outcomes = gather_outcomes({one, floor});
  CHECK(message_of<Error>([&] { cost_plot(outcomes, nullptr); }).find(".cost.json") !=
        std::string::npos);
  Costs costs;
  costs.answer_multiply_adds = 2e6;
  add_costs(outcomes, one, costs);
  const Drawing drawing = draw_plot("cost", outcomes, nullptr);
  std::size_t panels = 0, names = 0;
  for (const auto& text : texts_of(drawing)) {
    panels += text.text == "5 ways";
    names += text.text == "matching" || text.text == "floor";
    CHECK(text.x >= 0);
    CHECK(text.x <= drawing.width);
    CHECK(text.y <= drawing.height);
  }
  CHECK(panels == 1);
  CHECK(names == 1);  // the floor has no point
  CHECK_THROWS_AS(draw_plot("price", outcomes, nullptr), UsageError);
  // Every kind that an experiment may name is one; what these rows lack is another error.
  for (const std::string& kind : plot_kinds()) {
    CAPTURE(kind);
    try {
      const Drawing picture = draw_plot(kind, outcomes, nullptr);
      CHECK(picture.width > 0);
    } catch (const UsageError&) {
      CHECK(false);
    } catch (const Error&) {
      CHECK(kind != "cost");
    }
  }
}

TEST_CASE(
    "a legend makes the drawing as high as its names need, and leaves out those without one") {
  ChartRow row("many", 100, 50, std::vector<std::string>(40, "name"));
  std::vector<Curve> curves(40, Curve{"name", {{0, 0}}});
  curves[7].points.clear();
  row.draw(row.add("chart", linear_axis("x", 0, 1), linear_axis("y", 0, 1)), curves);
  const Drawing high = row.finish();
  CHECK(std::ranges::count(texts_of(high), "name", &Drawing::Text::text) == 39);
  for (const auto& text : texts_of(high)) CHECK(text.y <= high.height);
  std::vector<std::string> some(40);
  some[0] = "first";
  some[39] = "last";
  Drawing drawing;
  draw_legend(drawing, 0, 10, some);
  const auto texts = texts_of(drawing);
  REQUIRE(texts.size() == 2);
  CHECK(texts[1].y - texts[0].y == doctest::Approx(18));
}

TEST_CASE("a picture is as wide as its title") {
  const std::string title(200, 'w');
  ChartRow row(title, 100, 50, {"name"});
  row.add("one", linear_axis("x", 0, 1), linear_axis("y", 0, 1));
  CHECK(row.finish().width > 200 * 9);
}
