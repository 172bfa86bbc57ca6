#pragma once
#include <string>
#include <vector>

#include "episode/pool.hpp"

// A pool of 1×2×2 images; groups[c] lists the group of each example of class c. Splits in turn:
// train, val, test, train, …, or all train.
inline attune::Pool tiny_pool(const std::vector<std::vector<std::uint32_t>>& groups,
                              bool all_train = true) {
  attune::Pool pool;
  pool.example_shape = {1, 2, 2};
  for (std::uint32_t c = 0; c < groups.size(); ++c) {
    for (const std::uint32_t group : groups[c]) {
      for (int i = 0; i < 4; ++i) pool.pixels.push_back(static_cast<std::uint8_t>(pool.y.size()));
      pool.y.push_back(c);
      pool.group.push_back(group);
    }
    pool.class_name.push_back("class " + std::to_string(c));
    pool.class_split.push_back(all_train ? 0 : c % 3);
    pool.class_of_origin.push_back(c);
  }
  pool.title = "tiny";
  pool.source = "{}";
  return pool;
}

// `classes` classes of `examples` examples, each example a group of its own within the class.
inline attune::Pool even_pool(std::size_t classes, std::uint32_t examples, bool all_train = true) {
  std::vector<std::uint32_t> groups(examples);
  for (std::uint32_t i = 0; i < examples; ++i) groups[i] = i;
  return tiny_pool(std::vector<std::vector<std::uint32_t>>(classes, groups), all_train);
}
