#include "translator/association.hpp"

#include <algorithm>

namespace attune {
namespace {

// A number for a run of up to three symbols, each below 2²¹ − 1.
std::uint64_t key_of(std::span<const std::uint32_t> run) {
  std::uint64_t key = 0;
  for (const std::uint32_t symbol : run) key = key << 21 | (symbol + 1);
  return key;
}

void note(std::vector<std::uint32_t>& pairs, std::uint32_t pair) {
  if (pairs.empty() || pairs.back() != pair) pairs.push_back(pair);
}

}  // namespace

Association::Association(std::span<const SymbolPair> support) {
  for (std::uint32_t k = 0; k < support.size(); ++k) {
    for (const std::uint32_t word : support[k].word)
      if (word != 0) note(words_[word], k);
    std::vector<std::uint32_t>& target = targets_.emplace_back();
    target.push_back(kBegin);
    target.insert(target.end(), support[k].symbol.begin(), support[k].symbol.end());
    target.push_back(kEnd);
    for (std::size_t first = 0; first < target.size(); ++first)
      for (std::size_t count = 1; count <= kBefore && first + count <= target.size(); ++count)
        note(runs_[key_of({target.data() + first, count})], k);
  }
}

const Association::Pairs* Association::of_word(std::uint32_t word) const {
  const auto found = words_.find(word);
  return found == words_.end() ? nullptr : &found->second;
}

const Association::Pairs* Association::of_run(std::span<const std::uint32_t> run) const {
  const auto found = runs_.find(key_of(run));
  return found == runs_.end() ? nullptr : &found->second;
}

Real Association::strength(const Pairs* word, const Pairs* run, std::uint32_t without) const {
  if (!word || !run) return 0;
  std::size_t both = 0, words = word->size(), runs = run->size();
  for (auto a = word->begin(), b = run->begin(); a != word->end() && b != run->end();) {
    both += *a == *b;
    const bool next_a = *a <= *b, next_b = *b <= *a;
    a += next_a;
    b += next_b;
  }
  if (without != kNobody) {
    const bool in_word = std::ranges::binary_search(*word, without);
    const bool in_run = std::ranges::binary_search(*run, without);
    words -= in_word;
    runs -= in_run;
    both -= in_word && in_run;
  }
  return static_cast<Real>(2 * both) / static_cast<Real>(words + runs + 1);
}

void Association::around(std::size_t k, std::size_t j, std::uint32_t word, Real* out) const {
  const Pairs* const pairs = of_word(word);
  const std::uint32_t* const here = targets_.at(k).data() + j + 1;
  const bool end = j + 2 == targets_[k].size();
  const auto by = [&](int from, std::size_t count) {
    return strength(pairs, of_run({here + from, count}), static_cast<std::uint32_t>(k));
  };
  out[0] = by(0, 1);
  out[1] = by(-1, 2);
  out[2] = end ? Real(0) : by(0, 2);
  out[3] = end ? Real(0) : by(-1, 3);
}

void Association::before(const std::array<std::uint32_t, kBefore>& earlier, std::uint32_t word,
                         Real* out) const {
  const Pairs* const pairs = of_word(word);
  std::array<std::uint32_t, kBefore> run;
  std::ranges::reverse_copy(earlier, run.begin());
  for (std::size_t count = 1; count <= kBefore; ++count) {
    const std::span<const std::uint32_t> last(run.data() + kBefore - count, count);
    const bool whole = std::ranges::find(last, std::uint32_t{kNone}) == last.end();
    out[count - 1] = whole ? strength(pairs, of_run(last), kNobody) : Real(0);
  }
}

}  // namespace attune
