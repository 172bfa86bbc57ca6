#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// The tokens of mteval-v13a as sacreBLEU's tok:13a has them. Error for bytes that are not UTF-8.
std::vector<std::string> tokenise_13a(std::string_view text);

// BLEU-4 of a corpus with one reference (Papineni et al. 2002), by sacreBLEU's definition
// case:mixed|eff:no|tok:13a|smooth:exp: the k-th order without a match has precision
// 1 / (2^k · its n-grams).
class Bleu {
 public:
  void add(std::string_view answer, std::string_view reference);
  double score() const;  // 0 to 100; 0 without any match or with no n-grams of some order

 private:
  static constexpr std::size_t kOrders = 4;
  std::array<std::uint64_t, kOrders> match_{}, total_{};
  std::uint64_t answer_length_ = 0, reference_length_ = 0;  // tokens
};

}  // namespace attune
