#pragma once
#include <string>
#include <string_view>

#include "store/handle.hpp"

namespace attune::store {

// The bytes of an HDF5 file in memory. HDF5's own file access repeats an interrupted system call
// for ever, and an error when closing is hard to come by: so it works on this, and whole files pass
// through base/file. Must outlive what is opened with access().
class Image {
 public:
  Image();                           // of a file that will be created
  explicit Image(std::string file);  // of one that is opened
  ~Image();
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  const std::string& name() const { return name_; }  // for H5Fcreate and H5Fopen
  Handle access();
  std::size_t size() const { return given_.size(); }
  std::string_view made(const Place& place) const;  // once the created file is closed

 private:
  static void* allocate(size_t size, H5FD_file_image_op_t, void* self);
  static void* copy(void* to, const void* from, size_t size, H5FD_file_image_op_t, void*);
  static void* grow(void* memory, size_t size, H5FD_file_image_op_t, void* self);
  static herr_t release(void* memory, H5FD_file_image_op_t operation, void* self);
  static void* share(void* self) { return self; }
  static herr_t leave(void*) { return 0; }

  std::string name_, given_;
  char* made_ = nullptr;
  std::size_t room_ = 0;  // bytes behind made_
};

}  // namespace attune::store
