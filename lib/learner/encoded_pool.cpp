#include "learner/encoded_pool.hpp"

#include <algorithm>

#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "learner/classification.hpp"

namespace attune {
namespace {

constexpr std::size_t kKept = 64;     // pool rows whose features lie together
constexpr std::size_t kAtOnce = 256;  // encoded between two looks for a signal

}  // namespace

EncodedPool::EncodedPool(std::shared_ptr<const Learner> learner, std::shared_ptr<const Pool> pool,
                         Params params)
    : learner_(std::move(learner)),
      pool_(std::move(pool)),
      params_(std::move(params)),
      encoded_(pool_->examples(), 0),
      blocks_((pool_->examples() + kKept - 1) / kKept) {}

void EncodedPool::encode(std::span<const std::uint32_t> rows) {
  std::vector<std::uint32_t> missing;
  for (const std::uint32_t row : rows) {
    if (row >= encoded_.size())
      throw Error("episode: want pool rows below " + std::to_string(encoded_.size()) + ", have " +
                  std::to_string(row));
    if (!encoded_[row]) missing.push_back(row);
  }
  std::ranges::sort(missing);
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  for (std::size_t begin = 0; begin < missing.size(); begin += kAtOnce) {
    if (const int signal = stop_signal()) throw Stopped{signal};  // a large pool takes a while
    encode_each(std::span(missing).subspan(begin, std::min(kAtOnce, missing.size() - begin)));
  }
}

void EncodedPool::encode_each(std::span<const std::uint32_t> rows) {
  std::vector<Array> made(rows.size());
  kernel::parallel_for(rows.size(), [&](std::size_t i) {
    const NoGrad scope;
    Context context;
    made[i] =
        learner_->encode(params_, constant(pool_rows(*pool_, rows.subspan(i, 1))), context).value();
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Array& block = blocks_[rows[i] / kKept];
    const std::size_t size = made[i].size();
    if (block.rank() == 0) block = Array(Shape{kKept, size});
    std::copy_n(made[i].data(), size, block.mutable_data() + (rows[i] % kKept) * size);
    encoded_[rows[i]] = 1;
  }
}

Array EncodedPool::features(std::span<const std::uint32_t> rows) const {
  const std::size_t size = blocks_[rows.front() / kKept].dim(1);
  Array result(Shape{rows.size(), size});
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(blocks_[rows[i] / kKept].data() + (rows[i] % kKept) * size, size, out + i * size);
  return result;
}

}  // namespace attune
