#include "base/commit.hpp"

#include <attune_commit.hpp>  // written by commit.cmake at each build

namespace attune {

std::string build_commit() { return kCommit; }

}  // namespace attune
