#pragma once
#include "base/rng.hpp"
#include "translator/symbols.hpp"

namespace attune {

// Writes an episode's targets with coarser symbols, as a script of syllables or of whole words
// would: so many times, the two neighbours that stand next to each other most often in the support
// become one new symbol everywhere (byte-pair encoding, Sennrich et al. 2016). Among equals chance
// decides. Ends early where no two neighbours are met twice, or where none of the `alphabet`
// symbols is free. Symbols of queries that the support does not have any more become kOther.
void merge_symbols(SymbolEpisode& episode, std::size_t merges, std::size_t alphabet, Rng rng);

}  // namespace attune
