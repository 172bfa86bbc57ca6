#include "array/bits.hpp"

#include <cblas.h>

#include <array>
#include <dnnl.hpp>
#include <string_view>

namespace attune {
namespace {

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

}  // namespace

std::string class_of_bits() {
  const std::string core = openblas_get_corename();
  const std::string blas = class_of_openblas(core), dnn = class_of_onednn();
  return blas == dnn ? blas : core + "+" + dnn;
}

}  // namespace attune
