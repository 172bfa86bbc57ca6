#include "statistics/interval.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  // A second pass takes away most of the rounding of the first.
  double rest = 0;
  for (const double value : values) rest += value - mean;
  return mean + rest / static_cast<double>(values.size());
}

}  // namespace

Interval mean_interval(std::span<const double> values, double level) {
  if (values.empty()) throw Error("interval: values: want at least 1, have 0");
  if (!(level > 0 && level < 1)) {
    throw Error("interval: level: want a number in (0, 1), have " + to_text(level));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw Error("interval: value " + std::to_string(i) + ": want a finite number, have " +
                  to_text(values[i]));
    }
  }
  Interval interval;
  interval.n = values.size();
  interval.mean = mean_of(values);
  if (values.size() == 1) {
    interval.half_width = std::numeric_limits<double>::infinity();
    return interval;
  }
  double squares = 0;
  for (const double value : values) {
    squares += (value - interval.mean) * (value - interval.mean);
  }
  const auto n = static_cast<double>(values.size());
  const boost::math::students_t distribution(n - 1);
  const double t = boost::math::quantile(boost::math::complement(distribution, (1 - level) / 2));
  interval.half_width = t * std::sqrt(squares / (n - 1) / n);
  return interval;
}

Interval paired_interval(std::span<const double> a, std::span<const double> b, double level) {
  if (a.size() != b.size()) {
    throw Error("interval: pairs: want equally many values on both sides, have " +
                std::to_string(a.size()) + " and " + std::to_string(b.size()));
  }
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = a[i] - b[i];
  return mean_interval(differences, level);
}

}  // namespace attune
