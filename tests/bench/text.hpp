#pragma once
#include <string>

#include "bench/rounds.hpp"

namespace attune::bench {

// Training steps of a matching network on generated texts, 20-way, 5 shots, 5 queries: a
// transformer encoder of 2 layers, 128 features and 4 heads, mean of the tokens, cosine attention
// with a learned temperature. Cases: "text", of 4 to 32 tokens, and "text32", of 32 tokens each.
bool is_text_case(const std::string& name);

// Writes for each case <case>-pool.h5, <case>-episodes.h5 and <case>-start.h5, the weights to start
// from.
void write_text_data(const std::string& folder);

void time_text(const std::string& folder, const std::string& name, Rounds& rounds);

}  // namespace attune::bench
