#pragma once
#include <functional>
#include <span>

#include "learner/problem.hpp"

namespace attune {

// A meta-batch in fixed pieces, each a graph of its own: pieces run side by side on the threads and
// stay small enough for the caches. Σ of share · what `of_shard` gives for a piece, added up in
// their order, so that the bits are the same at any number of threads. Nothing is noted in updates.
Step sum_of_shards(std::span<const double> shares,
                   const std::function<Step(std::size_t)>& of_shard);

// The context of a piece, with random numbers of its own.
Context shard_context(const Context& context, std::size_t shard);

// Loss and its gradients in all weights.
Step step_of(Var loss, const Params& params);

}  // namespace attune
