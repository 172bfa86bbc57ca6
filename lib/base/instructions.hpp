#pragma once
#include <string>

namespace attune {

// What sort of instructions this process computes with: a class of bits. All libraries and loops of
// ours keep to it, so that the same program gives the same bits on every processor of the class.
enum class Instructions {
  base,    // SSE4.2
  avx2,    // AVX2 and FMA: Intel since 2013, AMD since 2015
  avx512,  // AVX-512 F, CD, BW, DQ and VL: Intel's servers since 2017, AMD since 2022
};

// "base", "avx2", "avx512".
std::string name_of(Instructions instructions);
// The most that this processor and its system can do.
Instructions best_instructions();
// What a value of the environment's ATTUNE_BITS asks for: "" for the best there is. UsageError when
// it names none, or one that this processor can't do.
Instructions instructions_of(const std::string& value);

// What this process computes with: what ATTUNE_BITS says, else the best there is. The same from its
// start to its end. A wrong value counts as none here; check_instructions tells.
inline Instructions instructions();
// UsageError when the environment's ATTUNE_BITS is wrong.
void check_instructions();

namespace detail {
Instructions chosen_instructions();

template <auto loop>
struct ByInstructions;

// The loop, and all that it calls, compiled for each sort of instructions.
template <typename Result, typename... Args, Result (*loop)(Args...)>
struct ByInstructions<loop> {
  [[gnu::target("avx512f"), gnu::flatten]] static Result avx512(Args... args) {
    return loop(args...);
  }
  [[gnu::target("avx2"), gnu::flatten]] static Result avx2(Args... args) { return loop(args...); }
  static Result run(Args... args) {
    switch (instructions()) {
      case Instructions::avx512:
        return avx512(args...);
      case Instructions::avx2:
        return avx2(args...);
      case Instructions::base:
        break;
    }
    return loop(args...);
  }
};

}  // namespace detail

inline Instructions instructions() {
  static const Instructions chosen = detail::chosen_instructions();
  return chosen;
}

// widest<loop>(args…) calls the function `loop`, compiled for the widest vectors of the class.
template <auto loop>
inline constexpr auto widest = &detail::ByInstructions<loop>::run;

}  // namespace attune
