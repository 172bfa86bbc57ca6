#include "translation/neighbours.hpp"

#include <map>

namespace attune {

std::optional<Neighbours> most_frequent(const std::vector<const Symbols32*>& lines,
                                        std::uint32_t lowest, std::size_t times, Rng& rng) {
  std::map<Neighbours, std::size_t> count;
  for (const Symbols32* line : lines)
    for (std::size_t i = 1; i < line->size(); ++i)
      if ((*line)[i - 1] >= lowest && (*line)[i] >= lowest) ++count[{(*line)[i - 1], (*line)[i]}];
  std::size_t most = times;
  std::vector<Neighbours> best;
  for (const auto& [neighbours, met] : count) {
    if (met > most) best.clear();
    if (met >= most) best.push_back(neighbours);
    most = std::max(most, met);
  }
  if (best.empty()) return std::nullopt;
  return best[static_cast<std::size_t>(rng.below(best.size()))];
}

void replace(Symbols32& line, const Neighbours& neighbours, std::uint32_t by) {
  Symbols32 result;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool both =
        i + 1 < line.size() && line[i] == neighbours.first && line[i + 1] == neighbours.second;
    result.push_back(both ? by : line[i]);
    i += both;
  }
  line = std::move(result);
}

}  // namespace attune
