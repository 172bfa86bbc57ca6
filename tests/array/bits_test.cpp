#include "array/bits.hpp"

#include <cblas.h>
#include <doctest/doctest.h>

#include <cstdlib>

#include "base/cli.hpp"
#include "base/instructions.hpp"

using namespace attune;

TEST_CASE("all libraries follow the instructions of this process") {
  const std::string name = name_of(instructions());
  CHECK(class_of_bits() ==
        (name == "base" && best_instructions() != Instructions::base ? "base+fma" : name));
  CHECK(version_line("x").find("bits " + class_of_bits()) != std::string::npos);
  CHECK(version_line("x").find(std::string(" ") + openblas_get_corename()) != std::string::npos);
}

TEST_CASE("the environment keeps what it had") {
  const char* const core = std::getenv("OPENBLAS_CORETYPE");
  const std::string before = core ? core : "none";
  choose_kernels();
  const char* const after = std::getenv("OPENBLAS_CORETYPE");
  CHECK(before == (after ? after : "none"));
}
