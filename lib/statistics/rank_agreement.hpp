#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace attune {

// Kendall's τ-b of two rankings given by numbers: (concordant − discordant) pairs over
// √((pairs not tied in a)·(pairs not tied in b)), −1…1. 0 when either ranks nothing (all tied, or
// fewer than two numbers): a ranking that isn't there tells nothing. O(n log n).
// Error when the sizes differ or a number is NaN.
// Kendall 1945, §3; the algorithm of Knight 1966.
double kendall_tau(std::span<const double> a, std::span<const double> b);

// Whether two rankings have nothing to do with each other: two-sided p, the share of orders of b
// whose |τ-b| is at least the observed one. Up to 8 numbers: all orders; more: `resamples` orders
// drawn from Rng(seed, "kendall"), counting the observed one too.
double kendall_test(std::span<const double> a, std::span<const double> b,
                    std::size_t resamples = 99999, std::uint64_t seed = 0);

// How many items share the weights (≥ 0, sum 1): exp of their entropy, 1…n.
double effective_number(std::span<const double> weights);

}  // namespace attune
