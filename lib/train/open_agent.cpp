#include "train/open_agent.hpp"

#include "base/text.hpp"
#include "train/task_family.hpp"

namespace attune {

std::shared_ptr<const Environment> read_environment(const Config& root) {
  return EnvironmentRegistry::make(root.child("environment"), "bandit");
}

TaskFile open_tasks(const std::string& path, const Environment& environment) {
  TaskFile file = read_tasks(path, environment);
  if (file.tasks->count() == 0) throw Error(path + ": want tasks, have none");
  return file;
}

OpenAgent open_agent(const ModelFile& model, const std::string& tasks) {
  if (const std::string family = family_name(model.config()); family != "control")
    throw Error(model.path() + ": want a model of control, have one of " + family);
  try {
    OpenAgent open;
    open.model = model.header();
    open.config = model.config();
    open.environment = read_environment(open.config);
    open.agent = make_agent(open.config.child("agent"), open.environment);
    TaskFile file = open_tasks(tasks, *open.environment);
    open.tasks = std::move(file.tasks);
    open.hash = file.hash;
    open.split = file.split;
    Rng unused(0, "init");
    open.params = model.params(open.agent->tested(open.tasks, open.model.seed)->init(unused));
    return open;
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
}

Rows history_rows(const OpenAgent& open, const History& history) {
  Rows rows;
  rows.columns = {"task", "map",        "step",      "state",     "does",  "pays",
                  "past", "past_state", "past_does", "past_pays", "weight"};
  const int decimals = open.environment->reward_decimals();
  const auto state = [](const History::Step& step) {
    return step.place ? std::to_string(*step.place + 1) : std::string("-");
  };
  const auto does = [](const History::Step& step) { return std::to_string(step.action + 1); };
  const auto pays = [decimals](const History::Step& step) {
    return decimals < 0 ? to_text(step.reward) : to_text(step.reward, decimals);
  };
  for (const HistoryMaps::Map& map : history.maps)
    for (std::size_t t = 0; t < history.steps.size(); ++t)
      for (std::size_t past = 0; past <= t; ++past) {
        const History::Step& now = history.steps[t];
        const bool start = past == 0;
        rows.lines.push_back(
            {std::to_string(history.number), map.name, std::to_string(t + 1), state(now), does(now),
             pays(now), std::to_string(past), state(history.steps[past]),
             start ? "-" : does(history.steps[past - 1]),
             start ? "-" : pays(history.steps[past - 1]),
             to_text(static_cast<double>(map.weights.data()[t * history.steps.size() + past]), 6)});
      }
  return rows;
}

}  // namespace attune
