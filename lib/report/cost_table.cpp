#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "report/side_tables.hpp"
#include "report/tell_origins.hpp"

namespace attune {

namespace {

constexpr double kMega = 1e6, kGiga = 1e9;

using Number = Costs::Number;

// All outcomes of a cell that have a side file, and how many there are in all.
struct Measured {
  std::vector<const Outcome*> outcomes;
  std::size_t all = 0;
};

Measured measured(const std::vector<Outcome>& outcomes, const std::string& cell) {
  Measured found;
  for (const auto& outcome : outcomes) {
    if (outcome.cell != cell) continue;
    ++found.all;
    if (outcome.costs) found.outcomes.push_back(&outcome);
  }
  return found;
}

// What the seed's first side file says; each of a seed's tests repeats its model's costs.
std::vector<double> per_seed(const Measured& cell, Number Costs::*number) {
  std::map<std::int64_t, double> values;
  for (const Outcome* outcome : cell.outcomes) {
    if (const Number& value = (*outcome->costs).*number) values.emplace(outcome->seed, *value);
  }
  std::vector<double> numbers;
  for (const auto& [seed, value] : values) numbers.push_back(value);
  return numbers;
}

std::optional<Estimate> mean(const std::vector<double>& numbers, double unit = 1) {
  if (numbers.empty()) return std::nullopt;
  double sum = 0;
  for (const double number : numbers) sum += number / unit;
  return Estimate{sum / static_cast<double>(numbers.size()), {}};
}

std::optional<Estimate> largest(const Measured& cell, Number Costs::*number) {
  std::optional<Estimate> most;
  for (const Outcome* outcome : cell.outcomes) {
    const Number& value = (*outcome->costs).*number;
    if (value && (!most || *value > most->mean)) most = Estimate{*value, {}};
  }
  return most;
}

// Of all tests together, mean over the seeds; none unless all were measured.
std::optional<Estimate> evaluation_seconds(const Measured& cell) {
  double sum = 0;
  std::set<std::int64_t> seeds;
  std::size_t known = 0;
  for (const Outcome* outcome : cell.outcomes) {
    if (!outcome->costs->evaluate_seconds) continue;
    sum += *outcome->costs->evaluate_seconds;
    seeds.insert(outcome->seed);
    ++known;
  }
  if (known == 0 || known < cell.all) return std::nullopt;
  return Estimate{sum / static_cast<double>(seeds.size()), {}};
}

std::optional<Estimate> episode_work(const Measured& cell, const std::string& test,
                                     Number Costs::*number, double unit) {
  std::vector<double> numbers;
  for (const Outcome* outcome : cell.outcomes) {
    const Number& value = (*outcome->costs).*number;
    if (outcome->test == test && value) numbers.push_back(*value);
  }
  return mean(numbers, unit);
}

std::string threads_text(const Measured& cell) {
  std::set<std::string> counts;
  for (const double count : per_seed(cell, &Costs::threads)) counts.insert(to_text(count));
  return counts.empty() ? "–" : join({counts.begin(), counts.end()}, ", ");
}

}  // namespace

Table cost_table(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const Layout layout = layout_of(outcomes, experiment);
  Table table;
  table.title = title_of("Costs", experiment);
  table.labels = {"model", "threads"};
  table.columns = {{"parameters", false, true, 0},    {"steps", false, true, 0},
                   {"training s", false, true, 1},    {"training MiB", false, true, 0},
                   {"G/step", false, true, 3},        {"evaluation s", false, true, 1},
                   {"evaluation MiB", false, true, 0}};
  const bool split = std::ranges::any_of(
      outcomes, [](const Outcome& o) { return o.costs && o.costs->answer_multiply_adds; });
  for (const auto& test : layout.tests) table.columns.push_back({"G/" + test, false, true, 3});
  if (split)
    for (const auto& test : layout.tests) table.columns.push_back({"M/" + test, false, true, 3});
  for (const auto& name : layout.cells) {
    const Measured cell = measured(outcomes, name);
    if (cell.all == 0) continue;
    Table::Line line;
    line.labels = {name, threads_text(cell)};
    line.values = {mean(per_seed(cell, &Costs::parameters)),
                   mean(per_seed(cell, &Costs::steps)),
                   mean(per_seed(cell, &Costs::train_seconds)),
                   largest(cell, &Costs::train_mib),
                   mean(per_seed(cell, &Costs::step_multiply_adds), kGiga),
                   evaluation_seconds(cell),
                   largest(cell, &Costs::evaluate_mib)};
    for (const auto& test : layout.tests)
      line.values.push_back(episode_work(cell, test, &Costs::episode_multiply_adds, kGiga));
    if (split)
      for (const auto& test : layout.tests)
        line.values.push_back(episode_work(cell, test, &Costs::answer_multiply_adds, kMega));
    table.lines.push_back(std::move(line));
  }
  table.notes = {
      "From the side files (*.cost.json) of the runs that made the rows: times and memory are of "
      "that machine and are not made again. Means over the seeds; memory is the largest peak of a "
      "process.",
      "Training: the search for the stopping point included; steps are the final run's. "
      "Evaluation: all tests of the line together, every example encoded once.",
      "G: 10⁹ multiply-adds of matrix products and convolutions, counted by the kernels, the same "
      "at any number of threads: of one training step, and of encoding and answering one episode "
      "of a test from its images."};
  if (split)
    table.notes.push_back(
        "M: 10⁶ multiply-adds, what an episode costs beside encoding: attention, or whatever else "
        "answers from the features.");
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
