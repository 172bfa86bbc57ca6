#include "base/instructions.hpp"

#include <array>
#include <cstdlib>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

constexpr const char* kVariable = "ATTUNE_BITS";
constexpr std::array kAll = {Instructions::base, Instructions::avx2, Instructions::avx512};

std::string value_of_variable() {
  const char* const value = std::getenv(kVariable);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string name_of(Instructions instructions) {
  switch (instructions) {
    case Instructions::avx512:
      return "avx512";
    case Instructions::avx2:
      return "avx2";
    case Instructions::base:
      break;
  }
  return "base";
}

Instructions best_instructions() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Instructions::base;
  const bool all = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                   __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl");
  return all ? Instructions::avx512 : Instructions::avx2;
}

Instructions instructions_of(const std::string& value) {
  const Instructions best = best_instructions();
  if (value.empty()) return best;
  std::vector<std::string> possible;
  for (const Instructions one : kAll) {
    if (one > best) break;
    if (name_of(one) == value) return one;
    possible.push_back(name_of(one));
  }
  throw UsageError(std::string(kVariable) + ": want what this processor can do, " +
                   join(possible, ", ") + ", have " + value);
}

void check_instructions() { instructions_of(value_of_variable()); }

namespace detail {

Instructions chosen_instructions() {
  try {
    return instructions_of(value_of_variable());
  } catch (const UsageError&) {
    return best_instructions();
  }
}

}  // namespace detail
}  // namespace attune
