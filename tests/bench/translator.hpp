#pragma once
#include <string>

#include "bench/rounds.hpp"

namespace attune::bench {

// Training steps of a translator on number names of ICU, 16 episodes of 20 support pairs and 5
// queries each: transformers of 128 features and 4 heads, one layer over each source, two over the
// support and two that answer with a pointer.
inline const std::string kTranslator = "translator";

// Writes translator-pairs.h5, translator-episodes.h5, translator-start.h5, the weights to start
// from, and translator-layouts.h5: of each meta-batch what a model is given (pair_layout.hpp), in
// groups of 16 episodes, of 4 and of 1.
void write_translator_data(const std::string& folder);

void time_translator(const std::string& folder, Rounds& rounds);

}  // namespace attune::bench
