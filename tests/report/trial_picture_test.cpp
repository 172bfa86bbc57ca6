#include "report/trial_picture.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "report/episode_picture.hpp"

using namespace attune;

namespace {

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TrialView small_view(bool states) {
  TrialView view;
  view.title = "Task <3>";
  view.subtitle = "snail, 2 maps";
  view.action_name = {"arm 1", "arm 2"};
  view.steps = {{0, 0.5, 1, {}, true}, {1, 0.25, 0, {}, false}, {0, 0.75, -0.5, {}, true}};
  for (std::uint32_t t = 0; states && t < 3; ++t) view.steps[t].place = 2 - t;
  view.maps = {{"layer1", {1, 0, 0, 0.25, 0.75, 0, 0.5, 0.25, 0.25}},
               {"layer2", {1, 0, 0, 0.25, 0.75, 0, 0, 1, 0}}};
  return view;
}

const Drawing::Picture& picture(const Drawing& drawing, std::size_t number) {
  for (const auto& shape : drawing.shapes)
    if (const auto* found = std::get_if<Drawing::Picture>(&shape))
      if (number-- == 0) return *found;
  FAIL("no such picture");
  std::abort();
}

}  // namespace

TEST_CASE("a map is a square: white where nothing is seen, else the colour of what was done") {
  const Drawing drawing = draw_trial(small_view(false));
  const Drawing::Picture& last = picture(drawing, 1);
  CHECK(last.rows == 3);
  CHECK(last.columns == 3);
  const auto sample = [&](std::size_t row, std::size_t column) {
    const auto* at = last.samples.data() + (row * 3 + column) * 3;
    return Colour{at[0], at[1], at[2]};
  };
  const auto same = [](Colour a, Colour b) {
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
  };
  const Colour white{255, 255, 255};
  CHECK(same(sample(0, 1), white));
  CHECK(same(sample(1, 2), white));
  CHECK(same(sample(2, 0), white));                         // weight 0
  CHECK(same(sample(2, 1), class_colour(0)));               // step 1 pulled arm 1
  CHECK(same(sample(1, 1), class_colour(0)));               // the largest of its row
  CHECK(same(sample(0, 0), {110, 110, 110}));               // the start
  CHECK(sample(1, 0).red == 255 - std::lround(145 / 3.0));  // a third of the largest
  const std::string svg = to_svg(drawing);
  CHECK(svg == to_svg(draw_trial(small_view(false))));
  CHECK(times(svg, "Task &lt;3&gt;") == 1);
  CHECK(times(svg, ">layer1<") == 1);
  CHECK(times(svg, "<image") == 2);
  CHECK(times(svg, ">state<") == 0);
  CHECK(times(to_svg(draw_trial(small_view(true))), ">state<") == 1);
}

TEST_CASE("in a terminal a step has its bars and the step that it looks at most") {
  const std::string text = to_terminal(small_view(true), false);
  CHECK(times(text, "\x1b[") == 0);
  // Means 0.25, 0.625, 0.125.
  CHECK(times(text, "│▃█▂\n") == 1);
  CHECK(times(text, "    3      1  arm 1    0.75  -0.50  step 1, arm 1, 1 (0.63)\n") +
            times(text, "    3      1  arm 1    0.75  -0.50  step 1, arm 1, 1 (0.62)\n") ==
        1);
  CHECK(times(text, "    1      3  arm 1    0.50      1  the start (1.00)\n     │█\n") == 1);
  CHECK(times(text, "state") == 1);
  CHECK(times(to_terminal(small_view(false), false), "state") == 0);
  CHECK(times(to_terminal(small_view(false), true), "\x1b[38;2;") >= 3);
}
