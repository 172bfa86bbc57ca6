#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "statistics/interval.hpp"

namespace attune {

// The mean of each task's own mean, then of each group of tasks that are nearly the same, in the
// order of the groups' numbers. Arguments and errors as of macro_interval.
std::vector<double> group_means(std::span<const double> values, std::span<const std::uint32_t> task,
                                std::span<const std::uint32_t> group_of);

// Macro average over kinds of tasks (languages): the mean of each task's own mean, then of each
// group of tasks that are nearly the same, then over the groups, with the Student-t interval over
// the groups: they, not the episodes, are the sample (n = number of groups).
// task[i]: of values[i]; group_of[task]: its group. Error when sizes differ, a task has no group,
// or a value is not finite.
Interval macro_interval(std::span<const double> values, std::span<const std::uint32_t> task,
                        std::span<const std::uint32_t> group_of, double level = 0.95);

}  // namespace attune
