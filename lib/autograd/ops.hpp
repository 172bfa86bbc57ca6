#pragma once
// Differentiable ops; both derivatives of each are checked in float64 from one table of cases
// (tests/autograd/op_cases.hpp). Broadcasting is numpy's. Shapes that don't fit throw Error.
#include <span>
#include <vector>

#include "array/kernels.hpp"
#include "autograd/var.hpp"

namespace attune {

Var constant(Array value);
Var constant(Real value);

// elementwise
Var operator+(const Var& a, const Var& b);
Var operator-(const Var& a, const Var& b);
Var operator*(const Var& a, const Var& b);
Var operator/(const Var& a, const Var& b);
Var operator-(const Var& x);
Var operator*(const Var& x, Real factor);
Var operator+(const Var& x, Real offset);
Var exp(const Var& x);
Var log(const Var& x);
Var sqrt(const Var& x);
Var tanh(const Var& x);
Var sigmoid(const Var& x);
Var relu(const Var& x);
Var gelu(const Var& x);  // x·Φ(x), exact (erf)
Var elu(const Var& x);
Var leaky_relu(const Var& x, Real slope);
Var softplus(const Var& x);
Var sin(const Var& x);
Var cos(const Var& x);
Var abs(const Var& x);
Var square(const Var& x);
Var pow(const Var& x, Real exponent);
Var maximum(const Var& a, const Var& b);                   // gradient to a where equal
Var where(const Array& mask, const Var& a, const Var& b);  // mask carries no gradient

// reductions
Var sum(const Var& x);  // scalar
Var sum(const Var& x, const std::vector<std::size_t>& axes, bool keep = false);
Var mean(const Var& x);
Var mean(const Var& x, const std::vector<std::size_t>& axes, bool keep = false);
Var max_last(const Var& x);  // (…,n) → (…,1), gradient to the first maximum
Var sum_to(const Var& x, const Shape& shape);
Var broadcast_to(const Var& x, const Shape& shape);
Var cumsum_last(const Var& x, bool reverse = false);
Var softmax(const Var& x);      // last axis
Var log_softmax(const Var& x);  // last axis
Var logsumexp(const Var& x);    // (…,n) → (…,1)
Var sparsemax(const Var& x);    // last axis; weights that may be exactly 0: (x − τ)₊
Var entmax15(const Var& x);     // last axis; likewise: (x/2 − τ)₊²

// rearranging
Var reshape(const Var& x, const Shape& shape);
Var permute(const Var& x, const std::vector<std::size_t>& order);
Var transpose(const Var& x);  // last two axes
Var slice(const Var& x, std::size_t axis, std::size_t begin, std::size_t end);
Var pad(const Var& x, std::size_t axis, std::size_t before, std::size_t after);
Var concat(const Vars& parts, std::size_t axis);
Var gather(const Var& x, const Indices& rows);                           // (P,…),(R) → (R,…)
Var scatter_add(const Var& g, const Indices& rows, std::size_t extent);  // (R,…) → (extent,…)
// Columns of each row: x (R,n), index (R·k) row-major with values < n → (R,k).
Var take_last(const Var& x, const Indices& index);
Var put_last(const Var& g, const Indices& index, std::size_t extent);  // (R,k) → (R,extent), adds
Var to_blocked(const Var& x);
Var from_blocked(const Var& x);

// products
Var matmul(const Var& a, const Var& b, bool trans_a = false, bool trans_b = false);
// x·w + b over the last axis, and of `relu` the positive part: x (…,K) of rank 2 or more, w (K,N),
// b (N) → (…,N). The bits of the ops it is composed of.
Var affine(const Var& x, const Var& w, const Var& b, bool relu = false);
// x with a·x = b: a (…,M,M) symmetric and positive definite, b (…,M,N) → (…,M,N). Derivatives are
// those along symmetric changes of a, the only ones that leave it what it has to be.
Var solve(const Var& a, const Var& b);

// softmax(scale · QKᵀ) V, exact, memory linear in the lengths (array/tiled_attention.hpp); only its
// second derivative holds the weights. q (…,Q,D), k (…,S,D), v (…,S,V) → (…,Q,V).
Var tiled_attention(const Var& q, const Var& k, const Var& v, Real scale);

// images
Var conv2d(const Var& x, const Var& w, kernel::Conv2d how, bool blocked);
Var conv2d_input_grad(const Var& g, const Var& w, const Shape& x_shape, kernel::Conv2d how);
Var conv2d_weight_grad(const Var& x, const Var& g, const Shape& w_shape, kernel::Conv2d how);
Var max_pool(const Var& x, std::size_t k);
Var avg_pool(const Var& x, std::size_t k);

// Batch-norm + ReLU + max-pool on blocked images; x (S,C/16,Y,X,16), gamma, beta (C). One fused
// kernel each way; under create_graph its gradient is composed of the ops above. With `fixed`
// statistics they are constants; else x's own, returned through `used` (biased variance).
Var norm_relu_pool(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t pool,
                   const kernel::NormStats* fixed, kernel::NormStats* used);
// norm_relu_pool of conv2d(x, w, how, true); one kernel for both where x is not tracked and has few
// channels.
Var conv_norm_relu_pool(const Var& x, const Var& w, kernel::Conv2d how, const Var& gamma,
                        const Var& beta, Real eps, std::size_t pool, const kernel::NormStats* fixed,
                        kernel::NormStats* used);
// Batch-norm alone, composed, for any x with channels on `axis` (plain images: 1; features (S,D):
// 1).
Var batch_norm(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t axis,
               const kernel::NormStats* fixed, kernel::NormStats* used);
// The two by the statistics of the first `rows` ≥ 1 images or features alone, through which the
// gradient flows.
Var conv_norm_relu_pool_by_first(const Var& x, const Var& w, kernel::Conv2d how, const Var& gamma,
                                 const Var& beta, Real eps, std::size_t pool, std::size_t rows);
Var batch_norm_by_first(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t axis,
                        std::size_t rows);
Var layer_norm(const Var& x, const Var& gamma, const Var& beta, Real eps);  // last axis

// losses
// Mean over rows of −log softmax(logits)[label], nats. logits (R,n), labels (R).
Var cross_entropy(const Var& logits, const Indices& labels);
// Mean of −log((1−floor)·p[label] + floor/n), for probabilities that may be exactly 0.
Var nll(const Var& probabilities, const Indices& labels, Real floor);

}  // namespace attune
