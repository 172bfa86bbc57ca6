#include <algorithm>

#include "base/output.hpp"
#include "explain/explainer.hpp"
#include "report/trial_picture.hpp"
#include "train/open_agent.hpp"

namespace attune {
namespace {

constexpr std::size_t kMostShownSteps = 1000;

TrialView view_of(const OpenAgent& open, const History& history) {
  TrialView view;
  for (std::uint32_t a = 0; a < open.environment->actions(); ++a)
    view.action_name.push_back(open.environment->action_name(a));
  for (const History::Step& step : history.steps)
    view.steps.push_back({step.action, step.chance, step.reward, step.place, step.begins});
  for (const HistoryMaps::Map& map : history.maps)
    view.maps.push_back({map.name, {map.weights.values().begin(), map.weights.values().end()}});
  const int decimals = std::max(open.environment->reward_decimals(), 0);
  view.title = "Task " + std::to_string(history.number) + " · " + open.environment->title() +
               " · reward " + to_text(history.total(), decimals);
  view.subtitle = open.agent->name() + ", " + std::to_string(view.maps.size()) +
                  (view.maps.size() == 1 ? " map" : " maps") + " of attention";
  return view;
}

// How an agent plays some tasks, and what in its own past it attends to.
class TrialExplainer : public Explainer {
 public:
  TrialExplainer(const Config&, const ExplainRequest& request)
      : request_(request), open_(open_agent(*request.file, request.episodes)) {
    if (open_.environment->steps() > kMostShownSteps)
      throw Error("model: want tasks of at most " + std::to_string(kMostShownSteps) +
                  " steps to show, have " + std::to_string(open_.environment->steps()));
  }

  void write(std::uint64_t number) const override {
    const History history = play(number);
    const std::string stem = request_.folder + "/task-" + std::to_string(number);
    write_drawing(stem, draw_trial(view_of(open_, history)), request_);
    write_file(stem + ".tsv", format_rows(history_rows(open_, history)));
  }
  std::string text(std::uint64_t number) const override {
    return to_terminal(view_of(open_, play(number)), request_.show == "colour");
  }
  Rows rows(std::uint64_t number) const override { return history_rows(open_, play(number)); }

 private:
  History play(std::uint64_t number) const {
    return open_.agent->history(open_.params, *open_.tasks, number, open_.model.seed);
  }
  const ExplainRequest& request_;
  OpenAgent open_;
};

const Register<Explainer, const ExplainRequest&> part{
    "control", "what an agent attends to in its own past",
    [](const Config& config, const ExplainRequest& request) {
      return std::make_unique<TrialExplainer>(config, request);
    }};

}  // namespace
}  // namespace attune
