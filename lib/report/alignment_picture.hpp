#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "draw/drawing.hpp"

namespace attune {

// One answer of a translator, token by token, and which items of the support each was read from.
struct AlignmentView {
  struct Pair {
    std::vector<std::string> source, target;  // tokens; the last of a target is its end, ""
  };
  std::string title, subtitle;    // subtitle: whether the answer is right, and what is
  std::vector<Pair> support;      // at least one
  std::vector<std::string> step;  // tokens of the answer; the last is its end, ""
  std::vector<double> weights;    // (steps, items): of each pair its source, then its target
  std::vector<double> followed;   // steps: share of what analogy proposes; empty where none is told
};

// A line for each pair: its source, a square for each token of the answer, the darker the more of
// that token's weight is on the pair; then the target's tokens, shaded by the weight that each has
// in all steps together. Above them a line for the share of analogy, where it is told. Pairs
// without a weight of 0.005 in any step are left out.
Drawing draw_alignment(const AlignmentView& view);

// For reading in a terminal: a line for each token of the answer with the pair that it was read
// from most, that token of it in [ ], and the weight; behind it the share of analogy.
std::string to_terminal(const AlignmentView& view);

}  // namespace attune
