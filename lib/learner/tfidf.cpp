#include "learner/tfidf.hpp"

#include <cmath>

namespace attune {

TfIdf::TfIdf(const Config& config, const InputShape& input)
    : longest_(static_cast<std::size_t>(
          config.integer("longest", 1, {1, 8}, "tokens in a row that count as one word, at most"))),
      text_(want_text(config, input)),
      tokens_(input.example.back()) {}

std::vector<TfIdf::Bag> TfIdf::bags(const Array& x) const {
  const std::size_t step = x.size() / x.dim(0);
  std::vector<Bag> result(x.dim(0));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const Real* ids = x.data() + i * step;
    std::size_t length = 0;
    while (length < tokens_ && ids[length] >= 0) ++length;
    for (std::size_t begin = 0; begin < length; ++begin)
      for (std::size_t n = 1; n <= longest_ && begin + n <= length; ++n)
        ++result[i][std::vector<std::uint32_t>(ids + begin, ids + begin + n)];
    double squares = 0;
    for (auto& [words, weight] : result[i]) {
      double idf = 0;
      for (const std::uint32_t word : words)
        idf += text_->vocabulary.inverse_document_frequency(text_->place(word));
      weight = (1 + std::log(weight)) * idf / static_cast<double>(words.size());
      squares += weight * weight;
    }
    for (auto& [words, weight] : result[i]) weight /= std::sqrt(squares);
  }
  return result;
}

std::pair<Array, Array> TfIdf::operator()(const Array& support, const Array& query) const {
  const std::vector<Bag> of_support = bags(support), of_query = bags(query);
  std::map<std::vector<std::uint32_t>, std::size_t> column;
  for (const auto* side : {&of_support, &of_query})
    for (const Bag& bag : *side)
      for (const auto& [words, weight] : bag) column.emplace(words, 0);
  std::size_t next = 0;
  for (auto& [words, place] : column) place = next++;
  const auto dense = [&](const std::vector<Bag>& side) {
    Array rows = Array::zeros({side.size(), column.size()});
    for (std::size_t i = 0; i < side.size(); ++i)
      for (const auto& [words, weight] : side[i])
        rows.mutable_data()[i * column.size() + column.at(words)] = static_cast<Real>(weight);
    return rows;
  };
  return {dense(of_support), dense(of_query)};
}

}  // namespace attune
