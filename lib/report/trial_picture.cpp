#include "report/trial_picture.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/text.hpp"
#include "report/episode_picture.hpp"

namespace attune {
namespace {

using Anchor = Drawing::Anchor;

constexpr double kMargin = 18, kLabel = 70;  // left of the panel over time
constexpr double kTime = 880, kBar = 34;     // its usual width; height of a reward
constexpr double kSquares = 960, kStrip = 5;
constexpr Colour kGrey{110, 110, 110}, kLight{205, 205, 205};

// From white to the colour.
Colour mixed(Colour colour, double part) {
  const auto mix = [part](std::uint8_t c) {
    return static_cast<std::uint8_t>(std::lround(255 - part * (255 - c)));
  };
  return {mix(colour.red), mix(colour.green), mix(colour.blue)};
}

class Painter {
 public:
  explicit Painter(const TrialView& view)
      : view_(view),
        steps_(view.steps.size()),
        step_(std::clamp(kTime / static_cast<double>(steps_), 1.0, 44.0)) {
    for (const TrialView::Step& step : view.steps) top_ = std::max(top_, std::abs(step.reward));
    drawing_.width = 2 * kMargin + std::max(kSquares, kLabel + step_ * static_cast<double>(steps_));
  }

  Drawing operator()() {
    heading();
    legend();
    over_time();
    squares();
    drawing_.height = y_ + kMargin;
    return std::move(drawing_);
  }

 private:
  void text(double x, double y, double size, const std::string& what, Colour colour = {},
            Anchor anchor = Anchor::start, bool bold = false) {
    drawing_.add(Drawing::Text{x, y, size, what, anchor, colour, bold});
  }
  void box(double x, double y, double width, double height, Colour fill) {
    drawing_.add(Drawing::Rectangle{x, y, width, height, fill});
  }
  double left(std::size_t step) const {
    return kMargin + kLabel + step_ * static_cast<double>(step);
  }
  // Of what is seen before a step.
  Colour brought_by(std::size_t step) const {
    return step == 0 ? kGrey : class_colour(view_.steps[step - 1].action);
  }

  void heading() {
    text(kMargin, y_ + 14, 16, view_.title, {}, Anchor::start, true);
    text(kMargin, y_ + 32, 11, view_.subtitle, kGrey);
    y_ += 44;
  }

  void legend() {
    double x = kMargin;
    for (std::size_t a = 0; a < view_.action_name.size(); ++a) {
      const double width = 34 + 6.4 * static_cast<double>(view_.action_name[a].size());
      if (x + width > drawing_.width - kMargin) {
        x = kMargin;
        y_ += 17;
      }
      box(x, y_ + 2, 11, 11, class_colour(a));
      text(x + 15, y_ + 12, 11, view_.action_name[a]);
      x += width;
    }
    y_ += 30;
  }

  void over_time() {
    const auto& steps = view_.steps;
    const bool places = steps.front().place.has_value(), wide = step_ >= 8.5;
    const double above = y_;
    if (places) text(kMargin, y_ + 10, 11, "state");
    for (std::size_t t = 0; places && wide && t < steps_; ++t)
      text(left(t) + step_ / 2, y_ + 10, 7, std::to_string(*steps[t].place + 1), kGrey,
           Anchor::middle);
    if (places) y_ += 15;
    text(kMargin, y_ + 12, 11, "does");
    for (std::size_t t = 0; t < steps_; ++t) {
      box(left(t), y_, std::max(step_ - 1, 1.0), 16, class_colour(steps[t].action));
      if (wide)
        text(left(t) + step_ / 2, y_ + 11, 8, std::to_string(steps[t].action + 1), {255, 255, 255},
             Anchor::middle, true);
    }
    y_ += 20;
    rewards();
    for (std::size_t t = 1; t < steps_; ++t)
      if (steps[t].begins)
        drawing_.add(Drawing::Line{left(t) - 0.5, above - 3, left(t) - 0.5, y_, 1, kGrey, 0.7});
    text(left(0), y_ + 12, 9, "time: " + std::to_string(steps_) + " steps", kGrey);
    y_ += 30;
  }

