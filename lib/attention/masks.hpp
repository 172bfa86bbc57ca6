#pragma once
#include "attention/attention.hpp"

namespace attune {

// Masks of sequences, for scores (B,H,Q,S) or (H,Q,S). They may be combined by both().

// No one looks where a sequence has nothing: present (B,S), 1 where it has an item → (B,1,1,S).
Mask present_mask(const Array& present);
// Each of `count` items looks at itself, those before it and `past` earlier ones: (count,past +
// count).
Mask causal_mask(std::size_t count, std::size_t past = 0);
// What both allow.
Mask both(const Mask& a, const Mask& b);

}  // namespace attune
