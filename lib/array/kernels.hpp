#pragma once
// Plain functions on arrays: no gradients here. All throw Error naming the shapes when they don't
// fit. Results are the same bits at any thread count.
#include <span>
#include <utility>
#include <vector>

#include "array/array.hpp"

namespace attune::kernel {

// ---- elementwise: numpy broadcasting (elementwise.cpp), functions of one array (functions.cpp)
Array add(const Array& a, const Array& b);
Array sub(const Array& a, const Array& b);
Array mul(const Array& a, const Array& b);
Array div(const Array& a, const Array& b);
Array maximum(const Array& a, const Array& b);                   // NaN where either is
Array greater(const Array& a, const Array& b);                   // 1 where a > b, else 0
Array equal(const Array& a, const Array& b);                     // 1 where a == b, else 0
Array where(const Array& mask, const Array& a, const Array& b);  // a where mask != 0, else b
Array scale(const Array& x, Real factor);
Array shift(const Array& x, Real offset);
Array neg(const Array& x);
Array exp(const Array& x);
Array log(const Array& x);
Array sqrt(const Array& x);
Array tanh(const Array& x);
Array sigmoid(const Array& x);
Array relu(const Array& x);                       // NaN stays NaN
Array relu_grad(const Array& g, const Array& y);  // g·[y > 0], y before or after the relu
Array sin(const Array& x);
Array cos(const Array& x);
Array erf(const Array& x);
Array pow(const Array& x, Real exponent);
Array sign(const Array& x);
void add_into(Array& sum, const Array& x);  // sum += x, same shape, in place when not shared
bool all_finite(const Array& x);            // an isfinite loop, never a maximum

// ---- reductions (reduce.cpp), and of the last axis (last_axis.cpp): sums are carried in double,
// in fixed blocks added in block order
Array sum(const Array& x, std::span<const std::size_t> axes, bool keep);  // keep: extents become 1
Array sum_all(const Array& x);                                            // scalar
Array max_last(const Array& x);                    // (…,n) → (…,1); NaN propagates
Indices argmax_last(const Array& x);               // first maximum (or NaN) of each row
Array sum_to(const Array& x, const Shape& shape);  // adjoint of broadcast_to
// Over the last axis, shifted by its maximum. A row that is all -inf (fully masked) gives zeros in
// softmax and stays -inf in log_softmax.
Array softmax(const Array& x);
Array log_softmax(const Array& x);
Array cumsum_last(const Array& x, bool reverse);  // running sums of each row

// ---- rearranging (rearrange.cpp)
Array broadcast_to(const Array& x, const Shape& shape);
Array permute(const Array& x,
              std::span<const std::size_t> order);  // order[i] = old axis of new axis i
Array slice(const Array& x, std::size_t axis, std::size_t begin, std::size_t end);
Array pad(const Array& x, std::size_t axis, std::size_t before,
          std::size_t after);  // zeros; slice's adjoint
Array concat(std::span<const Array> parts, std::size_t axis);
// x takes the place of as many items of `into` on this axis, from `begin` on; copies `into` first
// when its memory is shared.
void put_slice(Array& into, const Array& x, std::size_t axis, std::size_t begin);
Array gather(const Array& x, std::span<const std::uint32_t> rows);  // axis 0
Array scatter_add(const Array& g, std::span<const std::uint32_t> rows,
                  std::size_t extent);  // its adjoint
Array take_last(const Array& x,
                std::span<const std::uint32_t> index);  // (R,n),(R·k) → (R,k); see op
Array put_last(const Array& g, std::span<const std::uint32_t> index,
               std::size_t extent);  // its adjoint
Array to_blocked(const Array& x);    // (S,C,Y,X) → (S,C/16,Y,X,16); C divisible by 16
Array from_blocked(const Array& x);  // back

// ---- linear algebra (linalg.cpp): oneDNN in float, OpenBLAS in double, fixed blocks
// a (…,M,K), b (…,K,N) → (…,M,N); leading dims equal, or b of rank 2 shared by all. trans_* reads
// the operand with its last two axes swapped.
Array matmul(const Array& a, const Array& b, bool trans_a = false, bool trans_b = false);
// a times the first `rows` rows of each matrix of b (…,R,·), which may have room for more, R of
// them: a (…,M,rows), or (…,M,K) where b (…,R,K) is transposed. With the bits of matmul.
Array matmul_first(const Array& a, const Array& b, std::size_t rows, bool trans_b);
// a·b + bias (N), b of rank 2, and of `relu` the positive part: matmul, add and relu in one pass,
// with their bits.
Array affine(const Array& a, const Array& b, const Array& bias, bool relu = false);
// x with a·x = b (solve.cpp): a (…,M,M) symmetric and positive definite, of which the lower
// triangle is read; b (…,M,N) with the same leading dims → (…,M,N). Cholesky; Error when a is not
// positive definite.
Array solve(const Array& a, const Array& b);

// ---- convolution (conv.cpp): oneDNN in float32, unfold + BLAS in float64
struct Conv2d {
  std::size_t stride = 1;
  std::size_t pad = 1;  // zeros on each side
  friend bool operator==(const Conv2d&, const Conv2d&) = default;
};
// x (S,C,Y,X) or blocked, w (O,C,ky,kx) → output blocked when O % 16 == 0 and `blocked`, else
// (S,O,Y',X').
Array conv2d(const Array& x, const Array& w, Conv2d how, bool blocked);
// ∂/∂x: g like conv2d's output, x_shape (blocked or not) fixes the result's shape.
Array conv2d_input_grad(const Array& g, const Array& w, const Shape& x_shape, Conv2d how);
// ∂/∂w (O,C,ky,kx).
Array conv2d_weight_grad(const Array& x, const Array& g, const Shape& w_shape, Conv2d how);
// The reference: unfold + BLAS on plain or blocked images, any Real; the oneDNN path is tested
// against it.
namespace reference {
Array conv2d(const Array& x, const Array& w, Conv2d how, bool blocked);
Array conv2d_input_grad(const Array& g, const Array& w, const Shape& x_shape, Conv2d how);
Array conv2d_weight_grad(const Array& x, const Array& g, const Shape& w_shape, Conv2d how);
}  // namespace reference

// ---- pooling (pool.cpp), plain (S,C,Y,X) or blocked images, k×k windows, stride k, rest dropped
// Also the flat positions in x of each window's first maximum, as many as the output has values.
std::pair<Array, Indices> max_pool(const Array& x, std::size_t k);
Array pick(const Array& x, std::span<const std::uint32_t> positions,
           const Shape& shape);  // flat gather
Array unpick(const Array& g, std::span<const std::uint32_t> positions,
             const Shape& shape);  // its adjoint
Array avg_pool(const Array& x, std::size_t k);
Array avg_unpool(const Array& g, std::size_t k, const Shape& x_shape);  // its adjoint

// ---- fused batch-norm + ReLU + max-pool (norm.cpp), blocked images
// y = max_pool(relu(gamma·(x-mean)/√(var+eps) + beta), pool); pool = 1 leaves the pooling out.
// Statistics per channel over (S,Y,X), biased variance. gamma, beta (C).
struct NormStats {
  Array mean, var;  // (C)
};
NormStats channel_stats(const Array& x);  // two passes or shifted sums: exact for constant channels
// Also the x at the first maximum of each window, shaped like y, unless winners is null.
Array norm_relu_pool(const Array& x, const NormStats& stats, const Array& gamma, const Array& beta,
                     Real eps, std::size_t pool, Array* winners = nullptr);
struct NormGrads {
  Array x, gamma, beta;
};
// Gradients for given ∂loss/∂y; `batch_stats`: the statistics are x's own and their dependence
// counts.
NormGrads norm_relu_pool_grad(const Array& g, const Array& x, const Array& winners,
                              const NormStats& stats, const Array& gamma, const Array& beta,
                              Real eps, std::size_t pool, bool batch_stats);

// ---- the same of the convolution conv2d(x, w, how, true) (conv_norm.cpp), which is made again,
// piece by piece, whenever it is read, and never written to memory: the same bits as one kernel
// after the other.

// Whether they take these operands: plain images and so few taps that making costs less than
// reading.
bool remakes_convolution(const Shape& x_shape, const Shape& w_shape);
NormStats conv_channel_stats(const Array& x, const Array& w, Conv2d how);
Array conv_norm_relu_pool(const Array& x, const Array& w, Conv2d how, const NormStats& stats,
                          const Array& gamma, const Array& beta, Real eps, std::size_t pool,
                          Array* winners = nullptr);
struct ConvNormGrads {
  Array w, gamma, beta;
};
ConvNormGrads conv_norm_relu_pool_grad(const Array& g, const Array& x, const Array& w, Conv2d how,
                                       const Array& winners, const NormStats& stats,
                                       const Array& gamma, const Array& beta, Real eps,
                                       std::size_t pool, bool batch_stats);

}  // namespace attune::kernel
