#pragma once
#include <doctest/doctest.h>

#include "encoder/encoder.hpp"
#include "encoder/text_input.hpp"
#include "random_array.hpp"

namespace attune {

// Eight words, of which "strange" and "odder" are unknown to the vocabulary.
inline std::shared_ptr<TextInput> some_text() {
  return make_text_input({"a", "bank", "card", "lost", "my", "odder", "strange", "where"},
                         Vocabulary({"my", "a", "bank", "card", "lost", "where"},
                                    {5, 4, 2, 2, 1, 1}, {6, 5, 2, 2, 1, 1}, 8, 17));
}

inline const std::vector<std::vector<std::uint32_t>> kTexts{
    {4, 2}, {0, 1, 4, 3, 7}, {6}, {5, 0, 4}, {3, 3, 2, 1, 0, 4, 7}};

// (S,C,T) of the texts `rows`, T at least `width`; marks: word 1 of a text is the first part, its
// last one the second.
inline Array ids_of(const std::vector<std::size_t>& rows, std::size_t width = 7,
                    bool marks = false) {
  const std::size_t channels = marks ? 2 : 1;
  Array x = Array::full({rows.size(), channels, width}, Real(-1));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& text = kTexts[rows[i]];
    for (std::size_t t = 0; t < text.size(); ++t) {
      Real* out = x.mutable_data() + i * channels * width + t;
      *out = static_cast<Real>(text[t]);
      if (marks) out[width] = t + 1 == text.size() ? 2 : t == 0 ? 1 : 0;
    }
  }
  return x;
}

struct TextCase {
  std::shared_ptr<TextInput> text = some_text();
  std::unique_ptr<Encoder> encoder;
  Params params;

  explicit TextCase(const std::string& config, bool marks = false, std::size_t width = 7) {
    encoder = EncoderRegistry::make(Config::parse(config, "test"), "",
                                    InputShape{Shape{marks ? 2u : 1u, width}, text}, "encoder");
    Rng rng(3, "text-case");
    encoder->init(params, rng);
  }
  Array run(const Array& x, Mode mode = Mode::evaluate) const {
    Context context;
    context.mode = mode;
    return encoder->forward(params, constant(x), context).value();
  }
  std::vector<double> vector(const std::string& weight, std::size_t row) const {
    const Array& all = params["encoder.embedding." + weight].value();
    std::vector<double> result;
    for (std::size_t d = 0; d < all.dim(1); ++d)
      result.push_back(double(all.data()[row * all.dim(1) + d]));
    return result;
  }
  // The word part's vector of a word of the pool.
  std::vector<double> word(std::uint32_t id) const {
    const auto place = text->place(id);
    return vector("word", place ? 1 + *place : 0);
  }
};

// Every encoder of texts, small, and two embeddings that together have all parts.
inline std::vector<std::string> text_encoders() {
  const std::string words = R"("embedding": {"features": 8})";
  const std::string spelt =
      R"("embedding": {"features": 8, "word": false, "ngrams": true, "characters": true})";
  return {
      R"({"kind": "average", )" + words + "}",
      R"({"kind": "average", )" + spelt + "}",
      R"({"kind": "idf_average", )" + words + "}",
      R"({"kind": "text_cnn", "filters": 4, "widths": [1, 2, 3, 4], )" + words + "}",
      R"({"kind": "recurrent", "hidden": 4, "cell": "gru", "layers": 2, )" + words + "}",
      R"({"kind": "recurrent", "hidden": 4, "pooling": {"hops": 2}, )" + words + "}",
      R"({"kind": "recurrent", "hidden": 4, "pooling": {"kind": "max"}, )" + words + "}",
      R"({"kind": "transformer", "layers": 1, )" + words + "}",
      R"({"kind": "transformer", "layers": 2, "pooling": {"kind": "attention"}, )" + spelt + "}",
      R"({"kind": "average", "embedding": {"features": 8, "unknown_words": "hashed"}})"};
}

}  // namespace attune
