#include "agent/actor_critic.hpp"

#include "base/error.hpp"

namespace attune {
namespace {

// Choices that a normaliser makes at random have no gradient here, which Context::sampled would
// take: nothing would be learned of where to attend.
void refuse_choices(const Config& memory) {
  if (memory.given().find("\"reinforce\"") != std::string::npos)
    throw UsageError(memory.origin() + ": " + memory.path() +
                     ": want a normaliser with a gradient, have \"reinforce\"");
}

}  // namespace

ActorCritic::ActorCritic(const Config& config, std::size_t features, std::size_t actions)
    : actions_(actions),
      memory_(MemoryRegistry::make(config.child("memory"), "gru", features, "memory")),
      policy_("policy", memory_->features(), actions),
      value_("value", memory_->features(), 1) {
  refuse_choices(config.child("memory"));
}

void ActorCritic::init(Params& params, Rng& rng) const {
  memory_->init(params, rng);
  policy_.init(params, rng);
  value_.init(params, rng);
}

ActorCritic::Answers ActorCritic::forward(const Params& params, const Var& x, Context& context,
                                          HistoryMaps* maps) const {
  const Var y = memory_->forward(params, x, context, maps);
  return {log_softmax(policy_.forward(params, y, context)),
          reshape(value_.forward(params, y, context), {x.shape()[0], x.shape()[1]})};
}

ActorCritic::Player::Step ActorCritic::Player::step(const Array& x) {
  const NoGrad scope;
  Context context;
  const Var y = constant(state_->step(x));
  return {log_softmax(agent_.policy_.forward(params_, y, context)).value(),
          agent_.value_.forward(params_, y, context).value().reshaped({x.dim(0)})};
}

}  // namespace attune
