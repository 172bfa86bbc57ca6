#include "translator/sentence_tokens.hpp"

#include <set>
#include <unordered_map>

#include "base/splits.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

// Numbers of strings in the order in which they come.
class Numbering {
 public:
  explicit Numbering(std::vector<std::string>& words) : words_(words) {}
  std::uint32_t operator()(const std::string& word) {
    const auto [place, fresh] = known_.emplace(word, static_cast<std::uint32_t>(words_.size()));
    if (fresh) words_.push_back(word);
    return place->second;
  }

 private:
  std::vector<std::string>& words_;
  std::unordered_map<std::string, std::uint32_t> known_;
};

// UTF-8 cut before each byte that begins a code point.
std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> pieces;
  for (const char letter : text) {
    const bool follows = (static_cast<unsigned char>(letter) & 0xC0) == 0x80;
    if (!follows || pieces.empty()) pieces.emplace_back();
    pieces.back() += letter;
  }
  return pieces;
}

std::span<const std::uint32_t> part(const std::vector<std::uint32_t>& begin,
                                    const std::vector<std::uint32_t>& all, std::uint32_t i) {
  return {all.data() + begin[i], all.data() + begin[i + 1]};
}

}  // namespace

std::span<const std::uint32_t> SentenceTokens::source_of(std::uint32_t sentence) const {
  return part(source_begin, source, sentence);
}

std::span<const std::uint32_t> SentenceTokens::target_of(std::uint32_t pair) const {
  return part(target_begin, target, pair);
}

std::string SentenceTokens::text(std::span<const std::uint32_t> pieces) const {
  std::string text;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    text += (i ? joint : std::string()) + piece.at(pieces[i]);
  return text;
}

SentenceTokeniser::SentenceTokeniser(const Config& config)
    : source_(config.child("source"), "characters"),
      spaces_(config.child("target").choice("break", "characters", {"characters", "spaces"},
                                            "where targets are cut") == "spaces") {}

SentenceTokens SentenceTokeniser::operator()(const PairPool& pool) const {
  SentenceTokens tokens;
  if (spaces_) tokens.joint.assign(1, ' ');  // of one letter: GCC 12 warns of the literal
  Numbering word(tokens.word), piece(tokens.piece);
  tokens.source_begin.push_back(0);
  for (const std::string& sentence : pool.source) {
    for (const std::string& token : source_(sentence)) tokens.source.push_back(word(token));
    tokens.source_begin.push_back(static_cast<std::uint32_t>(tokens.source.size()));
  }
  tokens.target_begin.push_back(0);
  for (const std::string& sentence : pool.target) {
    for (const std::string& token : spaces_ ? split(sentence, ' ') : characters(sentence))
      tokens.target.push_back(piece(token));
    tokens.target_begin.push_back(static_cast<std::uint32_t>(tokens.target.size()));
  }
  return tokens;
}

Vocabulary source_vocabulary(const PairPool& pool, const SentenceTokens& tokens,
                             const std::string& split) {
  const auto begin = pool.language_begin();
  std::set<std::uint32_t> sentences;
  for (const std::uint32_t language : places_of_split(pool.language_split, split))
    for (std::uint32_t pair = begin[language]; pair < begin[language + 1]; ++pair)
      sentences.insert(pool.source_of[pair]);
  const std::vector<std::uint32_t> rows(sentences.begin(), sentences.end());
  return Vocabulary::of({tokens.word, tokens.source_begin, tokens.source}, rows);
}

}  // namespace attune
