#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "autograd/ops.hpp"
#include "base/registry.hpp"
#include "base/rng.hpp"

namespace attune {

// Named weights (trained, Vars) and buffers (not trained: running statistics), in name order.
// Value semantics: MAML's fast weights are another Params with the same names.
class Params {
 public:
  void add(const std::string& name, Array value);  // tracked leaf; Error when the name exists
  void add_buffer(const std::string& name, Array value);
  const Var& operator[](const std::string& name) const;  // Error names the missing weight
  const Array& buffer(const std::string& name) const;
  bool has(const std::string& name) const;
  void set_buffer(const std::string& name, Array value);
  Vars weights() const;                    // in name order
  std::vector<std::string> names() const;  // of weights
  const std::map<std::string, Array>& buffers() const { return buffers_; }
  Params with(const Vars& weights) const;  // same names, other values
  std::size_t count() const;               // scalars in all weights
  // Calls change(i, name, value) for each weight in name order; the result is a new leaf. In place:
  // memory that another Params or a graph holds is copied first, so those keep the old values.
  void change(const std::function<void(std::size_t i, const std::string& name, Array&)>& change);

 private:
  std::map<std::string, Var> weights_;
  std::map<std::string, Array> buffers_;
};

// Running statistics gathered in one forward pass; the trainer applies them in episode order.
using BufferUpdates = std::map<std::string, Array>;  // buffer name → this batch's value

// train: batch statistics, dropout on. evaluate: running statistics, dropout off, each example on
// its own (inductive). transductive: as evaluate, but batch statistics of whatever is given
// together.
enum class Mode { train, evaluate, transductive };

// What a part that chooses at random hands on for the score-function gradient of its choices.
struct Sampled {
  Var log_probability;    // of the choice of each row: (…,R) where the weights are (…,R,S)
  bool by_query = false;  // row q's choice is made for query q and changes no other query's answer
};

// What a forward pass needs beside parameters.
struct Context {
  Mode mode = Mode::evaluate;
  Rng rng{0, "context"};             // dropout and stochastic attention draw from it, in call order
  BufferUpdates* updates = nullptr;  // where running statistics go; none wanted when null
  std::size_t step = 0;              // training step, 0-based
  std::vector<Sampled>* sampled = nullptr;  // where choices go; no gradient of them when null
  // Batch statistics are those of so many leading rows, and all rows are normalised by them, each
  // on its own; of all rows when 0. Nothing is noted in updates then.
  std::size_t reference_rows = 0;
};

// A module owns shapes and the names of its weights ("encoder.block1.weight"), never their values.
struct Module {
  virtual ~Module() = default;
  virtual void init(Params& params, Rng& rng) const = 0;  // adds its weights and buffers
  virtual Var forward(const Params& params, const Var& x, Context& context) const = 0;
};

}  // namespace attune
