#pragma once
#include <optional>

#include "nn/module.hpp"

namespace attune {

// A row of weights for each id: ids (R), each < count → (R,features).
// Weight <name>.weight (count,features), N(0, 1/features). The row of `padding` is 0 and gets no
// gradient.
class Embedding {
 public:
  Embedding(std::string name, std::size_t count, std::size_t features,
            std::optional<std::uint32_t> padding = std::nullopt);
  void init(Params& params, Rng& rng) const;
  Var forward(const Params& params, const Indices& ids) const;

 private:
  std::string name_;
  std::size_t count_, features_;
  std::optional<std::uint32_t> padding_;
};

}  // namespace attune
