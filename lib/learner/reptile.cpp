#include <numeric>

#include "learner/adapt.hpp"
#include "nn/optimiser.hpp"

namespace attune {
namespace {

// The examples in random order, `size` at a time; what is left over is shuffled in again. All of
// them, in their order, when size is 0 or no smaller than their number.
class Minibatches {
 public:
  Minibatches(const Support& all, std::size_t size) : all_(all), size_(size) {
    if (size == 0 || size >= all.labels.size()) size_ = all.labels.size();
    order_.resize(all.labels.size());
    std::iota(order_.begin(), order_.end(), 0u);
    next_ = order_.size();
  }
  Support operator()(Rng& rng) {
    if (size_ == order_.size()) return all_;
    if (next_ + size_ > order_.size()) {
      rng.shuffle(order_);
      next_ = 0;
    }
    const auto first = order_.begin() + static_cast<std::ptrdiff_t>(next_);
    const Indices rows(first, first + static_cast<std::ptrdiff_t>(size_));
    next_ += size_;
    Support batch{gather(all_.x, rows), {}, all_.ways};
    for (const std::uint32_t row : rows) batch.labels.push_back(all_.labels[row]);
    return batch;
  }

 private:
  const Support& all_;
  std::size_t size_, next_;
  Indices order_;
};

// Support and queries together train the network for a few steps; the weights then follow where it
// went. The optimiser of these steps starts afresh in each episode: a deviation from the paper,
// whose Adam keeps its second moments from task to task.
class Reptile : public GradientLearner {
 public:
  Reptile(const Config& config, const InputShape& input)
      : GradientLearner(config, input, 5, 1e-3),
        optimiser_(config.choice("inner_optimiser", "adam", {"adam", "sgd"},
                                 "of the inner steps; adam without a mean of gradients (beta1 0)")),
        batch_(static_cast<std::size_t>(config.integer("inner_batch", 0, {0, 1'000'000},
                                                       "examples of an inner step; 0: all"))) {}
  Claims claims() const override {
    Claims claims = GradientLearner::claims();
    claims.permutation_invariant = batch_ == 0;
    claims.order = 0;
    claims.exact_gradient = false;
    return claims;
  }
  // Not differentiable: training needs where the inner loop ends, not how it got there.
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    return network().logits(adapted(params, support, context), support, query, context);
  }
  // The loss of the queries under θ′, adapted to support and queries. Its gradient is θ − θ′.
  // Nichol et al. 2018, algorithm 2.
  Var loss(const Params& params, const Support& support, const Query& query,
           const Indices& query_labels, Context& context) const override {
    Support all{concat({support.x, query.x}, 0), support.labels, support.ways};
    all.labels.insert(all.labels.end(), query_labels.begin(), query_labels.end());
    const Params fast = adapted(params, all, context);
    const Vars from = params.weights(), to = fast.weights();
    Vars differences;
    for (std::size_t i = 0; i < from.size(); ++i)
      differences.push_back(from[i].detach() - to[i].detach());
    Var value;
    {
      const NoGrad off;
      value = cross_entropy(network().logits(fast, support, query, context), query_labels);
    }
    return with_gradients(value.value(), params, std::move(differences));
  }

 private:
  Params adapted(const Params& params, const Support& examples, Context& context) const {
    const auto optimiser = OptimiserRegistry::make(
        Config::parse(optimiser_ == "adam" ? R"({"kind": "adam", "beta1": 0})"
                                           : R"({"kind": "sgd", "momentum": 0})",
                      "inner_optimiser"),
        "");
    Minibatches batches(examples, batch_);
    Params fast = params;
    for (std::size_t step = inner().steps(context); step > 0; --step) {
      const Support batch = batches(context.rng);
      std::vector<Array> gradients;
      const Recording on;
      for (Var& gradient : grad(network().loss(fast, batch, context), fast.weights()))
        gradients.push_back(std::move(gradient).take());
      optimiser->update(fast, gradients, inner().rate());
    }
    return fast;
  }

  std::string optimiser_;
  std::size_t batch_;
};

const Register<Learner, const InputShape&> part{
    "reptile", "steps towards weights trained on each episode (Nichol et al. 2018, algorithm 2)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Reptile>(config, input);
    }};

}  // namespace
}  // namespace attune
