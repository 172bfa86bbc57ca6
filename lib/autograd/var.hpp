#pragma once
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "array/array.hpp"

namespace attune {

class Var;
using Vars = std::vector<Var>;
using Needed = std::vector<bool>;
// Gradients for the inputs of one node, given the output and its gradient; one entry per input, an
// empty Var where not needed. Written in ops on Vars, it is differentiable itself. When
// !recording() no second derivative is wanted and a fused kernel may run instead. A returned
// gradient may have the broadcast shape: the engine sums it to the input's shape.
using Pullback = std::function<Vars(const Var& out, const Var& g, const Needed& needed)>;

// A value and, when tracked, how it was made; copies share the node.
class Var {
 public:
  Var() = default;             // empty
  explicit Var(Array value);   // constant
  const Array& value() const;  // never call inside a composed pullback: it cuts the graph
  const Shape& shape() const { return value().shape(); }
  bool tracked() const;
  bool empty() const { return !node_; }
  Var detach() const;  // same value, no history (first-order MAML)
  Array take() &&;     // the value; its memory is not shared if nobody else held this Var

  struct Node;

 private:
  friend Var leaf(Array value);
  friend Var record(std::string_view op, Array value, Vars inputs, Pullback pullback);
  friend class Walk;
  std::shared_ptr<Node> node_;
};

Var leaf(Array value);  // tracked, no parents
// The result of an op; untracked (inputs and pullback dropped) if no input is tracked, or
// !recording().
Var record(std::string_view op, Array value, Vars inputs, Pullback pullback);
// dy/dx for every x, zeros where y does not depend on x; xs may be interior; Error when y is not a
// scalar (size 1). create_graph keeps the result differentiable; without it nodes are freed as the
// walk goes only if nobody else holds them (hand y over with std::move, or as a temporary), and
// nothing is recorded during the walk.
Vars grad(const Var& y, const Vars& xs, bool create_graph = false);
Vars grad(Var&& y, const Vars& xs, bool create_graph = false);
// gᵀ·dy/dx for every x: as grad, for a y of any shape and a g of y's shape.
Vars grad_along(Var y, const Var& g, const Vars& xs, bool create_graph = false);

// True while ops record how they were made. Off inside grad(create_graph = false) and NoGrad
// scopes.
bool recording();

// Recording is on or off on this thread as long as this lives, whatever it was before.
class RecordingScope {
 public:
  explicit RecordingScope(bool on);
  ~RecordingScope();
  RecordingScope(const RecordingScope&) = delete;
  RecordingScope& operator=(const RecordingScope&) = delete;

 private:
  bool before_;
};
struct NoGrad : RecordingScope {
  NoGrad() : RecordingScope(false) {}
};
// On, also inside a NoGrad scope: a learner takes gradient steps while it is evaluated.
struct Recording : RecordingScope {
  Recording() : RecordingScope(true) {}
};

}  // namespace attune
