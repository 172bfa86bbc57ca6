#pragma once
#include <memory>

#include "nn/module.hpp"

namespace attune {

struct TextInput;  // encoder/text_input.hpp

// What the encoder is built for.
struct InputShape {
  Shape example;  // one example: (C,Y,X) for images, (D) for feature vectors, (C,T) for texts
  std::shared_ptr<const TextInput> text = nullptr;  // what the numbers of texts mean; else null
};

// Examples → features, one example at a time in Mode::evaluate.  x (S, example…) → (S, D).
// Images arrive plain (S,C,Y,X), values as the learner prepared them.
struct Encoder : Module {
  virtual std::size_t features() const = 0;  // D
  // Of what shape one example's features are before they are flattened: an image (C,Y,X), a
  // blocked one (C/16,Y,X,16), or (D).
  virtual Shape map() const { return {features()}; }
  // Of texts: how much of an example's features comes from each token, as far as the encoder says
  // so by weights of its own: (S,T), rows sum to 1, 0 for padding. A scalar from encoders that
  // don't say.
  virtual Array token_weights(const Params&, const Var& /*x*/, Context&) const { return {}; }
};
// Args: the input's shape and the prefix of the weights' names ("encoder").
using EncoderRegistry = Registry<Encoder, const InputShape&, const std::string&>;

// The text of an input, for parts that want one; UsageError (at config's "kind") where it has none.
const std::shared_ptr<const TextInput>& want_text(const Config& config, const InputShape& input);

}  // namespace attune
