#pragma once
#include "array/array.hpp"

namespace attune::kernel {

// Projections of each row onto the probability simplex that give exact zeros, by sorting the items
// that can be above the threshold. A row that is all -inf gives zeros; one with a NaN or +inf, NaN.
// Which items are positive does not depend on their order, nor do the bits of their values.
Array sparsemax(const Array& x);  // (x − τ)₊ (Martins & Astudillo 2016, algorithm 1)
Array entmax15(const Array& x);   // (x/2 − τ)₊² (Peters et al. 2019, algorithm 2)

// 1 at the k largest items of each row, ties to the lower index, else 0; NaN counts as the largest.
Array largest_last(const Array& x, std::size_t k);  // k ≥ 1; all ones when k ≥ the row's length

}  // namespace attune::kernel
