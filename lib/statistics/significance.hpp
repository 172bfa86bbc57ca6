#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace attune {

// Whether paired differences are zero but for noise: two-sided p-values. Error when there is none,
// or when one is not finite.

struct SignFlip {
  double p = 1;
  bool exact = false;  // all 2^n signs were tried
};
// Sign-flip permutation test (Fisher 1935): under "no difference" every difference could as well
// have the other sign; p is the share of sign patterns whose |sum| is at least the observed one.
// Up to 16 differences other than zero: by enumeration. More: `resamples` patterns drawn from
// Rng(seed, "sign-flip"), counting the observed one too, so p ≥ 1 / (resamples + 1) (Phipson &
// Smyth 2010). Fast where few different sizes occur, as among accuracies.
SignFlip sign_flip_test(std::span<const double> differences, std::size_t resamples = 99999,
                        std::uint64_t seed = 0);
// The same of each in `samples`, in the time that drawing the patterns takes once.
std::vector<SignFlip> sign_flip_tests(std::span<const std::vector<double>> samples,
                                      std::size_t resamples = 99999, std::uint64_t seed = 0);

// Paired Student t-test; n ≥ 2, fewer give p = 1. Equal differences give 0, or 1 when they are
// zero.
double student_test(std::span<const double> differences);

// p-values adjusted for their number, in the order given (Holm 1979): those below a level are
// claims of which not one is wrong, but with that probability.
std::vector<double> holm(std::span<const double> p);

}  // namespace attune
