#pragma once
#include "nn/module.hpp"

namespace attune {

// What the encoder is built for.
struct InputShape {
  Shape example;  // one example: (C,Y,X) for images, (D) for feature vectors
};

// Examples → features, one example at a time in Mode::evaluate.  x (S, example…) → (S, D).
// Images arrive plain (S,C,Y,X), values as the learner prepared them.
struct Encoder : Module {
  virtual std::size_t features() const = 0;  // D
  // Of what shape one example's features are before they are flattened: an image (C,Y,X), a
  // blocked one (C/16,Y,X,16), or (D).
  virtual Shape map() const { return {features()}; }
};
// Args: the input's shape and the prefix of the weights' names ("encoder").
using EncoderRegistry = Registry<Encoder, const InputShape&, const std::string&>;

}  // namespace attune
