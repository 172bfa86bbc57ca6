#include "learner/adapt.hpp"

namespace attune {

AdaptiveNetwork::AdaptiveNetwork(const Config& config, const InputShape& input)
    : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
      input_(input),
      norm_(config.choice("batch_norm", "support", {"batch", "running", "support"},
                          "whose statistics normalise the queries; batch: their own together "
                          "(transductive)")),
      where_(config.origin() + ": " + config.path() + ".ways"),
      ways_(static_cast<std::size_t>(config.integer(
          "ways", 5, {2, 65536}, "outputs of the head: most classes of an episode"))),
      head_("head", encoder_->features(), ways_) {}

void AdaptiveNetwork::init(Params& params, Rng& rng) const {
  encoder_->init(params, rng);
  head_.init(params, rng);
}

Var AdaptiveNetwork::flatten(const Var& x) const {
  return reshape(x, {x.shape()[0], input_.example.size()});
}

Var AdaptiveNetwork::encode(const Params& params, const Var& x, Context& context) const {
  Shape shape{x.shape()[0]};
  for (std::size_t i = 0; i < input_.example.rank(); ++i) shape.push_back(input_.example[i]);
  return encoder_->forward(params, reshape(x, shape), context);
}

bool AdaptiveNetwork::by_support(const Context& context) const {
  return norm_ == "support" && context.mode != Mode::transductive;
}

Var AdaptiveNetwork::inner_pass(const Params& params, const Var& x, Context& context,
                                std::size_t reference_rows) const {
  Context pass = context;
  if (pass.mode == Mode::evaluate) pass.mode = Mode::transductive;
  pass.updates = nullptr;
  pass.reference_rows = reference_rows;
  const Var y = encode(params, x, pass);
  context.rng = pass.rng;
  return y;
}

Var AdaptiveNetwork::query_pass(const Params& params, const Var& x, Context& context) const {
  return norm_ == "running" ? encode(params, x, context) : inner_pass(params, x, context);
}

std::pair<Var, Var> AdaptiveNetwork::features(const Params& params, const Var& support,
                                              const Var& query, Context& context) const {
  if (!by_support(context))
    return {inner_pass(params, support, context), query_pass(params, query, context)};
  const std::size_t rows = support.shape()[0];
  const Var all = inner_pass(params, concat({support, query}, 0), context, rows);
  return {slice(all, 0, 0, rows), slice(all, 0, rows, all.shape()[0])};
}

Var AdaptiveNetwork::head(const Params& params, const Var& features, std::size_t ways,
                          Context& context) const {
  if (ways > ways_)
    throw UsageError(where_ + ": want at least " + std::to_string(ways) +
                     ", the classes of the episode, have " + std::to_string(ways_));
  const Var all = head_.forward(params, features, context);
  return ways == ways_ ? all : slice(all, 1, 0, ways);
}

Var AdaptiveNetwork::loss(const Params& params, const Support& examples, Context& context) const {
  const Var features = inner_pass(params, examples.x, context);
  return cross_entropy(head(params, features, examples.ways, context), examples.labels);
}

Var AdaptiveNetwork::logits(const Params& params, const Support& support, const Query& query,
                            Context& context) const {
  const Var of_queries = by_support(context) ? features(params, support.x, query.x, context).second
                                             : query_pass(params, query.x, context);
  return head(params, of_queries, support.ways, context);
}

InnerLoop::InnerLoop(const Config& config, std::int64_t steps, double rate)
    : steps_(static_cast<std::size_t>(config.integer(
          "inner_steps", steps, {1, 100'000}, "gradient steps on the support, in training"))),
      evaluation_steps_(static_cast<std::size_t>(
          config.integer("evaluation_steps", 0, {0, 100'000},
                         "gradient steps on the support, at evaluation; 0: as in training"))),
      rate_(config.real("inner_rate", rate, {1e-9, 1e3}, "rate of these steps")) {}

std::size_t InnerLoop::steps(const Context& context) const {
  return context.mode == Mode::train || evaluation_steps_ == 0 ? steps_ : evaluation_steps_;
}

Params InnerLoop::operator()(const Params& start, const Context& context, bool second_order,
                             const Adapts& adapts, const Descend& descend, const Loss& loss) const {
  const bool followed = recording();
  const std::vector<std::string> names = start.names();
  Params fast = start;
  for (std::size_t step = steps(context); step > 0; --step) {
    Vars weights = fast.weights(), moving;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (!adapts(names[i])) continue;
      if (!followed) weights[i] = leaf(weights[i].value());
      moving.push_back(weights[i]);
    }
    fast = start.with(weights);
    Vars gradients;
    {
      const Recording on;
      gradients = grad(loss(fast), moving, followed && second_order);
    }
    for (std::size_t i = 0, next = 0; i < weights.size(); ++i) {
      if (!adapts(names[i])) continue;
      weights[i] = descend(names[i], weights[i], gradients[next++]);
    }
    fast = start.with(weights);
  }
  return fast;
}

Var with_gradients(Array value, const Params& params, Vars gradients) {
  return record("with_gradients", std::move(value), params.weights(),
                [gradients = std::move(gradients)](const Var&, const Var& g, const Needed&) {
                  Vars scaled;
                  for (const Var& gradient : gradients) scaled.push_back(gradient * g);
                  return scaled;
                });
}

Var settled(Var loss, const Params& params) {
  if (!loss.tracked()) return loss;
  Array value = loss.value();
  return with_gradients(std::move(value), params, grad(std::move(loss), params.weights()));
}

GradientLearner::GradientLearner(const Config& config, const InputShape& input, std::int64_t steps,
                                 double rate)
    : network_(config, input), inner_(config, steps, rate) {}

Claims GradientLearner::claims() const {
  Claims claims;
  claims.inductive = network_.inductive();
  claims.label_equivariant = false;
  claims.order = second_order() ? 2 : 1;
  claims.exact_gradient = second_order();
  return claims;
}

void GradientLearner::init(Params& params, Rng& rng) const { network_.init(params, rng); }

Var GradientLearner::encode(const Params&, const Var& x, Context&) const {
  return network_.flatten(x);
}

Var GradientLearner::descend(const Params&, const std::string&, const Var& weight,
                             const Var& gradient) const {
  return weight - gradient * static_cast<Real>(inner_.rate());
}

Var GradientLearner::logits(const Params& params, const Support& support, const Query& query,
                            Context& context, Trace*) const {
  const Params fast = inner_(
      params, context, second_order(), [this](const std::string& name) { return adapts(name); },
      [&](const std::string& name, const Var& weight, const Var& gradient) {
        return descend(params, name, weight, gradient);
      },
      [&](const Params& at) { return network_.loss(at, support, context); });
  return network_.logits(fast, support, query, context);
}

Var GradientLearner::loss(const Params& params, const Support& support, const Query& query,
                          const Indices& query_labels, Context& context) const {
  return settled(Learner::loss(params, support, query, query_labels, context), params);
}

}  // namespace attune
