#pragma once
#include <map>
#include <vector>

#include "encoder/encoder.hpp"
#include "encoder/text_input.hpp"

namespace attune {

// Texts as bags of words: the weight of a word, or of up to "longest" tokens in a row, is
// (1 + log occurrences in the text) · idf, rows of length 1. idf is Vocabulary's, of several tokens
// in a row the mean of theirs. A word that the vocabulary lacks is a word as any other, as rare as
// can be (Salton & Buckley 1988, "ltc").
class TfIdf {
 public:
  TfIdf(const Config& config, const InputShape& input);
  // Examples (S,C·T) as dense rows over what occurs in any of them: (S,V) and (Q,V).
  std::pair<Array, Array> operator()(const Array& support, const Array& query) const;

 private:
  using Bag = std::map<std::vector<std::uint32_t>, double>;
  std::vector<Bag> bags(const Array& x) const;

  std::size_t longest_;
  std::shared_ptr<const TextInput> text_;
  std::size_t tokens_;  // of the longest example
};

}  // namespace attune
