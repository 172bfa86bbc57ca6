#pragma once
#include <cstddef>
#include <span>

#include "array/conv_shape.hpp"

// The hot loops of norm.cpp over one plane: one image, the 16 channels of one block. Compiled for
// several processors and chosen when the program runs; channels never mix, so the bits do not
// depend on the width of the vectors.
namespace attune::kernel {

// How pool×pool windows lie in a plane; the rest of it is not covered.
struct Plane {
  std::size_t height, width, pool;
  std::size_t rows() const { return height / pool; }
  std::size_t columns() const { return width / pool; }
  std::size_t size() const { return height * width * kChannelBlock; }
  std::size_t pooled_size() const { return rows() * columns() * kChannelBlock; }
};

// z = (x - mean)·slope + offset, 16 values each.
struct Affine {
  const Real *mean, *slope, *offset;
};

// What the statistics' own dependence on x takes off its gradient: constant + (x - mean)·factor.
struct Feedback {
  const Real *constant, *factor;
};

struct PlaneKernels {
  const char* name;
  // Mean and Σ(x - mean)² of `count` positions; adds to zeros.
  void (*moments)(const Real* x, std::size_t count, double* mean, double* squares);
  // Writes also the x at the first maximum of each window, unless winners is null.
  void (*forward)(const Plane& plane, const Real* x, const Affine& by, Real* y, Real* winners);
  // Adds Σ g and Σ g·(winner - mean) over the windows, a plane of their own, whose winners passed
  // the rectifier.
  void (*gradient_sums)(const Plane& windows, const Real* g, const Real* winners, const Affine& by,
                        double* sums, double* products);
  // dx may be x.
  void (*backward)(const Plane& plane, const Real* g, const Real* winners, const Real* x,
                   const Affine& by, const Feedback& back, Real* dx);
};

// Those of this process's instructions and of lesser ones, fastest first.
std::span<const PlaneKernels> plane_kernels();

}  // namespace attune::kernel
