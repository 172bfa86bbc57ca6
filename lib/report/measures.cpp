#include "report/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/origin.hpp"

namespace attune {

namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr std::int64_t kMostAnswers = std::int64_t{1} << 40;

struct Measure {
  std::string name;  // or what it begins with, where it ends with '_'
  double least, most;
  bool counts_answers = false;
};

const Measure& measure_of(std::string_view column) {
  static const std::vector<Measure> measures = {
      {"accuracy", 0, 1, true}, {"exact_match", 0, 1, true}, {"chrf", 0, 100},
      {"cer", 0, kLargest},     {"loss", 0, kLargest},       {"effective", 0, kLargest},
      {"auc_", 0, 1},           {"delete_", 0, 1},           {"swap_", 0, 1},
      {"tau_", -1, 1}};
  static const Measure any{"", -kLargest, kLargest};
  constexpr std::string_view kRandom = "random_";  // of attune-probe's model with other weights
  if (column.starts_with(kRandom)) column.remove_prefix(kRandom.size());
  const auto found = std::ranges::find_if(measures, [&](const Measure& measure) {
    return measure.name.ends_with('_') ? column.starts_with(measure.name) : column == measure.name;
  });
  return found == measures.end() ? any : *found;
}

std::string range_text(const Measure& measure) {
  if (measure.most < kLargest) return to_text(measure.least) + " to " + to_text(measure.most);
  return measure.least < 0 ? "a finite number" : "a finite number, 0 or more";
}

// Whether the text is k / answers: as it reads back exactly, or rounded to six decimals.
bool is_share(double value, const std::string& text, std::int64_t answers) {
  const auto all = static_cast<double>(answers);
  const double nearest_share = std::round(value * all) / all;
  const auto point = text.find('.');
  const bool rounded = point != std::string::npos && text.size() - point - 1 == 6;
  return std::abs(value - nearest_share) <= (rounded ? 0.5e-6 + 1e-9 : 1e-9);
}

}  // namespace

std::vector<std::size_t> score_columns(const Rows& rows) {
  std::vector<std::size_t> columns;
  for (std::size_t i = rows.column("episode") + 1; i < rows.columns.size(); ++i)
    if (!is_origin_column(rows.columns[i])) columns.push_back(i);
  return columns;
}

std::int64_t whole_number(const std::string& text, std::int64_t least, const std::string& what) {
  std::int64_t value = 0;
  try {
    value = parse_integer(text, what);
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
  if (value < least)
    throw Error(what + ": want " + std::to_string(least) + " or more, have " + text);
  return value;
}

double real_number(const std::string& text, const std::string& what) {
  try {
    const double value = parse_real(text, what);
    if (std::isfinite(value)) return value;
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
  throw Error(what + ": want a finite number, have " + text);
}

double score_number(const std::string& column, const std::string& text, std::int64_t answers,
                    const std::string& what) {
  const Measure& measure = measure_of(column);
  const double value = real_number(text, what);
  if (value < measure.least || value > measure.most)
    throw Error(what + ": want " + range_text(measure) + ", have " + text);
  if (measure.counts_answers && answers > 0 && !is_share(value, text, answers))
    throw Error(what + ": want a whole number of " + std::to_string(answers) +
                " answers, divided by them, have " + text);
  return value;
}

std::int64_t answers_of(const std::vector<std::pair<std::string, std::int64_t>>& shape) {
  std::int64_t ways = 1, queries = 0;
  for (const auto& [name, value] : shape) {
    if (name == "ways") ways = value;
    if (name == "queries") queries = value;
  }
  return ways <= 0 || queries <= 0 || ways > kMostAnswers / queries ? 0 : ways * queries;
}

}  // namespace attune
