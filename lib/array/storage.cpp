#include "array/storage.hpp"

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string>

#include "base/error.hpp"

namespace attune::storage {
namespace {

// Block sizes, header included: eight steps per power of two, so at most 1/8 is wasted.
constexpr std::size_t kSteps = 8;
constexpr std::size_t kSmallest = 8 * sizeof(Block);
constexpr std::size_t kClasses = 40 * kSteps;

std::size_t class_of(std::size_t bytes) {
  if (bytes <= kSmallest) return 0;
  const std::size_t octave = std::bit_width((bytes - 1) / kSmallest) - 1;
  const std::size_t step = (kSmallest / kSteps) << octave;
  return octave * kSteps + (bytes - (kSmallest << octave) + step - 1) / step;
}

std::size_t bytes_of(std::size_t size_class) {
  const std::size_t octave = size_class / kSteps;
  return (kSmallest / kSteps * (kSteps + size_class % kSteps)) << octave;
}

struct Pool {
  std::mutex mutex;
  std::array<Block*, kClasses> kept{};
  Usage usage{};
};

// Never destroyed: arrays in other static objects may outlive any static of this file.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

// Of the class or one that is little larger: shapes that change from step to step, as those of
// texts do, would else ask the system for ever more.
Block* take_kept(Pool& from, std::size_t size_class) {
  constexpr std::size_t kLarger = kSteps / 2;
  const std::lock_guard lock(from.mutex);
  const std::size_t end = std::min(kClasses, size_class + 1 + kLarger);
  for (std::size_t c = size_class; c < end; ++c) {
    Block* const block = from.kept[c];
    if (!block) continue;
    from.kept[c] = block->next;
    from.usage.bytes_in_use += bytes_of(c);
    return block;
  }
  return nullptr;
}

// Large blocks begin at a huge page and ask for huge pages: fewer misses of the address cache.
void* allocate(std::size_t bytes) {
  constexpr std::size_t kHugePage = std::size_t{2} << 20U;
  if (bytes < kHugePage) return std::aligned_alloc(alignof(Block), bytes);
  void* memory = nullptr;
  if (posix_memalign(&memory, kHugePage, bytes) != 0) return nullptr;
  madvise(memory, bytes, MADV_HUGEPAGE);
  return memory;
}

Block* ask_system(Pool& into, std::size_t size_class) {
  const std::size_t bytes = bytes_of(size_class);
  void* memory = allocate(bytes);
  if (!memory) {
    release_unused();
    memory = allocate(bytes);
  }
  if (!memory) {
    throw Error("memory: want " + std::to_string(bytes) + " bytes for an array, have too few left");
  }
  const std::lock_guard lock(into.mutex);
  ++into.usage.system_allocations;
  into.usage.bytes_in_use += bytes;
  into.usage.bytes_reserved += bytes;
  Block* const block = new (memory) Block;
  block->size_class = size_class;
  return block;
}

}  // namespace

Usage usage() {
  Pool& from = pool();
  const std::lock_guard lock(from.mutex);
  return from.usage;
}

void release_unused() {
  Pool& from = pool();
  const std::lock_guard lock(from.mutex);
  for (std::size_t size_class = 0; size_class < kClasses; ++size_class) {
    while (Block* const block = from.kept[size_class]) {
      from.kept[size_class] = block->next;
      from.usage.bytes_reserved -= bytes_of(size_class);
      ASAN_UNPOISON_MEMORY_REGION(block, bytes_of(size_class));
      std::free(block);
    }
  }
}

Buffer::Buffer(std::size_t bytes) {
  if (bytes > bytes_of(kClasses - 1) - sizeof(Block)) {
    throw Error("memory: want " + std::to_string(bytes) + " bytes for an array: too many");
  }
  const std::size_t size_class = class_of(bytes + sizeof(Block));
  block_ = take_kept(pool(), size_class);
  if (!block_) block_ = ask_system(pool(), size_class);
  block_->owners.store(1, std::memory_order_relaxed);
  block_->bytes = bytes;
  // Reuse would hide errors from the sanitizer: only what was asked for may be touched.
  ASAN_POISON_MEMORY_REGION(block_ + 1, bytes_of(block_->size_class) - sizeof(Block));
  ASAN_UNPOISON_MEMORY_REGION(block_ + 1, bytes);
}

void Buffer::give_back(Block* block) noexcept {
  const std::size_t size_class = block->size_class;
  ASAN_POISON_MEMORY_REGION(block + 1, bytes_of(size_class) - sizeof(Block));
  Pool& into = pool();
  const std::lock_guard lock(into.mutex);
  block->next = into.kept[size_class];
  into.kept[size_class] = block;
  into.usage.bytes_in_use -= bytes_of(size_class);
}

}  // namespace attune::storage
