#pragma once
#include <string>

namespace attune {

// The commit that the programs were built from, "-dirty" behind it when files had been changed;
// "unknown" where the source is no git checkout. Stands in side files only, never in what is
// hashed.
std::string build_commit();

}  // namespace attune
