#pragma once
#include <memory>
#include <string>
#include <vector>

#include "nn/module.hpp"

namespace attune {

// What an agent attended to in its own past, for pictures: one map per layer and head.
struct HistoryMaps {
  struct Map {
    std::string name;  // "layer1.head2"
    Array weights;     // (B,T,T): row t over the steps up to t
  };
  std::vector<Map> maps;
};

// How far a memory has come with a batch of trials that are played in lockstep.
struct MemoryState {
  virtual ~MemoryState() = default;
  // What is seen now, (B,in) → (B,features); no gradient.
  virtual Array step(const Array& x) = 0;
};

// What an agent makes of its history: a network that reads what it has seen so far. Causal: what
// comes out at a step depends on it and on earlier ones only. One file each.
struct Memory {
  virtual ~Memory() = default;
  virtual void init(Params& params, Rng& rng) const = 0;
  virtual std::size_t features() const = 0;  // D
  // Whole trials at once: x (B,T,in) → (B,T,D). `maps`, when given, receives what was attended to.
  virtual Var forward(const Params& params, const Var& x, Context& context,
                      HistoryMaps* maps) const = 0;
  // The same step by step, but for rounding. Keeps a reference to params and to the memory.
  virtual std::unique_ptr<MemoryState> start(const Params& params, std::size_t batch) const = 0;
};
// Args: features of what is seen, and the prefix of the weights' names.
using MemoryRegistry = Registry<Memory, std::size_t, const std::string&>;

}  // namespace attune
