#include "nn/embedding.hpp"

#include <algorithm>
#include <cmath>

#include "nn/initialise.hpp"

namespace attune {

Embedding::Embedding(std::string name, std::size_t count, std::size_t features,
                     std::optional<std::uint32_t> padding)
    : name_(std::move(name)), count_(count), features_(features), padding_(padding) {
  if (padding && *padding >= count) {
    throw Error("embedding: " + name_ + ": want a padding id below " + std::to_string(count) +
                ", have " + std::to_string(*padding));
  }
}

void Embedding::init(Params& params, Rng& rng) const {
  Rng own = rng.fork(name_);
  const double deviation = 1 / std::sqrt(static_cast<double>(features_));
  Array weight = normal({count_, features_}, deviation, own);
  if (padding_) {
    Real* row = weight.mutable_data() + *padding_ * features_;
    std::fill(row, row + features_, Real(0));
  }
  params.add(name_ + ".weight", std::move(weight));
}

Var Embedding::forward(const Params& params, const Indices& ids) const {
  const Var rows = gather(params[name_ + ".weight"], ids);
  if (!padding_) return rows;
  Array present({ids.size(), 1});
  std::transform(ids.begin(), ids.end(), present.mutable_data(),
                 [this](std::uint32_t id) { return id == *padding_ ? Real(0) : Real(1); });
  return rows * constant(std::move(present));
}

}  // namespace attune
