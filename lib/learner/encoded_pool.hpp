#pragma once
#include <memory>
#include <span>

#include "episode/pool.hpp"
#include "learner/learner.hpp"

namespace attune {

// The features of a pool's examples under fixed weights, each example encoded once, in
// Mode::evaluate. It is encoded with the fixed block of pool rows it stands in, so that its
// features have the same bits whichever episode asks first.
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
  std::shared_ptr<const Learner> learner_;
  std::shared_ptr<const Pool> pool_;
  Params params_;
  std::vector<Array> blocks_;  // (block's rows, D); a scalar until encoded
};

}  // namespace attune
