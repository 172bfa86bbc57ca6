#pragma once
#include "array/array.hpp"

namespace attune::kernel {

// Exact attention softmax(scale · QKᵀ) V without ever holding the (Q,S) weights: keys pass by in
// tiles, each query keeping its running maximum and sum (Milakov & Gimelshein 2018; Rabe & Staats
// 2021, alg. 1). Work Q·S, memory that of the results. Leading dims are equal and run side by side.
struct TiledAttention {
  Array output;     // (…,Q,V)
  Array log_total;  // (…,Q): log Σ exp of each query's scores, from which any weight can be remade
};
// q (…,Q,D), k (…,S,D), v (…,S,V), S ≥ 1. Error names the shapes that don't fit.
TiledAttention tiled_attention(const Array& q, const Array& k, const Array& v, Real scale);

struct TiledAttentionGrad {
  Array q, k, v;
};
// Gradients of Σ g·output, g (…,Q,V): the weights are made again tile by tile (Dao et al. 2022,
// alg. 4). In each round every query block meets another key block, so that blocks are shared among
// threads, nothing is added in an order that depends on them, and no partial sums are kept.
TiledAttentionGrad tiled_attention_grad(const Array& q, const Array& k, const Array& v, Real scale,
                                        const TiledAttention& forward, const Array& g);

}  // namespace attune::kernel
