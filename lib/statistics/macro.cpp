#include "statistics/macro.hpp"

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace attune {
namespace {

struct Sum {
  double value = 0, count = 0;
  void add(double more) {
    value += more;
    ++count;
  }
  double mean() const { return value / count; }
};

}  // namespace

std::vector<double> group_means(std::span<const double> values, std::span<const std::uint32_t> task,
                                std::span<const std::uint32_t> group_of) {
  if (values.size() != task.size())
    throw Error("macro average: want a task for each value, have " + std::to_string(task.size()) +
                " for " + std::to_string(values.size()));
  std::map<std::uint32_t, Sum> tasks, groups;
  for (std::size_t i = 0; i < values.size(); ++i) tasks[task[i]].add(values[i]);
  for (const auto& [number, sum] : tasks) {
    if (number >= group_of.size())
      throw Error("macro average: want the group of task " + std::to_string(number) +
                  ", have those of " + std::to_string(group_of.size()));
    groups[group_of[number]].add(sum.mean());
  }
  std::vector<double> means;
  for (const auto& [number, sum] : groups) means.push_back(sum.mean());
  return means;
}

Interval macro_interval(std::span<const double> values, std::span<const std::uint32_t> task,
                        std::span<const std::uint32_t> group_of, double level) {
  return mean_interval(group_means(values, task, group_of), level);
}

}  // namespace attune
