#pragma once
#include <string>

namespace attune {

// Identity (see dataset/identity.hpp) of the 32,460 drawings; datasets/omniglot/source.json names
// the same, and a test compares them.
const char* omniglot_identity();

// Last part of a class name: "rot000", "rot090", "rot180", "rot270"; counter-clockwise.
std::string omniglot_rotation(int quarter_turns);

}  // namespace attune
