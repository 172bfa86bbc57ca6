#pragma once
// What the conditional and the attentive neural process have in common, in a form for
// classification: classes are told apart by what their support says, not by their number, so that
// the same weights serve any number of ways and renaming the classes renames the logits.
#include "nn/linear.hpp"

namespace attune {

// The setting "hidden": features of the hidden layers of h and g.
std::size_t process_hidden(const Config& config);

// h: what a support item has to say, (…,D) → (…,out); linear, ReLU, linear.
class ItemEncoder {
 public:
  ItemEncoder(std::size_t features, std::size_t hidden, std::size_t out);
  void init(Params& params, Rng& rng) const;
  Var operator()(const Params& params, const Var& x, Context& context) const;

 private:
  Linear first_, last_;
};

// g: the logit of class n for a query x is a network's answer to (x, r_n, mean of all r), the same
// network for every class, two hidden ReLU layers. Garnelo et al. 2018 hand g all r_n one after the
// other, which fixes their number and order.
class ClassDecoder {
 public:
  ClassDecoder(std::size_t features, std::size_t representation, std::size_t hidden);
  void init(Params& params, Rng& rng) const;
  // x (Q,D); r (Q,N,R), or (1,N,R) where all queries see the same → (Q,N).
  Var operator()(const Params& params, const Var& x, const Var& r, Context& context) const;

 private:
  Linear of_query_, of_class_, of_all_, second_, last_;
};

}  // namespace attune
