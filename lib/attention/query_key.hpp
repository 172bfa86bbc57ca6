#pragma once
#include <string>

#include "base/config.hpp"
#include "nn/linear.hpp"

namespace attune {

// The projections of queries and of keys, without biases: <prefix>.query, <prefix>.key.
// Config "start": "apart", each drawn on its own; or "alike", both the same at first, so that
// x·W·Wᵀ·yᵀ is about a multiple of x·yᵀ and what is alike attends to itself from the first step on,
// where training would have to find that out (Trockman & Kolter 2023, "Mimetic initialization of
// self-attention layers": W_q·W_kᵀ near the identity). Training may move them apart.
struct QueryKey {
  // UsageError where they are to start alike and read features of different sizes.
  QueryKey(const Config& config, std::size_t query_features, std::size_t key_features,
           std::size_t width, const std::string& prefix);
  void init(Params& params, Rng& rng) const;

  Linear query, key;

 private:
  bool alike_;
};

}  // namespace attune
