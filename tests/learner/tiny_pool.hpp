#pragma once
#include <memory>

#include "episode/episodes.hpp"
#include "learner/classification.hpp"

namespace attune {

// 10 classes of 8 images 1×8×8: a class is a random pattern, an example the pattern with noise.
inline std::shared_ptr<Pool> tiny_pool(std::uint64_t seed = 1) {
  constexpr std::size_t kClasses = 10, kExamples = 8, kSize = 64;
  auto pool = std::make_shared<Pool>();
  pool->example_shape = {1, 8, 8};
  pool->title = "tiny";
  pool->source = "{}";
  pool->group_name = {""};
  for (std::uint32_t c = 0; c < kClasses; ++c) {
    pool->class_name.push_back("class" + std::to_string(c));
    pool->class_split.push_back(c < 6 ? 0 : c < 8 ? 1 : 2);
    pool->class_of_origin.push_back(c);
    Rng pattern(seed, "pattern", c);
    std::vector<double> base(kSize);
    for (double& value : base) value = pattern.uniform(0, 200);
    for (std::uint32_t e = 0; e < kExamples; ++e) {
      Rng noise(seed, "noise", c, e);
      for (double value : base)
        pool->pixels.push_back(static_cast<std::uint8_t>(value + noise.uniform(0, 55)));
      pool->y.push_back(c);
      pool->group.push_back(0);
    }
  }
  return pool;
}

// The same of texts: a class is four of sixteen words, an example three to eight tokens, two in
// three of them its class's.
inline std::shared_ptr<Pool> tiny_text_pool(std::uint64_t seed = 1) {
  constexpr std::uint32_t kClasses = 10, kExamples = 8, kWords = 16;
  auto pool = std::make_shared<Pool>();
  pool->title = "tiny texts";
  pool->source = "{}";
  pool->group_name = {""};
  Tokens& tokens = pool->tokens;
  for (std::uint32_t w = 0; w < kWords; ++w)
    tokens.word.push_back("word" + std::string(1, static_cast<char>('a' + w)));
  tokens.begin = {0};
  for (std::uint32_t c = 0; c < kClasses; ++c) {
    pool->class_name.push_back("class" + std::to_string(c));
    pool->class_split.push_back(c < 6 ? 0 : c < 8 ? 1 : 2);
    pool->class_of_origin.push_back(c);
    const auto own = Rng(seed, "class words", c).choose(kWords, 4);
    for (std::uint32_t e = 0; e < kExamples; ++e) {
      Rng draw(seed, "tokens", c, e);
      std::string text;
      for (std::uint64_t t = 3 + draw.below(6); t > 0; --t) {
        const std::uint32_t word =
            draw.below(3) > 0 ? own[draw.below(4)] : static_cast<std::uint32_t>(draw.below(kWords));
        tokens.token.push_back(word);
        text += tokens.word[word] + " ";
      }
      tokens.text.push_back(text);
      tokens.begin.push_back(static_cast<std::uint32_t>(tokens.token.size()));
      pool->y.push_back(c);
      pool->group.push_back(0);
    }
  }
  pool->example_shape = {1, static_cast<std::uint32_t>(tokens.longest())};
  return pool;
}

// Kinds of learners that work on texts alone, the pool to test a kind with, and its shape with the
// words of the training classes.
inline bool wants_text(const std::string& kind) {
  return kind.starts_with("tfidf") || kind == "distributional_signature";
}
inline std::shared_ptr<Pool> pool_for(const std::string& kind) {
  return wants_text(kind) ? tiny_text_pool() : tiny_pool();
}
inline InputShape shape_of(const Pool& pool) {
  return input_shape(pool, pool.is_text()
                               ? make_text_input(pool.tokens.word, vocabulary_of(pool, "train"))
                               : nullptr);
}

}  // namespace attune
