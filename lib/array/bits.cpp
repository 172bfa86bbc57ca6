#include "array/bits.hpp"

#include <cblas.h>

#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <cstdlib>
#include <dnnl.hpp>
#include <optional>
#include <string_view>

#include "base/cli.hpp"
#include "base/instructions.hpp"

extern "C" {
// OpenBLAS's own, in none of its headers; only builds for several processors have them.
[[gnu::weak]] void gotoblas_dynamic_init();
[[gnu::weak]] void gotoblas_dynamic_quit();
}

namespace attune {
namespace {

constexpr const char* kCoreVariable = "OPENBLAS_CORETYPE";

std::string class_of_openblas(std::string_view core) {
  constexpr std::array<std::string_view, 3> kAvx512 = {"SkylakeX", "Cooperlake", "SapphireRapids"};
  constexpr std::array<std::string_view, 2> kAvx2 = {"Haswell", "Zen"};
  for (const std::string_view name : kAvx512)
    if (core == name) return "avx512";
  for (const std::string_view name : kAvx2)
    if (core == name) return "avx2";
  return "base";
}

std::string class_of_onednn() {
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
    case dnnl::cpu_isa::avx:
      return "base";
    case dnnl::cpu_isa::avx2:
    case dnnl::cpu_isa::avx2_vnni:
      return "avx2";
    default:
      return "avx512";
  }
}

// Cores whose blocks do not depend on the sizes of caches.
const char* core_of(Instructions instructions) {
  switch (instructions) {
    case Instructions::avx512:
      return "SkylakeX";
    case Instructions::avx2:
      return "Haswell";
    case Instructions::base:
      break;
  }
  return "Nehalem";
}

dnnl::cpu_isa isa_of(Instructions instructions) {
  switch (instructions) {
    case Instructions::avx512:
      return dnnl::cpu_isa::avx512_core;
    case Instructions::avx2:
      return dnnl::cpu_isa::avx2;
    case Instructions::base:
      break;
  }
  return dnnl::cpu_isa::sse41;
}

std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void note_unheeded(const char* name, std::string_view chosen) {
  const auto value = environment(name);
  if (!value || value->empty() || boost::algorithm::iequals(*value, chosen)) return;
  record_note(std::string(name) + "=" + *value + " is not heeded; ATTUNE_BITS chooses, now " +
              name_of(instructions()));
}

// It has chosen while it was loaded, by the processor's name, and here does so once more.
void choose_core(const std::string& core) {
  if (gotoblas_dynamic_init == nullptr || gotoblas_dynamic_quit == nullptr) return;
  if (openblas_get_corename() == core) return;
  const auto before = environment(kCoreVariable);
  ::setenv(kCoreVariable, core.c_str(), 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  if (before) {
    ::setenv(kCoreVariable, before->c_str(), 1);
  } else {
    ::unsetenv(kCoreVariable);
  }
}

}  // namespace

std::string class_of_bits() {
  const std::string core = openblas_get_corename();
  const std::string blas = class_of_openblas(core), dnn = class_of_onednn();
  if (blas != dnn) return core + "+" + dnn;
  return blas == "base" && best_instructions() != Instructions::base ? "base+fma" : blas;
}

void choose_kernels() {
  const Instructions chosen = instructions();
  if (__builtin_cpu_supports("sse4.2")) choose_core(core_of(chosen));
  dnnl::set_max_cpu_isa(isa_of(chosen));
  note_unheeded(kCoreVariable, core_of(chosen));
  for (const char* name : {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"})
    note_unheeded(name, chosen == Instructions::avx512 ? "AVX512_CORE"
                        : chosen == Instructions::avx2 ? "AVX2"
                                                       : "SSE41");
  record_version("bits", class_of_bits());
}

}  // namespace attune
