// Word vectors as text: all of one size and finite, and the same however the file comes in pieces.
#include <cmath>

#include "base/error.hpp"
#include "memory_file.hpp"
#include "text/word_vectors.hpp"

using namespace attune;

namespace {

bool parse(std::string_view text, std::size_t piece, WordVectors& vectors) {
  WordVectorParser parser("input", [](const std::string& word) { return word.size() < 9; });
  try {
    for (std::size_t at = 0; at < text.size(); at += piece) parser.take(text.substr(at, piece));
    vectors = parser.finish();
  } catch (const Error&) {
    return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  WordVectors whole, pieces;
  const bool read = parse(text, text.size() + 1, whole);
  require(parse(text, data[0] % 16 + 1u, pieces) == read);
  if (!read) return 0;
  require(pieces.of == whole.of && whole.features > 0);
  for (const auto& [word, vector] : whole.of) {
    require(word.size() < 9 && vector.size() == whole.features);
    for (const float value : vector) require(std::isfinite(value));
  }
  return 0;
}
