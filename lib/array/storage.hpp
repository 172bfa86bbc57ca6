#pragma once
#include <atomic>
#include <cstddef>
#include <utility>

namespace attune::storage {

// Counters of the block pool behind Array, for tests and cost columns.
struct Usage {
  std::size_t system_allocations;  // times memory was asked from the system since the start
  std::size_t bytes_in_use;
  std::size_t bytes_reserved;  // in use + kept for reuse
};
Usage usage();
void release_unused();  // gives kept blocks back to the system

// A piece of pool memory with the count of its owners in front of it; thread-safe.
struct alignas(64) Block {
  std::atomic<std::size_t> owners;
  std::size_t size_class;
  std::size_t bytes;  // as asked for
  Block* next;        // while in the pool
};

// Shared ownership of one block: like shared_ptr<void>, but its count lives in the block, so that
// copying, dropping and (after warm-up) making one never allocates.
class Buffer {
 public:
  Buffer() = default;                  // none
  explicit Buffer(std::size_t bytes);  // not initialised, 64-byte aligned; Error when out of memory
  Buffer(const Buffer& other) : block_(other.block_) {
    if (block_) block_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  Buffer(Buffer&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Buffer() {
    if (block_ && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) give_back(block_);
  }
  void* data() const { return block_ ? block_ + 1 : nullptr; }
  bool shared() const { return block_ && block_->owners.load(std::memory_order_acquire) > 1; }

 private:
  static void give_back(Block* block) noexcept;
  Block* block_ = nullptr;
};

}  // namespace attune::storage
