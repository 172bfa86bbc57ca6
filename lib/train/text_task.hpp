#pragma once
#include <memory>
#include <string>

#include "encoder/text_input.hpp"
#include "episode/pool.hpp"

namespace attune {

// What a model that is trained on the classes of `split` will know of a pool's words; null for a
// pool of other examples. With a file of pretrained `vectors` it also knows the pool's other words
// that stand in the file, as seen in no example. Error when the file holds none of its words.
std::shared_ptr<const TextInput> training_text(const Pool& pool, const std::string& split,
                                               const std::string& vectors = "");

// How much of the texts of some classes a model knows. A text of unknown words alone is read like
// any other: as the vector that unknown words share, or by their spelling (TokenEmbedding).
struct KnownWords {
  std::size_t words = 0, known_words = 0;  // different ones
  std::uint64_t tokens = 0, known_tokens = 0;
  std::size_t texts = 0, unknown_texts = 0;  // unknown: none of its words is known
};
KnownWords known_words(const Pool& pool, const TextInput& text, const std::string& split);

}  // namespace attune
