#include "autograd/var.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <new>
#include <string>
#include <unordered_map>

#include "array/kernels.hpp"
#include "autograd/ops.hpp"
#include "base/error.hpp"

namespace attune {

namespace {
thread_local bool recording_now = true;
std::atomic<std::uint64_t> nodes_made{0};
}  // namespace

struct Var::Node {
  explicit Node(Array v) : value(std::move(v)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  Array value;
  bool tracked = false;
  // Grows with every node made: inputs are older than outputs, so it orders any graph.
  std::uint64_t age = nodes_made.fetch_add(1, std::memory_order_relaxed);
  std::string_view op;
  Vars inputs;
  Pullback pullback;
};

// Chains are released by a loop, since one call per node overflows the stack: the outermost
// destructor on this thread drains what the inner ones leave.
Var::Node::~Node() {
  using Pending = std::vector<std::shared_ptr<Node>>;
  thread_local Pending* draining = nullptr;
  Pending own;
  Pending& pending = draining != nullptr ? *draining : own;
  try {
    for (Var& input : inputs) {
      if (input.node_) pending.push_back(std::move(input.node_));
    }
  } catch (const std::bad_alloc&) {
    // Without memory for the list, inputs go the way of all members: by a call for each.
  }
  if (draining != nullptr) {
    pullback = nullptr;
    return;
  }
  draining = &own;
  pullback = nullptr;
  while (!own.empty()) {
    const std::shared_ptr<Node> next = std::move(own.back());
    own.pop_back();
  }
  draining = nullptr;
}

Var::Var(Array value) : node_(std::make_shared<Node>(std::move(value))) {}

const Array& Var::value() const {
  if (!node_) throw Error("autograd: Var: want a value, have an empty Var");
  return node_->value;
}

bool Var::tracked() const { return node_ && node_->tracked; }

Var Var::detach() const { return Var(value()); }

Array Var::take() && {
  Array result = node_.use_count() == 1 ? std::move(node_->value) : value();
  node_.reset();
  return result;
}

Var leaf(Array value) {
  Var x(std::move(value));
  x.node_->tracked = true;
  return x;
}

Var record(std::string_view op, Array value, Vars inputs, Pullback pullback) {
  Var out(std::move(value));
  if (!recording_now) return out;
  if (std::none_of(inputs.begin(), inputs.end(), [](const Var& x) { return x.tracked(); })) {
    return out;
  }
  out.node_->tracked = true;
  out.node_->op = op;
  out.node_->inputs = std::move(inputs);
  out.node_->pullback = std::move(pullback);
  return out;
}

bool recording() { return recording_now; }

RecordingScope::RecordingScope(bool on) : before_(recording_now) { recording_now = on; }
RecordingScope::~RecordingScope() { recording_now = before_; }

// One backward walk: from y, youngest node first, to those of xs.
class Walk {
 public:
  Walk(Var y, const Var& g, const Vars& xs);
  Vars run();

 private:
  using Node = Var::Node;
  struct State {
    Var gradient;
    bool leads = false;  // to one of xs
  };
  void collect(std::shared_ptr<Node> from);
  void visit(const Var& out);
  void pass(const Var& input, Var gradient, const Node& from);

