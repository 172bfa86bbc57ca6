#include "metric/significance.hpp"

#include <algorithm>
#include <bit>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "metric/interval.hpp"

namespace attune {

namespace {

constexpr std::size_t kEnumerated = 16;

void check(std::span<const double> values) {
  if (values.empty()) throw Error("significance: differences: want at least 1, have 0");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw Error("significance: difference " + std::to_string(i) +
                  ": want a finite number, have " + to_text(values[i]));
    }
  }
}

// Share of all sign patterns whose |sum| reaches `bound`; by symmetry the last sign stays.
double enumerate(const std::vector<double>& sizes, double bound) {
  const std::size_t free = sizes.size() - 1;
  double sum = std::accumulate(sizes.begin(), sizes.end(), 0.0);
  std::size_t reached = std::abs(sum) >= bound;
  std::uint64_t signs = 0;  // Gray code: one sign changes at a time
  for (std::uint64_t i = 1; i < std::uint64_t{1} << free; ++i) {
    const auto place = static_cast<std::size_t>(std::countr_zero(i));
    signs ^= std::uint64_t{1} << place;
    sum += ((signs >> place) & 1 ? -2 : 2) * sizes[place];
    reached += std::abs(sum) >= bound;
  }
  return static_cast<double>(reached) / std::ldexp(1.0, static_cast<int>(free));
}

// Random bits, counted: how many of the next n are set.
class Coins {
 public:
  explicit Coins(Rng rng) : rng_(rng) {}
  std::size_t heads(std::size_t n) {
    std::size_t set = 0;
    for (; n >= 64; n -= 64) set += count(rng_.bits());
    if (n == 0) return set;
    if (left_ < n) {
      bits_ = rng_.bits();
      left_ = 64;
    }
    set += count(bits_ & ((std::uint64_t{1} << n) - 1));
    bits_ >>= n;
    left_ -= n;
    return set;
  }

 private:
  static std::size_t count(std::uint64_t bits) {
    return static_cast<std::size_t>(std::popcount(bits));
  }
  Rng rng_;
  std::uint64_t bits_ = 0;
  std::size_t left_ = 0;
};

// Differences of equal size (but for rounding) change sign as one binomial number.
struct Group {
  double size;
  std::size_t count;
};

std::vector<Group> groups_of(std::vector<double> sizes) {
  std::ranges::sort(sizes);
  std::vector<Group> groups;
  for (const double size : sizes) {
    if (groups.empty() || size - groups.back().size > 1e-9 * size) groups.push_back({size, 0});
    ++groups.back().count;
  }
  return groups;
}

double resample(const std::vector<Group>& groups, double bound, std::size_t resamples,
                std::uint64_t seed) {
  const Rng rng(seed, "sign-flip");
  std::size_t reached = 1;
  for (std::size_t i = 0; i < resamples; ++i) {
    Coins coins(rng.at(i));
    double sum = 0;
    for (const auto& [size, count] : groups) {
      sum += size * (2 * static_cast<double>(coins.heads(count)) - static_cast<double>(count));
    }
    reached += std::abs(sum) >= bound;
  }
  return static_cast<double>(reached) / static_cast<double>(resamples + 1);
}

}  // namespace

SignFlip sign_flip_test(std::span<const double> differences, std::size_t resamples,
                        std::uint64_t seed) {
  check(differences);
  std::vector<double> sizes;
  double sum = 0, total = 0;
  for (const double difference : differences) {
    sum += difference;
    total += std::abs(difference);
    if (difference != 0) sizes.push_back(std::abs(difference));
  }
  if (sizes.empty()) return {1, true};
  // Patterns that tie with the observed one must count whatever the rounding.
  const double bound = std::abs(sum) - 1e-9 * total;
  if (sizes.size() <= kEnumerated) return {enumerate(sizes, bound), true};
  return {resample(groups_of(std::move(sizes)), bound, resamples, seed), false};
}

double student_test(std::span<const double> differences) {
  check(differences);
  if (differences.size() < 2) return 1;
  const Interval interval = mean_interval(differences);
  const boost::math::students_t distribution(static_cast<double>(differences.size() - 1));
  const double t95 = boost::math::quantile(boost::math::complement(distribution, 0.025));
  const double error = interval.half_width / t95;
  if (interval.mean == 0) return 1;
  if (error == 0) return 0;
  const double t = std::abs(interval.mean) / error;
  const double p = 2 * boost::math::cdf(boost::math::complement(distribution, t));
  return std::max(p, std::numeric_limits<double>::min());
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::size_t i = order[rank];
    least = std::max(least, std::min(1.0, static_cast<double>(p.size() - rank) * p[i]));
    adjusted[i] = least;
  }
  return adjusted;
}

}  // namespace attune
