#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace attune {

// Solves the proportion a : b :: c : x of strings (Lepage 1998): what changes from a to b and what
// changes from a to c, each one run of letters, must be apart in a; x is a with both changes.
// "twenty-one" : "twenty-two" :: "thirty-one" : "thirty-two". None where the runs overlap or meet
// in one point of insertion. Symmetric in b and c.
std::optional<std::u32string> solve_proportion(std::u32string_view a, std::u32string_view b,
                                               std::u32string_view c);

}  // namespace attune
