#include "nn/positions.hpp"

#include <cmath>

#include "nn/initialise.hpp"

namespace attune {

Array sinusoids(std::size_t first, std::size_t count, std::size_t features) {
  Array result(Shape{count, features});
  Real* out = result.mutable_data();
  for (std::size_t p = 0; p < count; ++p)
    for (std::size_t d = 0; d < features; ++d) {
      const double pair = static_cast<double>(d - d % 2) / static_cast<double>(features);
      const double angle = static_cast<double>(first + p) / std::pow(10000.0, pair);
      out[p * features + d] = static_cast<Real>(d % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  return result;
}

Positions::Positions(const Config& config, std::size_t features, std::string name)
    : name_(std::move(name)),
      kind_(config.choice("kind", "sinusoidal", {"sinusoidal", "learned", "none"},
                          "what tells items apart by their place")),
      features_(features) {
  if (kind_ == "learned")
    length_ = static_cast<std::size_t>(
        config.integer("length", 512, {1, 1 << 20}, "items of the longest sequence"));
}

void Positions::init(Params& params, Rng& rng) const {
  if (kind_ != "learned") return;
  Rng own = rng.fork(name_);
  params.add(name_ + ".weight", normal({length_, features_}, 0.02, own));
}

Var Positions::operator()(const Params& params, const Var& x, std::size_t first) const {
  if (kind_ == "none") return x;
  const std::size_t count = x.shape().back(1);
  if (kind_ == "sinusoidal") return x + constant(sinusoids(first, count, features_));
  if (first + count > length_)
    throw UsageError("positions: " + name_ + ": length: want at least the " +
                     std::to_string(first + count) + " items of a sequence, have " +
                     std::to_string(length_));
  return x + slice(params[name_ + ".weight"], 0, first, first + count);
}

}  // namespace attune
