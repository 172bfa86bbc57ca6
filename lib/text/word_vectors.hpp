#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace attune {

// Pretrained word vectors, of the words that were asked for.
struct WordVectors {
  std::size_t features = 0;
  std::unordered_map<std::string, std::vector<float>> of;
  std::string hash;  // SHA-256 of the whole file
};

// Reads word vectors as text, a word and its numbers on a line, separated by single spaces:
// fastText and word2vec (.vec), whose first line tells number of words and size of a vector, and
// GloVe, which has no such line. The file passes by in blocks; only what `wanted` asks for is kept,
// and of a word that stands twice the first. Error, with the line, for: vectors of another size
// than the first, another number of words than the first line says, what is no finite number, bytes
// that are not UTF-8, a line over 1 MiB, and no vector at all.
WordVectors read_word_vectors(const std::string& path,
                              const std::function<bool(const std::string&)>& wanted);
// The same of text that comes in pieces.
class WordVectorParser {
 public:
  WordVectorParser(std::string origin, std::function<bool(const std::string&)> wanted);
  void take(std::string_view piece);
  WordVectors finish();  // without the hash

 private:
  [[noreturn]] void fail(const std::string& what) const;
  void line(std::string_view text);
  bool header(const std::vector<std::string_view>& fields);

  std::string origin_, rest_;  // what is read of a line that goes on
  std::function<bool(const std::string&)> wanted_;
  WordVectors result_;
  std::size_t line_ = 0, vectors_ = 0, promised_ = 0;
  bool has_header_ = false;
};

}  // namespace attune
