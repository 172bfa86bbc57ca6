#include "statistics/rank_agreement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace attune {
namespace {

// Pairs among the members of each run of equal neighbours.
template <typename Equal>
double tied_pairs(std::size_t n, const Equal& equal) {
  double pairs = 0, run = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    if (i < n && equal(i - 1, i)) {
      ++run;
    } else {
      pairs += run * (run - 1) / 2;
      run = 1;
    }
  }
  return pairs;
}

// Sorts by merging and returns how many pairs stood in the wrong order.
double sort_counting(std::vector<double>& values, std::vector<double>& other, std::size_t begin,
                     std::size_t end) {
  if (end - begin < 2) return 0;
  const std::size_t middle = begin + (end - begin) / 2;
  double swaps =
      sort_counting(values, other, begin, middle) + sort_counting(values, other, middle, end);
  std::size_t left = begin, right = middle;
  for (std::size_t i = begin; i < end; ++i) {
    if (right == end || (left < middle && values[left] <= values[right])) {
      other[i] = values[left++];
    } else {
      swaps += static_cast<double>(middle - left);
      other[i] = values[right++];
    }
  }
  std::copy(other.begin() + static_cast<std::ptrdiff_t>(begin),
            other.begin() + static_cast<std::ptrdiff_t>(end),
            values.begin() + static_cast<std::ptrdiff_t>(begin));
  return swaps;
}

}  // namespace

double kendall_tau(std::span<const double> a, std::span<const double> b) {
  const std::size_t n = a.size();
  if (b.size() != n)
    throw Error("kendall_tau: want equally many numbers on both sides, have " + std::to_string(n) +
                " and " + std::to_string(b.size()));
  for (std::size_t i = 0; i < n; ++i)
    if (std::isnan(a[i]) || std::isnan(b[i])) throw Error("kendall_tau: want numbers, have NaN");
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t i, std::size_t j) {
    return a[i] != a[j] ? a[i] < a[j] : b[i] < b[j];
  });
  const auto same_a = [&](std::size_t i, std::size_t j) { return a[order[i]] == a[order[j]]; };
  const double in_a = tied_pairs(n, same_a);
  const double in_both = tied_pairs(
      n, [&](std::size_t i, std::size_t j) { return same_a(i, j) && b[order[i]] == b[order[j]]; });
  std::vector<double> sorted(n), other(n);
  for (std::size_t i = 0; i < n; ++i) sorted[i] = b[order[i]];
  const double discordant = sort_counting(sorted, other, 0, n);
  const double in_b =
      tied_pairs(n, [&](std::size_t i, std::size_t j) { return sorted[i] == sorted[j]; });
  const double pairs = static_cast<double>(n) * (static_cast<double>(n) - 1) / 2;
  if (n < 2 || pairs == in_a || pairs == in_b) return 0;
  return (pairs - in_a - in_b + in_both - 2 * discordant) /
         (std::sqrt(pairs - in_a) * std::sqrt(pairs - in_b));
}

double kendall_test(std::span<const double> a, std::span<const double> b, std::size_t resamples,
                    std::uint64_t seed) {
  constexpr std::size_t kAllOrders = 8;
  const double observed = std::abs(kendall_tau(a, b)) - 1e-12;
  std::vector<std::uint32_t> order(b.size());
  std::iota(order.begin(), order.end(), 0u);
  std::vector<double> shuffled(b.begin(), b.end());
  const auto reaches = [&] {
    for (std::size_t i = 0; i < order.size(); ++i) shuffled[i] = b[order[i]];
    return std::abs(kendall_tau(a, shuffled)) >= observed;
  };
  std::size_t reached = 0, tried = 0;
  if (b.size() <= kAllOrders) {
    do {
      reached += reaches();
      ++tried;
    } while (std::ranges::next_permutation(order).found);
  } else {
    Rng rng(seed, "kendall");
    reached = tried = 1;
    for (std::size_t i = 0; i < resamples; ++i, ++tried) {
      rng.shuffle(order);
      reached += reaches();
    }
  }
  return static_cast<double>(reached) / static_cast<double>(tried);
}

double effective_number(std::span<const double> weights) {
  double entropy = 0;
  for (const double weight : weights)
    if (weight > 0) entropy -= weight * std::log(weight);
  return std::exp(entropy);
}

}  // namespace attune
