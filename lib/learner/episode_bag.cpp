#include "learner/episode_bag.hpp"

#include <cmath>
#include <map>

namespace attune {
namespace {

using Columns = std::map<std::uint32_t, std::uint32_t>;

// Words of the support in ascending order, so that the order of its texts changes nothing.
Columns columns_of(const std::vector<TokenBucket>& buckets, std::size_t support) {
  Columns columns;
  for (const TokenBucket& bucket : buckets)
    for (std::size_t i = 0; i < bucket.word.size(); ++i)
      if (bucket.rows[i / bucket.length] < support && bucket.present.data()[i] != 0)
        columns.emplace(bucket.word[i], 0);
  std::uint32_t next = 0;
  for (auto& [word, column] : columns) column = next++;
  return columns;
}

// Of each token of a bucket: where its word stands first in the text, and its constant factor.
struct Repeats {
  Indices first;
  Array factor;
};

Repeats repeats_of(const TokenBucket& bucket, const TextInput& text) {
  Repeats repeats{Indices(bucket.word.size()), Array::zeros({bucket.word.size(), 1})};
  for (std::size_t begin = 0; begin < bucket.word.size(); begin += bucket.length) {
    std::map<std::uint32_t, std::pair<std::size_t, std::size_t>> found;  // first place, count
    for (std::size_t i = begin; i < begin + bucket.length; ++i)
      if (bucket.present.data()[i] != 0)
        ++found.try_emplace(bucket.word[i], i, 0).first->second.second;
    for (std::size_t i = begin; i < begin + bucket.length; ++i) {
      repeats.first[i] = static_cast<std::uint32_t>(i);
      if (bucket.present.data()[i] == 0) continue;
      const auto& [first, count] = found.at(bucket.word[i]);
      const auto n = static_cast<double>(count);
      const double idf = text.vocabulary.inverse_document_frequency(text.place(bucket.word[i]));
      repeats.first[i] = static_cast<std::uint32_t>(first);
      repeats.factor.mutable_data()[i] = static_cast<Real>(idf * (1 + std::log(n)) / n);
    }
  }
  return repeats;
}

}  // namespace

Var episode_bags(const std::vector<TokenBucket>& buckets, const Vars& weights,
                 const Indices& places, std::size_t support, const TextInput& text) {
  const Columns columns = columns_of(buckets, support);
  const std::size_t width = columns.size() + 1;  // the last column: words that no support text has
  Vars parts;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const TokenBucket& bucket = buckets[i];
    const Repeats repeats = repeats_of(bucket, text);
    const std::size_t texts = bucket.size(), tokens = texts * bucket.length;
    const Var words = scatter_add(reshape(weights[i], {tokens, 1}) * constant(repeats.factor),
                                  repeats.first, tokens);
    const Var squares = sum(square(reshape(words, {texts, bucket.length})), {1}, true);
    Indices where(tokens);
    for (std::size_t t = 0; t < tokens; ++t) {
      const auto column = columns.find(bucket.word[t]);
      const std::size_t place =
          column == columns.end() || bucket.present.data()[t] == 0 ? width - 1 : column->second;
      where[t] = static_cast<std::uint32_t>(t / bucket.length * width + place);
    }
    const Var bag = reshape(scatter_add(words, where, texts * width), {texts, width});
    parts.push_back(slice(bag, 1, 0, width - 1) / sqrt(squares + Real(1e-12)));
  }
  return gather(concat(parts, 0), places);
}

}  // namespace attune
