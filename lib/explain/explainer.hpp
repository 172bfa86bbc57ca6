#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/registry.hpp"

namespace attune {

// What attune-explain is asked for.
struct ExplainRequest {
  std::string model, pool, episodes;   // files; pool "" for agents
  std::vector<std::uint64_t> numbers;  // of frozen episodes or tasks, from 0; at least one
  std::string folder;                  // of pictures and weights; "-": to stdout
  std::string show;         // "colour" or "plain": as text for a terminal; "": weights as TSV
  std::size_t queries = 2;  // shown per class in pictures, 0 = all
  std::string fonts;        // folder of DejaVuSans.ttf

  bool writes() const { return folder != "-"; }
  bool shows() const { return !writes() && !show.empty(); }
};

// Shows what the models of one task family attended to; registered under the family's name.
struct Explainer {
  virtual ~Explainer() = default;
  // Error when the files can't be read or don't belong together, UsageError when the family can't
  // be shown in the wanted way.
  virtual void operator()(const ExplainRequest& request) const = 0;
};

// Explains by the model's own family. UsageError when a pool is missing or is one too many.
void explain(const ExplainRequest& request);

}  // namespace attune
