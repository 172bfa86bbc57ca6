#include "statistics/significance.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/instructions.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "statistics/interval.hpp"

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

constexpr std::size_t kBits = 64;  // of a random word

// The sum of values, each with the sign of its bit: set is plus. Added in eight lanes, whatever the
// processor's vectors, so that no p-value depends on it.
double sum_signed(const double* values, std::uint64_t bits) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> lanes{};
  for (std::size_t i = 0; i < kBits; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] += (bits >> (i + lane)) & 1 ? values[i + lane] : -values[i + lane];
  for (std::size_t half = kLanes / 2; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane) lanes[lane] += lanes[lane + half];
  return lanes[0];
}

std::size_t count_set(std::span<const std::uint64_t> words) {
  std::size_t set = 0;
  for (const std::uint64_t bits : words) set += static_cast<std::size_t>(std::popcount(bits));
  return set;
}

// Which difference each bit of a stream of random words gives its sign. Differences of equal size
// (but for rounding) that fill words change sign as one binomial number; the rest of them, and
// smaller groups, never cross a word's end: bits left over stand for 0.
class Signs {
 public:
  explicit Signs(std::vector<double> sizes) {
    std::ranges::sort(sizes);
    for (std::size_t begin = 0, end = 0; begin < sizes.size(); begin = end) {
      while (end < sizes.size() && sizes[end] - sizes[begin] <= 1e-9 * sizes[end]) ++end;
      const std::size_t count = end - begin;
      if (count >= kBits) runs_.push_back({count / kBits, sizes[begin], kNothing});
      place(sizes[begin], count % kBits);
    }
  }
  std::size_t words() const {
    std::size_t sum = 0;
    for (const Run& run : runs_) sum += run.words;
    return sum;
  }
  // The sum of all differences with the signs that these bits give: words(), or more.
  double sum(std::span<const std::uint64_t> bits) const {
    double total = 0;
    for (const Run& run : runs_) {
      const auto words = bits.first(run.words);
      bits = bits.subspan(run.words);
      if (run.values == kNothing) {
        const auto all = static_cast<double>(run.words * kBits);
        total += run.size * (2 * static_cast<double>(widest<count_set>(words)) - all);
      } else {
        for (std::size_t i = 0; i < run.words; ++i)
          total += widest<sum_signed>(values_.data() + run.values + i * kBits, words[i]);
      }
    }
    return total;
  }

 private:
  static constexpr std::size_t kNothing = ~std::size_t{0};
  struct Run {
    std::size_t words;
    double size;         // of every difference, or
    std::size_t values;  // where those of each bit begin
  };

  void place(double size, std::size_t count) {
    if (count == 0) return;
    if (left_ < count) {
      open_ = values_.size();
      left_ = kBits;
      values_.resize(open_ + kBits, 0);
      if (runs_.empty() || runs_.back().values == kNothing) runs_.push_back({0, 0, open_});
      ++runs_.back().words;
    }
    std::fill_n(values_.begin() + static_cast<std::ptrdiff_t>(open_ + kBits - left_), count, size);
    left_ -= count;
  }

  std::vector<Run> runs_;
  std::vector<double> values_;
  std::size_t open_ = 0, left_ = 0;  // the word that is filled, and its free bits
};

// One test that draws patterns.
struct Resampled {
  std::size_t sample;  // whose it is
  Signs signs;
  double bound;
  std::size_t reached = 1;  // by the observed pattern
};

void resample(std::vector<Resampled>& tests, std::size_t resamples, std::uint64_t seed) {
  const Rng rng(seed, "sign-flip");
  std::size_t most = 0;
  for (const Resampled& test : tests) most = std::max(most, test.signs.words());
  std::vector<std::uint64_t> bits(most);
  for (std::size_t i = 0; most > 0 && i < resamples; ++i) {
    Rng draw = rng.at(i);
    for (std::uint64_t& word : bits) word = draw.bits();
    for (Resampled& test : tests) test.reached += std::abs(test.signs.sum(bits)) >= test.bound;
  }
}

}  // namespace

SignFlip sign_flip_test(std::span<const double> differences, std::size_t resamples,
                        std::uint64_t seed) {
  const std::vector<double> sample(differences.begin(), differences.end());
  return sign_flip_tests({&sample, 1}, resamples, seed).front();
}

std::vector<SignFlip> sign_flip_tests(std::span<const std::vector<double>> samples,
                                      std::size_t resamples, std::uint64_t seed) {
  std::vector<SignFlip> results(samples.size(), {1, true});
  std::vector<Resampled> tests;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    check(samples[i]);
    std::vector<double> sizes;
    double sum = 0, total = 0;
    for (const double difference : samples[i]) {
      sum += difference;
      total += std::abs(difference);
      if (difference != 0) sizes.push_back(std::abs(difference));
    }
    // Patterns that tie with the observed one must count whatever the rounding.
    const double bound = std::abs(sum) - 1e-9 * total;
    if (sizes.size() > kEnumerated) {
      tests.push_back({i, Signs(std::move(sizes)), bound});
    } else if (!sizes.empty()) {
      results[i].p = enumerate(sizes, bound);
    }
  }
  resample(tests, resamples, seed);
  for (const Resampled& test : tests)
    results[test.sample] = {static_cast<double>(test.reached) / static_cast<double>(resamples + 1),
                            false};
  return results;
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
