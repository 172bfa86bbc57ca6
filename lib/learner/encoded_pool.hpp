#pragma once
#include <memory>
#include <span>

#include "episode/pool.hpp"
#include "learner/learner.hpp"

namespace attune {

// The features of a pool's examples under fixed weights, each example encoded once, in
// Mode::evaluate, and by itself: its features have the same bits in whatever company it is asked
// for.
class EncodedPool {
 public:
  EncodedPool(std::shared_ptr<const Learner> learner, std::shared_ptr<const Pool> pool,
              Params params);
  // Encodes what these rows need; not from several threads. Error when there is no such row. May
  // throw Stopped on a signal.
  void encode(std::span<const std::uint32_t> rows);
  // (rows, D), of rows that have been encoded.
  Array features(std::span<const std::uint32_t> rows) const;
  const Params& params() const { return params_; }

 private:
  void encode_each(std::span<const std::uint32_t> rows);

  std::shared_ptr<const Learner> learner_;
  std::shared_ptr<const Pool> pool_;
  Params params_;
  std::vector<char> encoded_;  // 0 or 1 of each row
  std::vector<Array> blocks_;  // (rows of a block, D); a scalar until one of them is encoded
};

}  // namespace attune