  void rewards() {
    const auto& steps = view_.steps;
    const bool losses = std::ranges::any_of(steps, [](const auto& s) { return s.reward < 0; });
    const double base = y_ + kBar;
    text(kMargin, base - kBar / 2 + 4, 11, "pays");
    text(left(0) - 5, y_ + 8, 9, to_text(top_, top_ == std::floor(top_) ? 0 : 1), kGrey,
         Anchor::end);
    for (std::size_t t = 0; t < steps_; ++t) {
      const double height = top_ > 0 ? steps[t].reward / top_ * kBar : 0;
      box(left(t), std::min(base, base - height), std::max(step_ - 1, 1.0),
          std::max(std::abs(height), 0.8), class_colour(steps[t].action));
    }
    drawing_.add(Drawing::Line{left(0), base, left(steps_), base, 0.6, kLight});
    y_ = base + (losses ? kBar : 4);
  }

  // A row in shares of its largest weight.
  Drawing::Picture square(const TrialView::Map& map, double x, double y, double side) const {
    Drawing::Picture picture{x, y, side, side, steps_, steps_, 3, {}};
    picture.samples.assign(steps_ * steps_ * 3, 255);
    for (std::size_t t = 0; t < steps_; ++t) {
      const auto row = std::span(map.weights).subspan(t * steps_, t + 1);
      const double most = *std::ranges::max_element(row);
      for (std::size_t past = 0; past <= t; ++past) {
        const double part = most > 0 ? row[past] / most : 0;
        const Colour colour = mixed(brought_by(past), part);
        std::uint8_t* sample = picture.samples.data() + (t * steps_ + past) * 3;
        sample[0] = colour.red;
        sample[1] = colour.green;
        sample[2] = colour.blue;
      }
    }
    return picture;
  }

  void squares() {
    const auto& maps = view_.maps;
    text(kMargin, y_, 11,
         "Attention. Down: the step that looks; across: the step whose outcome it looks at, in the "
         "colour of its action (grey: the start).");
    text(kMargin, y_ + 14, 11, "The darker, the nearer to the largest weight of the row.", kGrey);
    y_ += 40;
    const double most = std::max(drawing_.width - 2 * kMargin, 1.0);
    const double side = std::clamp(14.0 * static_cast<double>(steps_), 140.0, 220.0);
    const auto per_row = static_cast<std::size_t>(std::max(1.0, std::floor(most / (side + 20))));
    for (std::size_t i = 0; i < maps.size(); ++i) {
      const double x = kMargin + static_cast<double>(i % per_row) * (side + 20) + kStrip + 1;
      const double y = y_ + static_cast<double>(i / per_row) * (side + 34);
      text(x, y - kStrip - 4, 10, maps[i].name, {}, Anchor::start, true);
      const double cell = side / static_cast<double>(steps_);
      for (std::size_t t = 0; t < steps_; ++t) {
        const double at = cell * static_cast<double>(t);
        box(x + at, y - kStrip - 1, cell, kStrip, brought_by(t));
        box(x - kStrip - 1, y + at, kStrip, cell, class_colour(view_.steps[t].action));
      }
      box(x - 0.5, y - 0.5, side + 1, side + 1, kLight);
      drawing_.add(square(maps[i], x, y, side));
    }
    y_ += std::ceil(static_cast<double>(maps.size()) / static_cast<double>(per_row)) * (side + 34);
  }

  const TrialView& view_;
  std::size_t steps_;
  double step_, top_ = 0, y_ = kMargin;
  Drawing drawing_;
};

}  // namespace

Drawing draw_trial(const TrialView& view) { return Painter(view)(); }

}  // namespace attune
