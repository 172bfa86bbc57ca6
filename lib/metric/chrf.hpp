#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace attune {

// chrF2 of a corpus (Popović 2015), by sacreBLEU's definition nc:6|nw:0|space:no|eps:no|case:mixed:
// n-grams of 1 to 6 code points without white space; matches, answers and references are counted
// over all sentences; precision and recall are averaged over the orders that both sides have; then
// F with β = 2. An answer's n-grams of an order that its reference lacks are not counted.
class Chrf {
 public:
  void add(std::string_view answer, std::string_view reference);
  double score() const;  // 0 to 100; 0 where nothing matches or nothing was added

 private:
  static constexpr std::size_t kOrders = 6;
  struct Counts {
    std::uint64_t answer = 0, reference = 0, match = 0;
  };
  std::array<Counts, kOrders> counts_{};
};

}  // namespace attune
