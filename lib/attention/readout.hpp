#pragma once
#include <string>

#include "attention/attention.hpp"

namespace attune {

// How structures answer: attention to the support with its labels as values (Vinyals et al. 2016,
// eq. 1). Config: "score" (cosine by default), "normaliser", "floor".
class Readout {
 public:
  Readout(const Config& config, std::size_t features, const std::string& prefix,
          const std::string& score = "cosine");
  void init(Params& params, Rng& rng) const { attention_.init(params, rng); }
  // log p (Q,N). q (Q,D) and k (S,D); with H heads, over which p is averaged, (H,Q,D) and (H,S,D).
  // labels (S), each below `ways`. `shown`, when given, receives the weights, (Q,S) or (H,Q,S).
  Var operator()(const Params& params, const Var& q, const Var& k, const Indices& labels,
                 std::size_t ways, Context& context, Array* shown) const;
  // The same when each query sees the support in its own way: q (Q,D), k (Q,S,D).
  Var each(const Params& params, const Var& q, const Var& k, const Indices& labels,
           std::size_t ways, Context& context, Array* shown) const;

 private:
  Attention attention_;
  Real floor_;
};

}  // namespace attune
