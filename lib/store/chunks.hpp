#pragma once
#include <vector>

#include "store/limits.hpp"

namespace attune::store {

// How a dataset lies in its file: in one piece, or in chunks behind shuffle, gzip and Fletcher-32.
class Chunks {
 public:
  // Error for what Writer never makes, and for chunks so shaped that reading rows decodes them over
  // and over or takes much memory. Reads no data.
  Chunks(hid_t dataset, const Dims& dims, std::size_t width, const Place& place, Budget& budget);
  bool chunked() const { return !shape_.empty(); }
  const Dims& shape() const { return shape_; }
  // Error unless every chunk is stored and decodes to its own size: HDF5 would take whatever memory
  // a forged one asks for, or read behind one that is short.
  void check_all(hid_t dataset, const Dims& dims, const Place& place) const;

 private:
  void check_shape(const Dims& dims, std::size_t width, const Place& place) const;
  void check_one(hid_t dataset, const Dims& start, const Place& place,
                 std::vector<unsigned char>& stored) const;

  Dims shape_;  // empty unless chunked
  std::uint64_t bytes_ = 0;
  std::vector<H5Z_filter_t> filters_;
};

}  // namespace attune::store
