#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/registry.hpp"

namespace attune {

struct SentencePair {
  std::string source, target;
};

// Translates without having been trained: the floors of every table. One file each; its last line
// registers it.
struct Translator {
  virtual ~Translator() = default;
  // One answer per query. support: at least one pair. UTF-8.
  virtual std::vector<std::string> operator()(std::span<const SentencePair> support,
                                              std::span<const std::string> queries) const = 0;
};
using TranslatorRegistry = Registry<Translator>;

// Place of the support pair whose source is most like the query by edit similarity; the first of
// several.
std::size_t nearest_source(std::span<const std::u32string> sources, const std::u32string& query);

}  // namespace attune
