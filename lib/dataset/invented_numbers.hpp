#pragma once
#include <string>
#include <vector>

#include "base/rng.hpp"

namespace attune {

// Names of 0 … largest (at most 999) in a language that nobody speaks: sounds, words and the ways
// in which numbers are put together are drawn at random from those that languages have (Comrie
// 2013, WALS 131: decimal, vigesimal and mixed bases): tens that are words of their own, have an
// ending, or are so many tens; teens likewise; tens before units or behind them, with or without
// something between; other forms within compounds; exceptions. All names are different. A pure
// function of the stream.
std::vector<std::string> invented_numbers(int largest, const Rng& rng);

}  // namespace attune
