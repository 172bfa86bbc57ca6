#include "array/sparse.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "array/last_axis.hpp"

namespace attune::kernel {
namespace {

// Threshold of sparsemax for values in descending order, the first of which is 0.
double sparsemax_threshold(const std::vector<double>& z) {
  double total = 0, tau = -1;
  for (std::size_t k = 1; k <= z.size(); ++k) {
    total += z[k - 1];
    if (1 + static_cast<double>(k) * z[k - 1] <= total) break;
    tau = (total - 1) / static_cast<double>(k);
  }
  return tau;
}

// Threshold of 1.5-entmax for halved values in descending order, the first of which is 0.
double entmax15_threshold(const std::vector<double>& z) {
  double mean = 0, spread = 0, tau = -1;  // spread: Σ(z − mean)² (Welford 1962)
  for (std::size_t k = 1; k <= z.size(); ++k) {
    const double before = z[k - 1] - mean;
    mean += before / static_cast<double>(k);
    spread += before * (z[k - 1] - mean);
    if (spread > 1) break;
    const double next = mean - std::sqrt((1 - spread) / static_cast<double>(k));
    if (next > z[k - 1]) break;
    tau = next;
  }
  return tau;
}

// Each row's weights from z = factor·(x − max x): an item can only be positive above z = −1.
template <typename Threshold, typename Weight>
Array project(const char* kernel, const Array& x, double factor, const Threshold& threshold,
              const Weight& weight) {
  const Rows rows(kernel, x);
  Array out(x.shape());
  Real* const values = out.mutable_data();
  if (x.size() == 0) return out;
  rows.for_each([&](std::size_t row) {
    const Real* const from = x.data() + row * rows.length;
    Real* const to = values + row * rows.length;
    double most = -std::numeric_limits<double>::infinity();
    bool valid = true;
    for (std::size_t i = 0; i < rows.length; ++i) {
      const double value = from[i];
      valid = valid && value < std::numeric_limits<double>::infinity();  // false for NaN too
      most = std::max(most, value);
    }
    if (!valid || most == -std::numeric_limits<double>::infinity()) {
      std::fill_n(to, rows.length, valid ? Real(0) : std::numeric_limits<Real>::quiet_NaN());
      return;
    }
    static thread_local std::vector<double> candidates;
    candidates.clear();
    for (std::size_t i = 0; i < rows.length; ++i) {
      const double z = (from[i] - most) * factor;
      if (z > -1) candidates.push_back(z);
    }
    std::sort(candidates.begin(), candidates.end(), std::greater<>());
    const double tau = threshold(candidates);
    for (std::size_t i = 0; i < rows.length; ++i) {
      const double above = (from[i] - most) * factor - tau;
      to[i] = above > 0 ? static_cast<Real>(weight(above)) : Real(0);
    }
  });
  return out;
}

}  // namespace

Array sparsemax(const Array& x) {
  return project("sparsemax", x, 1, sparsemax_threshold, [](double above) { return above; });
}

Array entmax15(const Array& x) {
  return project("entmax15", x, 0.5, entmax15_threshold,
                 [](double above) { return above * above; });
}

Array largest_last(const Array& x, std::size_t k) {
  if (k == 0) throw Error("largest_last: want k of at least 1, have 0");
  const Rows rows("largest_last", x);
  if (k >= rows.length) return Array::full(x.shape(), 1);
  Array out = Array::zeros(x.shape());
  Real* const values = out.mutable_data();
  rows.for_each([&](std::size_t row) {
    const Real* const from = x.data() + row * rows.length;
    static thread_local Indices order;
    order.resize(rows.length);
    std::iota(order.begin(), order.end(), 0U);
    const auto before = [from](std::uint32_t a, std::uint32_t b) {
      const bool nan_a = std::isnan(from[a]), nan_b = std::isnan(from[b]);
      if (nan_a != nan_b) return nan_a;
      return nan_a || from[a] == from[b] ? a < b : from[a] > from[b];
    };
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
                     before);
    for (std::size_t i = 0; i < k; ++i) values[row * rows.length + order[i]] = 1;
  });
  return out;
}

}  // namespace attune::kernel
