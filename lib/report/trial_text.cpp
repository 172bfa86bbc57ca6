#include <algorithm>
#include <cmath>
#include <span>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "report/episode_picture.hpp"
#include "report/trial_picture.hpp"

namespace attune {
namespace {

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string painted(const std::string& text, Colour colour) {
  return "\x1b[38;2;" + std::to_string(colour.red) + ";" + std::to_string(colour.green) + ";" +
         std::to_string(colour.blue) + "m" + text + "\x1b[0m";
}

// 0…1 as a bar of eight heights.
std::string bar(double share) {
  static constexpr const char* kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  return kBars[std::lround(8 * std::clamp(share, 0.0, 1.0))];
}

std::string reward_text(double reward) {
  return to_text(reward, reward == std::floor(reward) ? 0 : 2);
}

std::vector<double> mean_map(const TrialView& view) {
  std::vector<double> mean(view.maps.front().weights.size(), 0.0);
  for (const TrialView::Map& map : view.maps)
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += map.weights[i] / static_cast<double>(view.maps.size());
  return mean;
}

// "step 3, arm 2, 1 (0.62)"
std::string most_text(const TrialView& view, std::size_t past, double weight) {
  const std::string share = " (" + to_text(weight, 2) + ")";
  if (past == 0) return "the start" + share;
  const TrialView::Step& step = view.steps[past - 1];
  return "step " + std::to_string(past) + ", " + printable(view.action_name[step.action]) + ", " +
         reward_text(step.reward) + share;
}

}  // namespace

std::string to_terminal(const TrialView& view, bool colour) {
  const std::size_t steps = view.steps.size();
  const bool places = view.steps.front().place.has_value();
  std::size_t names = 4;
  for (const std::string& name : view.action_name) names = std::max(names, printable(name).size());
  const std::vector<double> mean = mean_map(view);
  std::string text = printable(view.title) + "\n" + printable(view.subtitle) +
                     ", their mean: each bar is an earlier step, the first the start\n\n" +
                     padded("step", 5) + (places ? padded("state", 7) : "") + "  " +
                     padded("does", names) + padded("chance", 8) + padded("pays", 7) + "  most\n";
  for (std::size_t t = 0; t < steps; ++t) {
    const TrialView::Step& step = view.steps[t];
    const auto row = std::span(mean).subspan(t * steps, t + 1);
    const auto largest = std::ranges::max_element(row);
    const double most = *largest;
    if (t > 0 && step.begins) text += "\n";
    const std::string name = padded(printable(view.action_name[step.action]), names);
    text += padded(std::to_string(t + 1), 5) +
            (places ? padded(std::to_string(*step.place + 1), 7) : "") + "  " +
            (colour ? painted(name, class_colour(step.action)) : name) +
            padded(to_text(step.chance, 2), 8) + padded(reward_text(step.reward), 7) + "  ";
    text += most_text(view, static_cast<std::size_t>(largest - row.begin()), most) + "\n";
    text += std::string(5, ' ') + "│";
    for (std::size_t past = 0; past <= t; ++past) {
      const std::string one = bar(most > 0 ? row[past] / most : 0);
      text += colour && past > 0 ? painted(one, class_colour(view.steps[past - 1].action)) : one;
    }
    text += "\n";
  }
  return text;
}

}  // namespace attune
