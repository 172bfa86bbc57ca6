#include "array/bits.hpp"

#include <cblas.h>

#include <algorithm>
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

// What the libraries are told for each class. Of OpenBLAS's cores the first is chosen, since its
// blocks do not depend on the sizes of caches; the others use the same instructions.
struct Kernels {
  Instructions instructions;
  std::array<std::string_view, 3> cores;
  dnnl::cpu_isa isa;
  std::string_view isa_name;  // as oneDNN's variables name it
  std::string core() const { return std::string(cores[0]); }
};
constexpr std::array<Kernels, 3> kKernels = {{
    {Instructions::base, {"Nehalem"}, dnnl::cpu_isa::sse41, "SSE41"},
    {Instructions::avx2, {"Haswell", "Zen"}, dnnl::cpu_isa::avx2, "AVX2"},
    {Instructions::avx512,
     {"SkylakeX", "Cooperlake", "SapphireRapids"},
     dnnl::cpu_isa::avx512_core,
     "AVX512_CORE"},
}};

const Kernels& kernels_of(Instructions instructions) {
  return *std::ranges::find(kKernels, instructions, &Kernels::instructions);
}

std::string class_of_openblas(std::string_view core) {
  const auto has_core = [&](const Kernels& one) { return std::ranges::count(one.cores, core) > 0; };
  const auto found = std::ranges::find_if(kKernels, has_core);
  return name_of(found == kKernels.end() ? Instructions::base : found->instructions);
}

// The last that it holds: oneDNN's names are sets of bits.
std::string class_of_onednn() {
  const auto bits = [](dnnl::cpu_isa isa) { return static_cast<unsigned>(isa); };
  const unsigned effective = bits(dnnl::get_effective_cpu_isa());
  Instructions found = Instructions::base;
  for (const Kernels& one : kKernels)
    if ((effective & bits(one.isa)) == bits(one.isa)) found = one.instructions;
  return name_of(found);
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
  const Kernels& chosen = kernels_of(instructions());
  if (__builtin_cpu_supports("sse4.2")) choose_core(chosen.core());
  dnnl::set_max_cpu_isa(chosen.isa);
  note_unheeded(kCoreVariable, chosen.core());
  for (const char* name : {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"})
    note_unheeded(name, chosen.isa_name);
  record_version("bits", class_of_bits());
}

}  // namespace attune
