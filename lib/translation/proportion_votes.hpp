#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// Proportional analogy among pairs (Lepage 1998): every a : b :: c : query that holds of the
// sources of three of them, a not b nor c, votes for the solution of theirs on the target side.
class ProportionVotes {
 public:
  struct Solution {
    std::u32string target;
    std::size_t votes;
  };

  // Pair i is sources[i], targets[i].
  ProportionVotes(const std::vector<std::u32string>& sources, std::vector<std::u32string> targets);
  // Solutions, and how many voted for each.
  std::map<std::u32string, std::size_t> operator()(std::u32string query) const;
  // The one with most votes, the least of equals; none where no proportion holds.
  std::optional<Solution> best(std::u32string query) const;

 private:
  // With the sum of its letters: a + x = b + c holds of the sums where it holds of the letters,
  // which every proportion asks for.
  struct Summed {
    std::u32string text;
    std::uint64_t sum;
    explicit Summed(std::u32string letters);
  };
  static bool may_stand(const Summed& a, const Summed& b, const Summed& c, const Summed& x);

  std::vector<Summed> sources_;
  std::vector<std::u32string> targets_;
};

}  // namespace attune
