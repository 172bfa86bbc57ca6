#pragma once
#include <functional>
#include <map>
#include <optional>

#include "store/chunks.hpp"
#include "store/digest.hpp"
#include "store/handle.hpp"

namespace attune::store {

// One dataset opened for reading. The constructor refuses whatever Writer never writes and sizes
// over the file's budget; digest() refuses damaged chunks. So later reads may allocate.
class Dataset {
 public:
  Dataset(Handle object, const Place& place, Budget& budget);
  Type type() const { return type_; }
  const Dims& dims() const { return dims_; }
  std::string about() const;
  std::string describe() const { return type_name(type_) + " " + shape_text(dims_); }

  // `count` elements per axis from `start`, into bytes_of(count) bytes.
  void read(const Dims& start, const Dims& count, void* out) const;
  std::uint64_t bytes_of(const Dims& count) const;
  std::string text(const char* padded) const;  // without the padding
  std::size_t width() const { return width_; }
  std::string digest() const;  // in blocks: memory stays small

 private:
  // Consecutive blocks of about kChunkBytes in row-major order.
  void for_each_block(const std::function<void(const Dims&, const Dims&)>& visit) const;

  Place place_;
  Handle dataset_, stored_;
  Type type_{};
  std::size_t width_ = 0;
  Dims dims_;
  std::optional<Chunks> chunks_;  // always there; made last
};

// A scalar text or integer attribute of `object`.
Attribute read_attribute(hid_t object, const std::string& name, const std::string& file);
std::map<std::string, Attribute> read_attributes(hid_t object, const std::string& file);

}  // namespace attune::store
