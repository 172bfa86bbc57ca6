#include "metric/chrf.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "metric/code_points.hpp"

namespace attune {
namespace {

using Grams = std::map<std::u32string_view, std::uint64_t>;

Grams grams_of(std::u32string_view text, std::size_t order) {
  Grams grams;
  for (std::size_t i = 0; i + order <= text.size(); ++i) ++grams[text.substr(i, order)];
  return grams;
}

std::u32string without_space(std::string_view text) {
  std::u32string points = code_points(text);
  std::erase_if(points, is_space);
  return points;
}

}  // namespace

void Chrf::add(std::string_view answer, std::string_view reference) {
  const std::u32string mine = without_space(answer), wanted = without_space(reference);
  for (std::size_t order = 1; order <= kOrders; ++order) {
    const Grams expected = grams_of(wanted, order);
    if (expected.empty()) break;  // no longer ones either
    Counts& counts = counts_[order - 1];
    for (const auto& [gram, count] : expected) counts.reference += count;
    for (const auto& [gram, count] : grams_of(mine, order)) {
      counts.answer += count;
      const auto known = expected.find(gram);
      if (known != expected.end()) counts.match += std::min(count, known->second);
    }
  }
}

double Chrf::score() const {
  double precision = 0, recall = 0, orders = 0;
  for (const Counts& counts : counts_) {
    if (counts.answer == 0 || counts.reference == 0) continue;
    precision += static_cast<double>(counts.match) / static_cast<double>(counts.answer);
    recall += static_cast<double>(counts.match) / static_cast<double>(counts.reference);
    ++orders;
  }
  if (precision + recall == 0) return 0;
  precision /= orders;
  recall /= orders;
  constexpr double kBetaSquared = 4;
  return 100 * (1 + kBetaSquared) * precision * recall / (kBetaSquared * precision + recall);
}

}  // namespace attune
