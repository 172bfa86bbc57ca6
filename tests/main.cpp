#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "source_path.hpp"

std::string source_path(const std::string& relative) {
  return std::string(ATTUNE_SOURCE_DIR) + "/" + relative;
}