  const Vars& xs_;
  std::vector<std::shared_ptr<Node>> order_;  // oldest first
  std::unordered_map<const Node*, State> states_;
  std::unordered_map<const Node*, Var> found_;
};

Walk::Walk(Var y, const Var& g, const Vars& xs) : xs_(xs) {
  for (const Var& x : xs) {
    if (x.tracked()) found_.emplace(x.node_.get(), Var());
  }
  if (!y.tracked() || found_.empty()) return;
  const Node* const last = y.node_.get();
  collect(std::move(y.node_));
  const auto state = states_.find(last);
  if (state != states_.end()) state->second.gradient = g;
}

// The nodes between `from` and xs: none that is older than the oldest x, none that leads to no x.
void Walk::collect(std::shared_ptr<Node> from) {
  std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();
  for (const auto& [node, gradient] : found_) oldest = std::min(oldest, node->age);
  if (from->age < oldest) return;
  states_.emplace(from.get(), State{});
  order_.push_back(std::move(from));
  for (std::size_t next = 0; next < order_.size(); ++next) {
    const Node* const node = order_[next].get();
    for (const Var& input : node->inputs) {
      if (!input.tracked() || input.node_->age < oldest) continue;
      if (states_.emplace(input.node_.get(), State{}).second) order_.push_back(input.node_);
    }
  }
  std::sort(order_.begin(), order_.end(),
            [](const auto& a, const auto& b) { return a->age < b->age; });
  const auto leads = [this](const Var& x) {
    const auto state = states_.find(x.node_.get());
    return state != states_.end() && state->second.leads;
  };
  std::erase_if(order_, [&](const std::shared_ptr<Node>& node) {
    const bool yes = found_.count(node.get()) != 0 ||
                     std::any_of(node->inputs.begin(), node->inputs.end(), leads);
    states_.at(node.get()).leads = yes;
    return !yes;
  });
}

Vars Walk::run() {
  while (!order_.empty()) {
    Var out;
    out.node_ = std::move(order_.back());
    order_.pop_back();
    visit(out);
  }
  Vars gradients;
  for (const Var& x : xs_) {
    const auto found = found_.find(x.node_.get());
    const bool depends = found != found_.end() && !found->second.empty();
    gradients.push_back(depends ? found->second : constant(Array::zeros(x.shape())));
  }
  return gradients;
}

void Walk::visit(const Var& out) {
  const Node& node = *out.node_;
  const auto state = states_.find(&node);
  const Var g = std::move(state->second.gradient);
  state->second.gradient = Var();
  if (g.empty()) return;
  const auto found = found_.find(&node);
  if (found != found_.end()) found->second = g;

  Needed needed;
  bool any = false;
  for (const Var& input : node.inputs) {
    const auto of_input = states_.find(input.node_.get());
    needed.push_back(input.tracked() && of_input != states_.end() && of_input->second.leads);
    any = any || needed.back();
  }
  if (!any) return;
  Vars gradients = node.pullback(out, g, needed);
  if (gradients.size() != node.inputs.size()) {
    throw Error("autograd: " + std::string(node.op) + ": want " +
                std::to_string(node.inputs.size()) + " gradients, have " +
                std::to_string(gradients.size()));
  }
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) pass(node.inputs[i], std::move(gradients[i]), node);
  }
}

void Walk::pass(const Var& input, Var gradient, const Node& from) {
  if (gradient.empty()) {
    throw Error("autograd: " + std::string(from.op) + ": want a gradient, have an empty Var");
  }
  if (!(gradient.shape() == input.shape())) gradient = sum_to(gradient, input.shape());
  Var& sum = states_.at(input.node_.get()).gradient;
  if (sum.empty()) {
    sum = std::move(gradient);
  } else if (recording_now) {
    sum = sum + gradient;
  } else if (sum.node_.use_count() == 1) {
    kernel::add_into(sum.node_->value, gradient.value());
  } else {
    sum = Var(kernel::add(sum.value(), gradient.value()));
  }
}

Vars grad_along(Var y, const Var& g, const Vars& xs, bool create_graph) {
  if (!(y.shape() == g.shape())) {
    throw Error("grad: gradient: want shape " + y.shape().text() + ", have " + g.shape().text());
  }
  if (create_graph) return Walk(std::move(y), g, xs).run();
  const NoGrad off;
  return Walk(std::move(y), g, xs).run();
}

Vars grad(const Var& y, const Vars& xs, bool create_graph) {
  return grad(Var(y), xs, create_graph);
}

Vars grad(Var&& y, const Vars& xs, bool create_graph) {
  if (y.shape().size() != 1) {
    throw Error("grad: y: want a scalar, have shape " + y.shape().text());
  }
  const Var one = constant(Array::full(y.shape(), 1));
  return grad_along(std::move(y), one, xs, create_graph);
}

}  // namespace attune
