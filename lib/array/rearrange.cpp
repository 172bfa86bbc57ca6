#include <algorithm>
#include <string>

#include "array/kernels.hpp"
#include "array/walk.hpp"

namespace attune::kernel {
namespace {

// Values of `from`, read by strides, in the order of the output.
void copy_from(const Shape& shape, const Real* from, const Strides& strides, Real* to) {
  const Walk<1> walk(shape, {strides});
  const std::size_t step = walk.strides()[0];
  walk.for_each([=](std::size_t begin, std::size_t count, const std::array<std::size_t, 1>& at) {
    const Real* const source = from + at[0];
    if (step == 1) {
      std::copy_n(source, count, to + begin);
    } else {
      for (std::size_t i = 0; i < count; ++i) to[begin + i] = source[i * step];
    }
  });
}

// The other way: an array of `shape` spread into memory with these strides.
void copy_into(const Shape& shape, const Real* from, const Strides& strides, Real* to) {
  const Walk<1> walk(shape, {strides});
  const std::size_t step = walk.strides()[0];
  walk.for_each([=](std::size_t begin, std::size_t count, const std::array<std::size_t, 1>& at) {
    Real* const target = to + at[0];
    if (step == 1) {
      std::copy_n(from + begin, count, target);
    } else {
      for (std::size_t i = 0; i < count; ++i) target[i * step] = from[begin + i];
    }
  });
}

void check_axis(const char* kernel, const Array& x, std::size_t axis) {
  if (axis >= x.rank()) {
    throw Error(std::string(kernel) + ": want an axis of " + x.shape().text() + ", have axis " +
                std::to_string(axis));
  }
}

void check_rows(const char* kernel, std::span<const std::uint32_t> rows, std::size_t extent) {
  for (const std::uint32_t row : rows) {
    if (row >= extent) {
      throw Error(std::string(kernel) + ": want indices below " + std::to_string(extent) +
                  ", have " + std::to_string(row));
    }
  }
}

// The shape of x with another number of rows.
Shape with_rows(const char* kernel, const Array& x, std::size_t rows) {
  check_axis(kernel, x, 0);
  Shape shape = x.shape();
  shape[0] = rows;
  return shape;
}

// k of the (R,k) that `index` has for R rows.
std::size_t per_row(const char* kernel, const Array& x, std::span<const std::uint32_t> index) {
  if (x.rank() != 2) throw Error(std::string(kernel) + ": want (R,n), have " + x.shape().text());
  const std::size_t rows = x.dim(0);
  if (rows == 0 ? !index.empty() : index.size() % rows != 0) {
    throw Error(std::string(kernel) + ": want equally many indices for each row of " +
                x.shape().text() + ", have " + std::to_string(index.size()));
  }
  return rows == 0 ? 0 : index.size() / rows;
}

}  // namespace

Array broadcast_to(const Array& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (broadcast(x.shape(), shape) != shape) {
    throw Error("broadcast_to: want a shape that stretches to " + shape.text() + ", have " +
                x.shape().text());
  }
  Array out(shape);
  copy_from(shape, x.data(), broadcast_strides(x.shape(), shape), out.mutable_data());
  return out;
}

Array permute(const Array& x, std::span<const std::size_t> order) {
  const Strides old = row_major(x.shape());
  Strides strides{};
  Shape shape;
  std::array<bool, Shape::kMaxRank> seen{};
  bool valid = order.size() == x.rank();
  for (std::size_t i = 0; valid && i < order.size(); ++i) {
    valid = order[i] < x.rank() && !seen[order[i]];
    if (!valid) break;
    seen[order[i]] = true;
    shape.push_back(x.dim(order[i]));
    strides[i] = old[order[i]];
  }
  if (!valid) throw Error("permute: want each axis of " + x.shape().text() + " once");
  Array out(shape);
  copy_from(shape, x.data(), strides, out.mutable_data());
  return out;
}

Array slice(const Array& x, std::size_t axis, std::size_t begin, std::size_t end) {
  check_axis("slice", x, axis);
  if (begin > end || end > x.dim(axis)) {
    throw Error("slice: want a range within axis " + std::to_string(axis) + " of " +
                x.shape().text() + ", have " + std::to_string(begin) + " to " +
                std::to_string(end));
  }
  Shape shape = x.shape();
  shape[axis] = end - begin;
  const Strides strides = row_major(x.shape());
  Array out(shape);
  copy_from(shape, x.data() + begin * strides[axis], strides, out.mutable_data());
  return out;
}

Array pad(const Array& x, std::size_t axis, std::size_t before, std::size_t after) {
  check_axis("pad", x, axis);
  Shape shape = x.shape();
  shape[axis] += before + after;
  const Strides strides = row_major(shape);
  Array out = Array::zeros(shape);
  copy_into(x.shape(), x.data(), strides, out.mutable_data() + before * strides[axis]);
  return out;
}

Array concat(std::span<const Array> parts, std::size_t axis) {
  if (parts.empty()) throw Error("concat: want at least one array, have none");
  check_axis("concat", parts[0], axis);
  Shape shape = parts[0].shape();
  shape[axis] = 0;
  for (const Array& part : parts) {
    Shape expected = parts[0].shape();
    if (part.rank() == expected.rank()) expected[axis] = part.dim(axis);
    if (part.shape() != expected) {
      throw Error("concat: want shapes that differ on axis " + std::to_string(axis) +
                  " only, have " + parts[0].shape().text() + " and " + part.shape().text());
    }
    shape[axis] += part.dim(axis);
  }
  const Strides strides = row_major(shape);
  Array out(shape);
  Real* to = out.mutable_data();
  for (const Array& part : parts) {
    copy_into(part.shape(), part.data(), strides, to);
    to += part.dim(axis) * strides[axis];
  }
  return out;
}

void put_slice(Array& into, const Array& x, std::size_t axis, std::size_t begin) {
  check_axis("put_slice", into, axis);
  Shape wanted = into.shape();
  if (x.rank() == wanted.rank()) wanted[axis] = x.dim(axis);
  if (x.shape() != wanted || begin > into.dim(axis) || x.dim(axis) > into.dim(axis) - begin)
    throw Error("put_slice: want items from " + std::to_string(begin) + " on within axis " +
                std::to_string(axis) + " of " + into.shape().text() + ", have " + x.shape().text());
  const Strides strides = row_major(into.shape());
  copy_into(x.shape(), x.data(), strides, into.mutable_data() + begin * strides[axis]);
}

Array gather(const Array& x, std::span<const std::uint32_t> rows) {
  Array out(with_rows("gather", x, rows.size()));
  check_rows("gather", rows, x.dim(0));
  const std::size_t width = x.dim(0) == 0 ? 0 : x.size() / x.dim(0);
  const std::size_t group = std::max<std::size_t>(1, (1 << 16) / std::max<std::size_t>(1, width));
  const Real* const from = x.data();
  Real* const to = out.mutable_data();
  parallel_for((rows.size() + group - 1) / group, [&](std::size_t block) {
    const std::size_t end = std::min(rows.size(), (block + 1) * group);
    for (std::size_t i = block * group; i < end; ++i) {
      std::copy_n(from + rows[i] * width, width, to + i * width);
    }
  });
  return out;
}

Array scatter_add(const Array& g, std::span<const std::uint32_t> rows, std::size_t extent) {
  Array out = Array::zeros(with_rows("scatter_add", g, extent));
  if (g.dim(0) != rows.size()) {
    throw Error("scatter_add: want one index for each row of " + g.shape().text() + ", have " +
                std::to_string(rows.size()));
  }
  check_rows("scatter_add", rows, extent);
  if (g.size() == 0) return out;
  const std::size_t width = g.size() / rows.size();
  // Threads share the columns: each row of the result is added in the order of `rows`.
  constexpr std::size_t kColumns = 256;
  const Real* const from = g.data();
  Real* const to = out.mutable_data();
  parallel_for((width + kColumns - 1) / kColumns, [&](std::size_t block) {
    const std::size_t begin = block * kColumns, end = std::min(width, begin + kColumns);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Real* const sum = to + rows[i] * width;
      for (std::size_t j = begin; j < end; ++j) sum[j] += from[i * width + j];
    }
  });
  return out;
}

