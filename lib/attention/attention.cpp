#include "attention/attention.hpp"

#include <algorithm>
#include <cmath>

namespace attune {

namespace {

// A new axis of extent 1 before the last `from_end` axes.
Var insert_axis(const Var& x, std::size_t from_end) {
  Shape shape;
  for (std::size_t i = 0; i < x.shape().rank(); ++i) {
    if (x.shape().rank() - i == from_end) shape.push_back(1);
    shape.push_back(x.shape()[i]);
  }
  return reshape(x, shape);
}

// (H,Q,S) → (Q,S): log of the mean of exp.
Var log_mean_of_heads(const Var& x) {
  const Shape shape = x.shape();
  const Var total = reshape(logsumexp(permute(x, {1, 2, 0})), {shape[1], shape[2]});
  return total + -std::log(static_cast<Real>(shape[0]));
}

}  // namespace

Var unit_rows(const Var& x) {
  const Var squared_length = sum(square(x), {x.shape().rank() - 1}, true);
  return x / sqrt(squared_length + Real(1e-12));
}

Var by_query(const Var& q) { return insert_axis(q, 1); }

Var by_key(const Var& k) { return insert_axis(k, 2); }

Var Score::of_first(const Params& params, const Var& q, const Var& k, std::size_t count,
                    Context& context) const {
  return (*this)(params, q, slice(k, k.shape().rank() - 2, 0, count), context);
}

DotForm Score::dot_form(const Params&, const Var&, const Var&) const {
  throw Error("this score has no dot form: it is no product of a query and a key");
}

Var Normaliser::log(const Var&, const Mask&, Context&) const {
  throw Error("this normaliser has no logarithm: its weights may be exactly 0");
}

Attention::Attention(const Config& config, std::size_t features, const std::string& prefix,
                     const std::string& score)
    : score_(ScoreRegistry::make(config.child("score"), score, features, prefix + ".score")),
      normaliser_(NormaliserRegistry::make(config.child("normaliser"), "softmax")) {}

void Attention::init(Params& params, Rng& rng) const { score_->init(params, rng); }

Var Attention::weights(const Params& params, const Var& q, const Var& k, const Mask& mask,
                       Context& context) const {
  return normalise(scores(params, q, k, context), mask, context);
}

Var Attention::scores(const Params& params, const Var& q, const Var& k, Context& context) const {
  return (*score_)(params, q, k, context);
}

Var Attention::scores_of_first(const Params& params, const Var& q, const Var& k, std::size_t count,
                               Context& context) const {
  return score_->of_first(params, q, k, count, context);
}

Var Attention::normalise(const Var& scores, const Mask& mask, Context& context) const {
  return (*normaliser_)(scores, mask, context);
}

Var Attention::operator()(const Params& params, const Var& q, const Var& k, const Var& v,
                          const Mask& mask, Context& context) const {
  return matmul(weights(params, q, k, mask, context), v);
}

Array one_hot(const Indices& labels, std::size_t ways) {
  Array result = Array::zeros({labels.size(), ways});
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= ways)
      throw Error("one_hot: want labels below " + std::to_string(ways) + ", have " +
                  std::to_string(labels[i]));
    out[i * ways + labels[i]] = 1;
  }
  return result;
}

Var logsumexp_by_label(const Var& x, const Indices& labels, std::size_t ways) {
  const std::size_t rows = x.shape()[0], items = labels.size();
  std::vector<Indices> columns(ways);
  for (std::size_t i = 0; i < items; ++i)
    columns.at(labels[i]).push_back(static_cast<std::uint32_t>(i));
  std::size_t most = 0;
  for (std::size_t n = 0; n < ways; ++n) {
    if (columns[n].empty())
      throw Error("logsumexp_by_label: label " + std::to_string(n) + " has no item");
    most = std::max(most, columns[n].size());
  }
  // Shorter groups are filled up with a column that adds exp(−1e30) = 0.
  const bool even = most * ways == items;
  const Var filled = even ? x : concat({x, constant(Array::full({rows, 1}, Real(-1e30)))}, 1);
  Indices index;
  index.reserve(rows * ways * most);
  for (std::size_t r = 0; r < rows; ++r)
    for (const Indices& group : columns)
      for (std::size_t j = 0; j < most; ++j)
        index.push_back(j < group.size() ? group[j] : static_cast<std::uint32_t>(items));
  const Var grouped = reshape(take_last(filled, index), {rows, ways, most});
  return most == 1 ? reshape(grouped, {rows, ways}) : reshape(logsumexp(grouped), {rows, ways});
}

Var Attention::label_log_probabilities(const Params& params, const Var& q, const Var& k,
                                       const Indices& labels, std::size_t ways, Real floor,
                                       Context& context, Array* shown) const {
  return read_labels(scores(params, q, k, context), labels, ways, floor, context, shown);
}

Var Attention::read_labels(const Var& scores, const Indices& labels, std::size_t ways, Real floor,
                           Context& context, Array* shown) const {
  const bool heads = scores.shape().rank() == 3;
  if (normaliser_->has_log()) {
    const Var logs = normaliser_->log(scores, {}, context);
    if (shown) *shown = kernel::exp(logs.value());
    return logsumexp_by_label(heads ? log_mean_of_heads(logs) : logs, labels, ways);
  }
  const std::size_t before = context.sampled ? context.sampled->size() : 0;
  const Var weight = normalise(scores, {}, context);
  for (std::size_t i = before; context.sampled && i < context.sampled->size(); ++i)
    (*context.sampled)[i].by_query = true;
  if (shown) *shown = weight.value();
  const Var mean_weight = heads ? mean(weight, {0}) : weight;
  const Var probability = matmul(mean_weight, constant(one_hot(labels, ways)));
  return log(probability * (Real(1) - floor) + floor / static_cast<Real>(ways));
}

}  // namespace attune
