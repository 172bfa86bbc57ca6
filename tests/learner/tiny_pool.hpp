#pragma once
#include <memory>

#include "episode/episodes.hpp"

namespace attune {

// 10 classes of 8 images 1×8×8: a class is a random pattern, an example the pattern with noise.
inline std::shared_ptr<Pool> tiny_pool(std::uint64_t seed = 1) {
  constexpr std::size_t kClasses = 10, kExamples = 8, kSize = 64;
  auto pool = std::make_shared<Pool>();
  pool->example_shape = {1, 8, 8};
  pool->title = "tiny";
  pool->source = "{}";
  pool->group_name = {""};
  for (std::uint32_t c = 0; c < kClasses; ++c) {
    pool->class_name.push_back("class" + std::to_string(c));
    pool->class_split.push_back(c < 6 ? 0 : c < 8 ? 1 : 2);
    pool->class_of_origin.push_back(c);
    Rng pattern(seed, "pattern", c);
    std::vector<double> base(kSize);
    for (double& value : base) value = pattern.uniform(0, 200);
    for (std::uint32_t e = 0; e < kExamples; ++e) {
      Rng noise(seed, "noise", c, e);
      for (double value : base)
        pool->pixels.push_back(static_cast<std::uint8_t>(value + noise.uniform(0, 55)));
      pool->y.push_back(c);
      pool->group.push_back(0);
    }
  }
  return pool;
}

}  // namespace attune
