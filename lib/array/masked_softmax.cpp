#include "array/masked_softmax.hpp"

#include "array/last_axis.hpp"
#include "array/softmax_row.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

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
    widest<softmax_row<true>>(x.data() + row * rows.length, allowed.data() + begin(row),
                              to + row * rows.length, rows.length);
  });
  return out;
}

}  // namespace attune::kernel