Array take_last(const Array& x, std::span<const std::uint32_t> index) {
  const std::size_t k = per_row("take_last", x, index);
  check_rows("take_last", index, x.dim(1));
  Array out({x.dim(0), k});
  Real* const to = out.mutable_data();
  for (std::size_t i = 0; i < index.size(); ++i) to[i] = x.data()[i / k * x.dim(1) + index[i]];
  return out;
}

Array put_last(const Array& g, std::span<const std::uint32_t> index, std::size_t extent) {
  const std::size_t k = per_row("put_last", g, index);
  if (k != g.dim(1) && g.dim(0) != 0) {
    throw Error("put_last: want one index for each value of " + g.shape().text() + ", have " +
                std::to_string(index.size()));
  }
  check_rows("put_last", index, extent);
  Array out = Array::zeros({g.dim(0), extent});
  Real* const to = out.mutable_data();
  for (std::size_t i = 0; i < index.size(); ++i) to[i / k * extent + index[i]] += g.data()[i];
  return out;
}

Array to_blocked(const Array& x) {
  if (x.rank() != 4 || x.dim(1) % 16 != 0) {
    throw Error("to_blocked: want (S,C,Y,X) with C divisible by 16, have " + x.shape().text());
  }
  const std::array<std::size_t, 5> order{0, 1, 3, 4, 2};
  return permute(x.reshaped({x.dim(0), x.dim(1) / 16, 16, x.dim(2), x.dim(3)}), order);
}

Array from_blocked(const Array& x) {
  if (x.rank() != 5 || x.dim(4) != 16) {
    throw Error("from_blocked: want (S,C/16,Y,X,16), have " + x.shape().text());
  }
  const std::array<std::size_t, 5> order{0, 1, 4, 2, 3};
  return permute(x, order).reshaped({x.dim(0), x.dim(1) * 16, x.dim(2), x.dim(3)});
}

}  // namespace attune::kernel
