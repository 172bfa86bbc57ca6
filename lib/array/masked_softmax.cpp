#include "array/masked_softmax.hpp"

#include <array>
#include <limits>

#include "array/fast_exp.hpp"
#include "array/last_axis.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

constexpr Real kLowest = -std::numeric_limits<Real>::infinity();
constexpr std::size_t kLanes = 16;

// Σ of f(i), carried in lanes that are added in their order.
template <typename Term>
inline double sum_of(std::size_t count, const Term& term) {
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] += static_cast<double>(term(i + lane));
  double total = 0;
  for (; i < count; ++i) total += static_cast<double>(term(i));
  for (const double lane : lanes) total += lane;
  return total;
}

void softmax_row(const Real* __restrict x, const Real* __restrict allowed, Real* __restrict to,
                 std::size_t count) {
  std::array<Real, kLanes> lanes;
  lanes.fill(kLowest);
  const auto larger = [](Real a, Real b) { return a > b || a != a ? a : b; };
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] = larger(allowed[i + lane] != 0 ? x[i + lane] : kLowest, lanes[lane]);
  Real most = kLowest;
  for (; i < count; ++i) most = larger(allowed[i] != 0 ? x[i] : kLowest, most);
  for (const Real lane : lanes) most = larger(lane, most);
  if (most == kLowest) {
    std::fill_n(to, count, Real(0));
    return;
  }
  for (i = 0; i < count; ++i) to[i] = fast_exp((allowed[i] != 0 ? x[i] : kLowest) - most);
  const auto factor = static_cast<Real>(1 / sum_of(count, [to](std::size_t k) { return to[k]; }));
  for (i = 0; i < count; ++i) to[i] *= factor;
}

// Where the allowed items of a row of x begin.
class AllowedRows {
 public:
  AllowedRows(const Shape& x, const Shape& allowed) : length_(allowed.back()) {
    const Shape all = broadcast(x, allowed);
    if (!(all == x) || x.back() != allowed.back())
      throw Error("masked_softmax: want a mask that broadcasts to " + x.text() +
                  ", all of its last axis, have " + allowed.text());
    std::size_t rows = 1;
    for (std::size_t from_end = 1; from_end < x.rank(); ++from_end) {
      const std::size_t own = from_end < allowed.rank() ? allowed.back(from_end) : 1;
      axes_.push_back({x.back(from_end), own == 1 ? 0 : rows});
      rows *= own;
    }
  }
  std::size_t operator()(std::size_t row) const {
    std::size_t place = 0;
    for (const auto& [extent, step] : axes_) {
      place += row % extent * step;
      row /= extent;
    }
    return place * length_;
  }

 private:
  std::size_t length_;
  std::vector<std::pair<std::size_t, std::size_t>> axes_;  // extent, step; the last first
};

}  // namespace

Array masked_softmax(const Array& x, const Array& allowed) {
  const Rows rows("masked_softmax", x);
  const AllowedRows begin(x.shape(), allowed.shape());
  Array out(x.shape());
  Real* const to = out.mutable_data();
  if (x.size() == 0) return out;
  rows.for_each([&](std::size_t row) {
    widest<softmax_row>(x.data() + row * rows.length, allowed.data() + begin(row),
                        to + row * rows.length, rows.length);
  });
  return out;
}

}  // namespace attune::kernel
