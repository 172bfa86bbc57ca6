#include <algorithm>
#include <limits>

#include "array/conv_shape.hpp"
#include "array/parallel.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

// How windows of k×k positions, k apart, lie in an image.
struct Windows {
  ImageShape x, y;
  std::size_t k;

  Windows(const Shape& shape, std::size_t size, const char* kernel)
      : x(shape, kernel), y(x), k(size) {
    if (k == 0 || k > x.height || k > x.width) {
      throw Error(std::string(kernel) + ": want windows from 1 to the size of the images " +
                  shape.text() + ", have " + std::to_string(k));
    }
    y.height = x.height / k;
    y.width = x.width / k;
  }

  std::size_t plane_x() const { return x.height * x.width * x.lanes(); }
  std::size_t plane_y() const { return y.height * y.width * y.lanes(); }

  // body(first value of y, first value of x) for every window, `lanes` channels in each; planes of
  // about 2^16 values of x together are one block.
  template <typename Body>
  void for_each(const Body& body) const {
    const std::size_t planes = x.planes();
    const std::size_t group = std::max<std::size_t>(1, (1 << 16) / plane_x());
    parallel_for((planes + group - 1) / group, [&](std::size_t block) {
      const std::size_t end = std::min(planes, (block + 1) * group);
      for (std::size_t plane = block * group; plane < end; ++plane) {
        std::size_t at = plane * plane_y();
        for (std::size_t row = 0; row < y.height; ++row) {
          const std::size_t line = plane * plane_x() + row * k * row_step();
          for (std::size_t column = 0; column < y.width; ++column, at += y.lanes()) {
            body(at, line + column * k * x.lanes());
          }
        }
      }
    });
  }
  // body(value of x) for the k×k positions, row by row, of the window whose first value is given.
  template <typename Body>
  void for_inside(std::size_t first, const Body& body) const {
    for (std::size_t row = 0; row < k; ++row) {
      for (std::size_t column = 0; column < k; ++column) {
        body(first + row * row_step() + column * x.lanes());
      }
    }
  }
  std::size_t row_step() const { return x.width * x.lanes(); }
};

// body(i) for i below count, 2^16 of them a block.
template <typename Body>
void for_blocks(std::size_t count, const Body& body) {
  constexpr std::size_t kBlock = 1 << 16;
  parallel_for((count + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t end = std::min(count, (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i) body(i);
  });
}

// The first maximum of a window at `in`, and where it is, for each of its lanes. NaN wins, so that
// it does not vanish.
template <std::size_t Lanes>
[[gnu::always_inline]] inline void first_maxima(const Real* x, std::size_t in, std::size_t k,
                                                std::size_t row_step, Real* best,
                                                std::uint32_t* where) {
  for (std::size_t lane = 0; lane < Lanes; ++lane) {
    best[lane] = x[in + lane];
    where[lane] = static_cast<std::uint32_t>(in + lane);
  }
  for (std::size_t row = 0; row < k; ++row) {
    for (std::size_t column = 0; column < k; ++column) {
      const std::size_t at = in + row * row_step + column * Lanes;
      const auto position = static_cast<std::uint32_t>(at);
      for (std::uint32_t lane = 0; lane < Lanes; ++lane) {
        const Real value = x[at + lane], old = best[lane];
        const bool better = (!(value <= old)) & (old == old);
        best[lane] = better ? value : old;
        where[lane] = better ? position + lane : where[lane];
      }
    }
  }
}

void first_maxima_blocked(const Real* x, std::size_t in, std::size_t k, std::size_t row_step,
                          Real* __restrict best, std::uint32_t* __restrict where) {
  first_maxima<kChannelBlock>(x, in, k, row_step, best, where);
}

void first_maxima_plain(const Real* x, std::size_t in, std::size_t k, std::size_t row_step,
                        Real* best, std::uint32_t* where) {
  first_maxima<1>(x, in, k, row_step, best, where);
}

void check_positions(const char* kernel, std::span<const std::uint32_t> positions,
                     const Shape& from, const Shape& to) {
  if (positions.size() != from.size()) {
    throw Error(std::string(kernel) + ": want a position for each value of " + from.text() +
                ", have " + std::to_string(positions.size()));
  }
  const std::size_t size = to.size();
  for (const std::uint32_t position : positions) {
    if (position >= size) {
      throw Error(std::string(kernel) + ": want positions in " + to.text() + ", have " +
                  std::to_string(position));
    }
  }
}

}  // namespace

std::pair<Array, Indices> max_pool(const Array& x, std::size_t k) {
  const Windows windows(x.shape(), k, "max_pool");
  if (x.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error("max_pool: want at most 2^32 values, have " + x.shape().text());
  }
  Array y(windows.y.shape());
  Indices positions(y.size());
  const Real* const from = x.data();
  Real* const to = y.mutable_data();
  const auto find = windows.x.blocked ? widest<first_maxima_blocked> : first_maxima_plain;
  windows.for_each([&](std::size_t out, std::size_t in) {
    find(from, in, k, windows.row_step(), to + out, positions.data() + out);
  });
  return {std::move(y), std::move(positions)};
}

Array pick(const Array& x, std::span<const std::uint32_t> positions, const Shape& shape) {
  check_positions("pick", positions, shape, x.shape());
  Array y(shape);
  const Real* const from = x.data();
  Real* const to = y.mutable_data();
  for_blocks(positions.size(), [&](std::size_t i) { to[i] = from[positions[i]]; });
  return y;
}

// One thread: positions of any origin may repeat.
Array unpick(const Array& g, std::span<const std::uint32_t> positions, const Shape& shape) {
  check_positions("unpick", positions, g.shape(), shape);
  Array x = Array::zeros(shape);
  const Real* const from = g.data();
  Real* const to = x.mutable_data();
  for (std::size_t i = 0; i < positions.size(); ++i) to[positions[i]] += from[i];
  return x;
}

Array avg_pool(const Array& x, std::size_t k) {
  const Windows windows(x.shape(), k, "avg_pool");
  Array y(windows.y.shape());
  const Real* const from = x.data();
  Real* const to = y.mutable_data();
  windows.for_each([&](std::size_t out, std::size_t in) {
    for (std::size_t lane = 0; lane < windows.x.lanes(); ++lane) {
      Real sum = 0;
      windows.for_inside(in + lane, [&](std::size_t at) { sum += from[at]; });
      to[out + lane] = sum / static_cast<Real>(k * k);
    }
  });
  return y;
}

Array avg_unpool(const Array& g, std::size_t k, const Shape& x_shape) {
  const Windows windows(x_shape, k, "avg_unpool");
  if (g.shape() != windows.y.shape()) {
    throw Error("avg_unpool: want a gradient of shape " + windows.y.shape().text() + ", have " +
                g.shape().text());
  }
  Array x = Array::zeros(x_shape);
  const Real* const from = g.data();
  Real* const to = x.mutable_data();
  windows.for_each([&](std::size_t out, std::size_t in) {
    for (std::size_t lane = 0; lane < windows.x.lanes(); ++lane) {
      const Real share = from[out + lane] / static_cast<Real>(k * k);
      windows.for_inside(in + lane, [&](std::size_t at) { to[at] = share; });
    }
  });
  return x;
}

}  // namespace attune::kernel
