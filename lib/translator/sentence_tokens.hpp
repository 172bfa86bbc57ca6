#pragma once
#include <span>
#include <string>
#include <vector>

#include "text/tokeniser.hpp"
#include "text/vocabulary.hpp"
#include "translation/pair_pool.hpp"

namespace attune {

// The pairs of a pool cut into tokens. Sources are brought to one form first, since nothing has to
// be made of them again; targets are cut as they are, so that tokens joined are the target itself.
struct SentenceTokens {
  std::vector<std::string> word;                    // of sources, unique
  std::vector<std::uint32_t> source_begin, source;  // as in TokenLists, of each source sentence
  std::vector<std::string> piece;                   // of targets, unique
  std::vector<std::uint32_t> target_begin, target;  // of each pair
  std::string joint;                                // what stands between two pieces of a target

  std::span<const std::uint32_t> source_of(std::uint32_t sentence) const;
  std::span<const std::uint32_t> target_of(std::uint32_t pair) const;
  // The text of some pieces, numbers of `piece`.
  std::string text(std::span<const std::uint32_t> pieces) const;
};

// Config: "source" as Tokeniser's, "characters" by default; "target" {"break"}: "characters" (code
// points) or "spaces" (words; one space is between them).
class SentenceTokeniser {
 public:
  explicit SentenceTokeniser(const Config& config);
  SentenceTokens operator()(const PairPool& pool) const;

 private:
  Tokeniser source_;
  bool spaces_;
};

// The words in the sources of the languages of a split: "train" or "train+val".
Vocabulary source_vocabulary(const PairPool& pool, const SentenceTokens& tokens,
                             const std::string& split);

}  // namespace attune
