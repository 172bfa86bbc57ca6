#include "store/image.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace attune::store {
namespace {

// HDF5 takes two open files of one name for the same.
std::string fresh_name() {
  static std::uint64_t count = 0;
  return "image " + std::to_string(++count);
}

}  // namespace

Image::Image() : name_(fresh_name()) {}
Image::Image(std::string file) : name_(fresh_name()), given_(std::move(file)) {}
Image::~Image() { std::free(made_); }

// The opened file is read where it lies.
void* Image::allocate(size_t size, H5FD_file_image_op_t, void* self) {
  auto& image = *static_cast<Image*>(self);
  return size == image.given_.size() ? image.given_.data() : nullptr;
}

void* Image::copy(void* to, const void* from, size_t size, H5FD_file_image_op_t, void*) {
  return to == from ? to : std::memcpy(to, from, size);
}

void* Image::grow(void* memory, size_t size, H5FD_file_image_op_t, void* self) {
  void* const grown = std::realloc(memory, size);
  if (grown) static_cast<Image*>(self)->room_ = size;
  return grown;
}

herr_t Image::release(void* memory, H5FD_file_image_op_t operation, void* self) {
  auto& image = *static_cast<Image*>(self);
  if (memory == image.given_.data()) return 0;
  if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE && !image.made_) {
    image.made_ = static_cast<char*>(memory);
  } else {
    std::free(memory);
  }
  return 0;
}

Handle Image::access() {
  const WithinHdf5 scope;
  constexpr std::size_t kStep = 1 << 16;
  const Place place{"HDF5", "image"};
  Handle list = file_access();
  check(H5Pset_fapl_core(list.get(), kStep, false), place, "a file in memory");
  H5FD_file_image_callbacks_t callbacks{allocate, copy, grow, release, share, leave, this};
  check(H5Pset_file_image_callbacks(list.get(), &callbacks), place, "callbacks");
  if (!given_.empty()) {
    check(H5Pset_file_image(list.get(), given_.data(), given_.size()), place, "an image");
  }
  return list;
}

// HDF5 keeps more room than the file takes, whose end the superblock (version 3) holds.
std::string_view Image::made(const Place& place) const {
  constexpr std::size_t kVersion = 8, kEnd = 28, kSuperblock = 48;
  std::uint64_t end = 0;
  if (made_ && room_ >= kSuperblock && made_[kVersion] == 3) {
    std::memcpy(&end, made_ + kEnd, sizeof end);
  }
  if (end < kSuperblock || end > room_) fail(place, "a whole file in memory", "another");
  return {made_, end};
}

}  // namespace attune::store
