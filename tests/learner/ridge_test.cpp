#include <doctest/doctest.h>

#include <cmath>

#include "learner/few_shot.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr std::size_t kFeatures = 7, kWays = 3, kQueries = 4;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 2e-3;

using Matrix = std::vector<std::vector<double>>;

Matrix rows_with_one(const Array& x) {
  Matrix rows(x.dim(0));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t d = 0; d < kFeatures; ++d)
      rows[i].push_back(double(x.data()[i * kFeatures + d]));
    rows[i].push_back(1);
  }
  return rows;
}

// a⁻¹b by Gauss-Jordan elimination with pivots.
Matrix eliminate(Matrix a, Matrix b) {
  for (std::size_t k = 0; k < a.size(); ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < a.size(); ++i)
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (i == k) continue;
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = 0; j < a.size(); ++j) a[i][j] -= factor * a[k][j];
      for (std::size_t j = 0; j < b[i].size(); ++j) b[i][j] -= factor * b[k][j];
    }
  }
  for (std::size_t i = 0; i < a.size(); ++i)
    for (double& value : b[i]) value /= a[i][i];
  return b;
}

// α·q·(XᵀX + λI)⁻¹XᵀY, always over the features.
Matrix dense_form(const Array& support, const Indices& labels, const Array& query, double lambda,
                  double scale) {
  const Matrix x = rows_with_one(support), q = rows_with_one(query);
  const std::size_t size = kFeatures + 1;
  Matrix a(size, std::vector<double>(size)), b(size, std::vector<double>(kWays));
  double squares = 0;
  for (std::size_t s = 0; s < x.size(); ++s)
    for (std::size_t i = 0; i < size; ++i) {
      squares += x[s][i] * x[s][i];
      b[i][labels[s]] += x[s][i];
      for (std::size_t j = 0; j < size; ++j) a[i][j] += x[s][i] * x[s][j];
    }
  for (std::size_t i = 0; i < size; ++i) a[i][i] += lambda + 1e-5 * squares;
  const Matrix w = eliminate(a, b);
  Matrix logits(q.size(), std::vector<double>(kWays));
  for (std::size_t r = 0; r < q.size(); ++r)
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t n = 0; n < kWays; ++n) logits[r][n] += scale * q[r][i] * w[i][n];
  return logits;
}

std::string config_of(double lambda, double scale) {
  return "{\"kind\": \"ridge\", \"lambda\": " + std::to_string(lambda) +
         ", \"scale\": " + std::to_string(scale) +
         ", \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 2}}";
}

}  // namespace

TEST_CASE("ridge: fewer or more items than features, the logits are the dense closed form's") {
  Rng rng(5, "ridge");
  for (const double lambda : {0.05, 1.0, 30.0})
    for (const std::size_t items : {3, 5, 7, 8, 9, 20}) {
      CAPTURE(lambda);
      CAPTURE(items);
      const Array support = random_array({items, kFeatures}, rng);
      const Array query = random_array({kQueries, kFeatures}, rng);
      Indices labels;
      for (std::size_t i = 0; i < items; ++i) labels.push_back(static_cast<std::uint32_t>(i) % 3);
      const FreshLearner fresh(config_of(lambda, 4), {Shape{1, 8, 8}});
      const Array logits = fresh.logits(support, labels, kWays, query);
      const Matrix want = dense_form(support, labels, query, lambda, 4);
      for (std::size_t r = 0; r < kQueries; ++r)
        for (std::size_t n = 0; n < kWays; ++n)
          CHECK(double(logits.data()[r * kWays + n]) ==
                doctest::Approx(want[r][n]).epsilon(kClose));
    }
}

TEST_CASE("ridge keeps its system solvable when λ is gone and items repeat") {
  const FreshLearner fresh(config_of(1e-6, 1), {Shape{1, 8, 8}});
  for (const std::size_t items : {6, 60}) {
    const Array support = Array::full({items, kFeatures}, 30);
    Indices labels;
    for (std::size_t i = 0; i < items; ++i) labels.push_back(static_cast<std::uint32_t>(i) % 3);
    CHECK(kernel::all_finite(fresh.logits(support, labels, kWays, support)));
  }
}

TEST_CASE("ridge learns on a tiny pool") {
  const Progress found = progress(config_of(1, 2), 60, 0.05);
  CHECK(found.after.at("loss") < 0.5 * found.before.at("loss"));
  CHECK(found.after.at("accuracy") > 0.9);
}
