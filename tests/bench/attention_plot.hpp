#pragma once
#include <string>

namespace attune::bench {

// Draws the rows of attention.py (TSV) log-log: seconds forward and with gradients, and peak
// memory, over the number of items, of normalisers above and of structures below. `output` is an
// SVG file, or a PNG where its name ends so.
void plot_attention(const std::string& rows, const std::string& output);

}  // namespace attune::bench
