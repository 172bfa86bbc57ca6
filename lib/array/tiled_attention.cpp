#include "array/tiled_attention.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "array/fast_exp.hpp"
#include "array/multiply_adds.hpp"
#include "array/parallel.hpp"
#include "array/product.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kQueries = 128, kKeys = 256;  // of a tile: its scores stay in the L2 cache
constexpr Real kLowest = -std::numeric_limits<Real>::infinity();

struct Sizes {
  std::size_t batch = 1, queries, items, features, values;

  Sizes(const Array& q, const Array& k, const Array& v) {
    const auto misfit = [&] {
      return Error("tiled_attention: want q (…,Q,D), k (…,S,D), v (…,S,V), have " +
                   q.shape().text() + ", " + k.shape().text() + ", " + v.shape().text());
    };
    const std::size_t rank = q.rank();
    if (rank < 2 || k.rank() != rank || v.rank() != rank) throw misfit();
    for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
      if (k.dim(axis) != q.dim(axis) || v.dim(axis) != q.dim(axis)) throw misfit();
      batch *= q.dim(axis);
    }
    queries = q.dim(rank - 2);
    items = k.dim(rank - 2);
    features = q.dim(rank - 1);
    values = v.dim(rank - 1);
    if (k.dim(rank - 1) != features || v.dim(rank - 2) != items || items == 0) throw misfit();
  }
};

void gemm(std::size_t rows, std::size_t columns, std::size_t depth, Real factor, Matrix a, Matrix b,
          Real keep, Real* c, std::size_t stride) {
  count_multiply_adds(rows * columns * depth);
  product(rows, columns, depth, factor, a, b, keep, c, stride);
}

// Scores → weights relative to the row's maximum so far, in place; says how much smaller what was
// gathered before has become.
Real weigh(Real* row, std::size_t count, Real& most, double& total) {
  Real top = most;
#pragma omp simd reduction(max : top)
  for (std::size_t i = 0; i < count; ++i) top = row[i] > top ? row[i] : top;
  Real sum = 0;
  if (top == kLowest) top = 0;  // nothing but -inf so far
#pragma omp simd reduction(+ : sum)
  for (std::size_t i = 0; i < count; ++i) sum += row[i] = fast_exp(row[i] - top);
  const Real shrink = most == kLowest ? Real(0) : fast_exp(most - top);
  total = total * static_cast<double>(shrink) + static_cast<double>(sum);
  most = top;
  return shrink;
}

void multiply(Real* row, std::size_t count, Real factor) {
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) row[i] *= factor;
}

// weights = exp(scores − log_total); slopes = weights ∘ (slopes − offset).
void weigh_again(Real* weights, Real* slopes, std::size_t count, Real log_total, Real offset) {
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) {
    const Real weight = fast_exp(weights[i] - log_total);
    weights[i] = weight;
    slopes[i] = weight * (slopes[i] - offset);
  }
}

void forward_block(const Sizes& s, Real scale, const Real* q, const Real* k, const Real* v,
                   std::size_t count, Real* out, Real* log_total) {
  thread_local std::vector<Real> tile;
  tile.resize(kQueries * kKeys);
  std::vector<Real> most(count, kLowest);
  std::vector<double> total(count, 0);
  for (std::size_t begin = 0; begin < s.items; begin += kKeys) {
    const std::size_t keys = std::min(kKeys, s.items - begin);
    gemm(count, keys, s.features, scale, {q, s.features},
         {k + begin * s.features, s.features, true}, 0, tile.data(), keys);
    for (std::size_t i = 0; i < count; ++i) {
      const Real shrink = widest<weigh>(tile.data() + i * keys, keys, most[i], total[i]);
      if (begin > 0 && shrink != 1) widest<multiply>(out + i * s.values, s.values, shrink);
    }
    gemm(count, s.values, keys, 1, {tile.data(), keys}, {v + begin * s.values, s.values},
         begin > 0 ? 1 : 0, out, s.values);
  }
  for (std::size_t i = 0; i < count; ++i) {
    widest<multiply>(out + i * s.values, s.values, static_cast<Real>(1 / total[i]));
    log_total[i] = most[i] + static_cast<Real>(std::log(total[i]));
  }
}

}  // namespace

