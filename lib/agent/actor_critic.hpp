#pragma once
#include <memory>

#include "agent/memory.hpp"
#include "nn/linear.hpp"

namespace attune {

// An agent that learns: a memory of its history, then a policy and a value read from it.
// Config: "memory" {"kind": gru by default, …}.
class ActorCritic {
 public:
  ActorCritic(const Config& config, std::size_t features, std::size_t actions);
  void init(Params& params, Rng& rng) const;
  std::size_t actions() const { return actions_; }

  struct Answers {
    Var log_p;   // (B,T,A): log of the policy
    Var values;  // (B,T): what is still to come, as a share of the trial's steps
  };
  // x (B,T,features)
  Answers forward(const Params& params, const Var& x, Context& context,
                  HistoryMaps* maps = nullptr) const;

  // Trials in lockstep.
  class Player {
   public:
    struct Step {
      Array log_p;   // (B,A)
      Array values;  // (B)
    };
    Player(const ActorCritic& agent, const Params& params, std::size_t batch)
        : agent_(agent), params_(params), state_(agent.memory_->start(params, batch)) {}
    Step step(const Array& x);  // (B,features)

   private:
    const ActorCritic& agent_;
    const Params& params_;
    std::unique_ptr<MemoryState> state_;
  };

 private:
  std::size_t actions_;
  std::unique_ptr<Memory> memory_;
  Linear policy_, value_;
};

}  // namespace attune
