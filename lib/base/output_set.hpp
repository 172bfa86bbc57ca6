#pragma once
#include <string>

#include "base/file.hpp"

namespace attune {

// The path to read of a member of a set of files.
inline std::string member_path(const std::string& primary, const std::string& ending,
                               const std::string& id) {
  const std::string pending = primary + ending + "." + id;
  return exists(pending) ? pending : primary + ending;
}

}  // namespace attune
