#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/rng.hpp"

namespace attune {

// One step of byte-pair encoding (Sennrich et al. 2016): two symbols that stand next to each other.
using Symbols32 = std::vector<std::uint32_t>;
using Neighbours = std::pair<std::uint32_t, std::uint32_t>;

// The two, both of them at least `lowest`, that meet most often in `lines`, at least `times` times;
// of equals one by chance. None where none meet so often.
std::optional<Neighbours> most_frequent(const std::vector<const Symbols32*>& lines,
                                        std::uint32_t lowest, std::size_t times, Rng& rng);
// Writes `by` for the two wherever they meet, from the left.
void replace(Symbols32& line, const Neighbours& neighbours, std::uint32_t by);

}  // namespace attune
