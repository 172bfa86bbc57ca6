#pragma once
// Attention structures by plain loops in double, from the papers' equations: what the structures'
// own code is compared with. Shares nothing with it but the values of the weights.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "attention/structure.hpp"
#include "random_array.hpp"

namespace attune::dense {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

inline Rows rows_of(const Array& x) {
  const std::size_t width = x.shape().back();
  Rows rows(x.size() / width, Row(width));
  for (std::size_t i = 0; i < x.size(); ++i) rows[i / width][i % width] = double(x.data()[i]);
  return rows;
}

inline double dot(const Row& a, const Row& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}

inline double cosine(const Row& a, const Row& b) {
  return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

inline Row plus(Row a, const Row& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

inline Row joined(Row a, const Row& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline Row part(const Row& a, std::size_t begin, std::size_t count) {
  return Row(a.begin() + std::ptrdiff_t(begin), a.begin() + std::ptrdiff_t(begin + count));
}

// x·W
inline Row times(const Row& x, const Rows& w) {
  REQUIRE(x.size() == w.size());
  Row y(w[0].size(), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) y[j] += x[i] * w[i][j];
  return y;
}

inline Row softmax(Row s) {
  double total = 0;
  for (double& v : s) total += v = std::exp(v);
  for (double& v : s) v /= total;
  return s;
}

inline Row mixed(const Row& weights, const Rows& values) {
  Row y(values[0].size(), 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) y[j] += weights[i] * values[i][j];
  return y;
}

// Ba et al. 2016, eq. 4, with eps 1e-5.
inline Row layer_norm(const Row& x, const Row& gamma, const Row& beta) {
  const double n = double(x.size());
  double mean = 0, variance = 0;
  for (double v : x) mean += v / n;
  for (double v : x) variance += (v - mean) * (v - mean) / n;
  Row y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    y[i] = gamma[i] * (x[i] - mean) / std::sqrt(variance + 1e-5) + beta[i];
  return y;
}

// A structure built from a configuration, with its weights moved away from zeros and ones.
struct Case {
  static constexpr std::size_t kWays = 3, kD = 4;
  std::unique_ptr<Structure> structure;
  Params params;
  Indices labels{0, 1, 1, 0, 2, 2, 1};
  Array support, query;

  explicit Case(const std::string& config, std::uint64_t seed = 3) {
    Rng rng(seed, "dense-case");
    structure = StructureRegistry::make(Config::parse(config, "test"), "", kD, "attention");
    structure->init(params, rng);
    params.change([&](std::size_t, const std::string&, Array& weight) {
      weight = kernel::add(weight, random_array(weight.shape(), rng, 0.2));
    });
    Rng features(seed, "dense-features");
    support = random_array({labels.size(), kD}, features);
    query = random_array({3, kD}, features);
  }
  Rows w(const std::string& name) const { return rows_of(params["attention." + name].value()); }
  Row v(const std::string& name) const { return w(name)[0]; }
  Rows run(Trace* trace = nullptr) const {
    Context context;
    return rows_of(structure
                       ->log_probabilities(params,
                                           {constant(support), labels, kWays, constant(query)},
                                           context, trace)
                       .value());
  }
  // Class probabilities from the weights of the support items.
  Row by_label(const Row& weights) const {
    Row p(kWays, 0.0);
    for (std::size_t s = 0; s < labels.size(); ++s) p[labels[s]] += weights[s];
    return p;
  }
  // The learned factor of the cosine score.
  double scale() const { return std::exp(v("score.log_scale")[0]); }
  // Readout by cosine: p of one query's features against the support's.
  Row readout(const Row& q, const Rows& support_features, Row* weights = nullptr) const {
    Row s;
    for (const Row& k : support_features) s.push_back(scale() * cosine(q, k));
    s = softmax(s);
    if (weights) *weights = s;
    return by_label(s);
  }
};

inline void check_log(const Row& found, const Row& probability, double close = 1e-6) {
  REQUIRE(found.size() == probability.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    CAPTURE(n);
    CHECK(std::abs(found[n] - std::log(probability[n])) < close);
  }
}

inline void check_rows(const Rows& found, const Rows& expected, double close = 1e-6) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(found[i].size() == expected[i].size());
    for (std::size_t j = 0; j < found[i].size(); ++j)
      CHECK(std::abs(found[i][j] - expected[i][j]) < close);
  }
}

}  // namespace attune::dense
