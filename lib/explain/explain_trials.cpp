#include <algorithm>

#include "base/file.hpp"
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
  void operator()(const ExplainRequest& request) const override {
    const OpenAgent open = open_agent(request.model, request.episodes);
    if (open.environment->steps() > kMostShownSteps)
      throw Error("model: want tasks of at most " + std::to_string(kMostShownSteps) +
                  " steps to show, have " + std::to_string(open.environment->steps()));
    if (request.writes()) make_folders(request.folder);
    Rows all;
    for (const std::uint64_t number : request.numbers) {
      const History history =
          open.agent->history(open.params, *open.tasks, number, open.model.seed);
      const TrialView view = view_of(open, history);
      if (request.writes()) {
        const std::string stem = request.folder + "/task-" + std::to_string(number);
        const Drawing drawing = draw_trial(view);
        write_file(stem + ".svg", to_svg(drawing));
        write_file(stem + ".png", to_png(drawing, 2, request.fonts));
        write_file(stem + ".tsv", format_rows(history_rows(open, history)));
      } else if (request.shows()) {
        write_stdout(to_terminal(view, request.show == "colour"));
      } else {
        Rows rows = history_rows(open, history);
        all.columns = rows.columns;
        std::ranges::move(rows.lines, std::back_inserter(all.lines));
      }
    }
    if (!request.writes() && !request.shows()) write_stdout(format_rows(all));
  }
};

const Register<Explainer> part{"control", "what an agent attends to in its own past",
                               [](const Config&) { return std::make_unique<TrialExplainer>(); }};

}  // namespace
}  // namespace attune
