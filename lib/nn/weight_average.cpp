#include "nn/weight_average.hpp"

namespace attune {
namespace {

void move(Array& average, const Array& target, double share) {
  if (!(average.shape() == target.shape()))
    throw Error("weight average: want shape " + average.shape().text() + ", have " +
                target.shape().text());
  Real* const out = average.mutable_data();
  const Real* const in = target.data();
  const Real factor = static_cast<Real>(share);
  for (std::size_t i = 0; i < average.size(); ++i) out[i] += factor * (in[i] - out[i]);
}

}  // namespace

void move_towards(Params& average, const Params& params, double share) {
  average.change([&](std::size_t, const std::string& name, Array& value) {
    move(value, params[name].value(), share);
  });
  for (const auto& [name, target] : params.buffers()) {
    Array value = average.buffer(name);
    move(value, target, share);
    average.set_buffer(name, std::move(value));
  }
}

}  // namespace attune
