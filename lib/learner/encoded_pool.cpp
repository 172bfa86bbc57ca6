#include "learner/encoded_pool.hpp"

#include <algorithm>
#include <numeric>

#include "base/cli.hpp"
#include "learner/classification.hpp"

namespace attune {
namespace {

constexpr std::size_t kBlock = 64;  // pool rows encoded together; fixes the bits of features

}  // namespace

EncodedPool::EncodedPool(std::shared_ptr<const Learner> learner, std::shared_ptr<const Pool> pool,
                         Params params)
    : learner_(std::move(learner)),
      pool_(std::move(pool)),
      params_(std::move(params)),
      blocks_((pool_->examples() + kBlock - 1) / kBlock) {}

void EncodedPool::encode(std::span<const std::uint32_t> rows) {
  for (const std::uint32_t row : rows) {
    const std::size_t block = row / kBlock;
    if (block >= blocks_.size())
      throw Error("episode: want pool rows below " + std::to_string(pool_->examples()) + ", have " +
                  std::to_string(row));
    if (blocks_[block].rank() != 0) continue;
    if (const int signal = stop_signal()) throw Stopped{signal};  // a large pool takes a while
    const std::size_t begin = block * kBlock;
    std::vector<std::uint32_t> members(std::min(kBlock, pool_->examples() - begin));
    std::iota(members.begin(), members.end(), static_cast<std::uint32_t>(begin));
    const NoGrad scope;
    Context context;
    blocks_[block] =
        learner_->encode(params_, constant(pool_rows(*pool_, members)), context).value();
  }
}

Array EncodedPool::features(std::span<const std::uint32_t> rows) const {
  const std::size_t size = blocks_[rows.front() / kBlock].dim(1);
  Array result(Shape{rows.size(), size});
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Real* row = blocks_[rows[i] / kBlock].data() + (rows[i] % kBlock) * size;
    std::copy(row, row + size, out + i * size);
  }
  return result;
}

}  // namespace attune
