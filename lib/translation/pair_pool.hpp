#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace attune {

// Pairs of sentences of several languages: one language is one task. All have the same source
// language, whose sentences are stored once.
//
// HDF5 layout (kind "attune-pairs", version 1):
//   /source/text      text (M) unique
//   /source/held_out  uint8 (M) 1 = kept out of the queries of training, so that tests may ask for
//                     what no training asked for
//   /pairs/language   uint32 (P) ascending: the pairs of a language are consecutive
//   /pairs/source     uint32 (P) sentence of /source; a language has each at most once
//   /pairs/target     text (P) not empty
//   /language/name    text (L) unique; every language has pairs
//   /language/split   uint32 (L) 0 train, 1 validation, 2 test
//   /language/group   uint32 (L) languages that are nearly the same share a number and a split;
//                     averages count them as one
//   attributes: title, provenance (JSON: where the data come from), about
// All texts are printable UTF-8.
struct PairPool {
  std::vector<std::string> source;
  std::vector<std::uint8_t> held_out;
  std::vector<std::uint32_t> language, source_of;
  std::vector<std::string> target;
  std::vector<std::string> language_name;
  std::vector<std::uint32_t> language_split, language_group;
  std::string title, provenance;
  std::string hash;    // content hash once written or read
  std::string origin;  // the file it was read from or written to, for messages

  std::size_t pairs() const { return target.size(); }
  std::size_t languages() const { return language_name.size(); }
  const std::string& source_text(std::uint32_t pair) const { return source[source_of[pair]]; }
  // First pair of each language and one past the last (languages()+1 numbers).
  std::vector<std::uint32_t> language_begin() const;
};

void check_pairs(const PairPool& pool);  // Error for the first broken promise of the layout above
std::string write_pairs(const std::string& path, PairPool& pool);  // checks first; sets the hash
PairPool read_pairs(const std::string& path);

}  // namespace attune