TiledAttention tiled_attention(const Array& q, const Array& k, const Array& v, Real scale) {
  const Sizes s(q, k, v);
  Shape shape = q.shape(), rows;
  shape[q.rank() - 1] = s.values;
  for (std::size_t axis = 0; axis + 1 < q.rank(); ++axis) rows.push_back(q.dim(axis));
  TiledAttention result{Array(shape), Array(rows)};
  Real* const out = result.output.mutable_data();
  Real* const log_total = result.log_total.mutable_data();
  const std::size_t blocks = (s.queries + kQueries - 1) / kQueries;
  parallel_for(s.batch * blocks, [&](std::size_t block) {
    const std::size_t part = block / blocks, begin = block % blocks * kQueries;
    const std::size_t row = part * s.queries + begin;
    forward_block(s, scale, q.data() + row * s.features, k.data() + part * s.items * s.features,
                  v.data() + part * s.items * s.values, std::min(kQueries, s.queries - begin),
                  out + row * s.values, log_total + row);
  });
  return result;
}

namespace {

// One query block against one key block.
struct Meeting {
  const Sizes& s;
  Real scale;
  const Real *q, *k, *v, *g, *log_total, *offset;
  Real *dq, *dk, *dv;

  void run(std::size_t queries, std::size_t keys) const {
    thread_local std::vector<Real> weights, slopes;
    weights.resize(kQueries * kKeys);
    slopes.resize(kQueries * kKeys);
    gemm(queries, keys, s.features, scale, {q, s.features}, {k, s.features, true}, 0,
         weights.data(), keys);
    gemm(queries, keys, s.values, 1, {g, s.values}, {v, s.values, true}, 0, slopes.data(), keys);
    for (std::size_t i = 0; i < queries; ++i)
      widest<weigh_again>(weights.data() + i * keys, slopes.data() + i * keys, keys, log_total[i],
                          offset[i]);
    gemm(keys, s.values, queries, 1, {weights.data(), keys, true}, {g, s.values}, 1, dv, s.values);
    gemm(keys, s.features, queries, scale, {slopes.data(), keys, true}, {q, s.features}, 1, dk,
         s.features);
    gemm(queries, s.features, keys, scale, {slopes.data(), keys}, {k, s.features}, 1, dq,
         s.features);
  }
};

// Σ of each row of a∘b.
Array row_products(const Array& a, const Array& b) {
  const std::size_t length = a.shape().back(), count = length ? a.size() / length : 0;
  Array out(Shape{count});
  Real* const to = out.mutable_data();
  parallel_for((count + kQueries - 1) / kQueries, [&](std::size_t block) {
    const std::size_t end = std::min(count, (block + 1) * kQueries);
    for (std::size_t i = block * kQueries; i < end; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < length; ++j)
        sum += static_cast<double>(a.data()[i * length + j]) *
               static_cast<double>(b.data()[i * length + j]);
      to[i] = static_cast<Real>(sum);
    }
  });
  return out;
}

}  // namespace

TiledAttentionGrad tiled_attention_grad(const Array& q, const Array& k, const Array& v, Real scale,
                                        const TiledAttention& forward, const Array& g) {
  const Sizes s(q, k, v);
  if (g.shape() != forward.output.shape())
    throw Error("tiled_attention: want a gradient " + forward.output.shape().text() + ", have " +
                g.shape().text());
  TiledAttentionGrad result{Array::zeros(q.shape()), Array::zeros(k.shape()),
                            Array::zeros(v.shape())};
  Real* const dq = result.q.mutable_data();
  Real* const dk = result.k.mutable_data();
  Real* const dv = result.v.mutable_data();
  const Array offset = row_products(g, forward.output);
  const std::size_t query_blocks = (s.queries + kQueries - 1) / kQueries;
  const std::size_t key_blocks = (s.items + kKeys - 1) / kKeys;
  // In one round no two meetings share a query block or a key block, so that each adds to rows of
  // its own, in an order that doesn't depend on the threads.
  const std::size_t rounds = std::max(query_blocks, key_blocks);
  const std::size_t together = std::min(query_blocks, key_blocks);
  for (std::size_t round = 0; round < rounds; ++round) {
    parallel_for(s.batch * together, [&](std::size_t meeting) {
      const std::size_t part = meeting / together, n = meeting % together;
      const std::size_t i = query_blocks == together ? n : (n + round) % query_blocks;
      const std::size_t j = query_blocks == together ? (n + round) % key_blocks : n;
      const std::size_t row = part * s.queries + i * kQueries, item = part * s.items + j * kKeys;
      Meeting{s,
              scale,
              q.data() + row * s.features,
              k.data() + item * s.features,
              v.data() + item * s.values,
              g.data() + row * s.values,
              forward.log_total.data() + row,
              offset.data() + row,
              dq + row * s.features,
              dk + item * s.features,
              dv + item * s.values}
          .run(std::min(kQueries, s.queries - i * kQueries), std::min(kKeys, s.items - j * kKeys));
    });
  }
  return result;
}

}  // namespace attune::kernel
