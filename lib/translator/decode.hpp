#pragma once
#include "base/config.hpp"
#include "translator/translation_model.hpp"

namespace attune {

// How answers are found. Config "beam" (1: greedy), "length_penalty" (α), "longest".
struct Decoding {
  explicit Decoding(const Config& config);
  Decoding(std::size_t beam_width, double alpha, std::size_t tokens = 50)
      : beam(beam_width), length_penalty(alpha), longest(tokens) {}
  std::size_t beam;
  double length_penalty;
  // Tokens that an answer may always have; more where targets of the support are long.
  std::size_t longest;
};

struct Answer {
  std::vector<std::uint32_t> symbols;  // without kEnd
  double log_probability = 0;          // of the symbols and of kEnd
  bool ended = false;                  // false: kEnd had no probability where it had to come
};

// The most probable answer of each query that a beam search finds: the highest log p / lp,
// lp = ((5 + symbols with kEnd)/6)^α (Wu et al. 2016, eq. 14). Only symbols of the episode and
// kEnd are chosen; ties go to the earlier hypothesis, then to the lower symbol. A search ends when
// nothing that is under way can become better than the best ended answer. After `longest` symbols
// kEnd comes.
std::vector<Answer> decode(AnswerWriter& writer, std::size_t queries, std::size_t longest,
                           const Decoding& how);

}  // namespace attune
