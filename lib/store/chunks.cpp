#include "store/chunks.hpp"

#include <zlib.h>

#include <algorithm>

namespace attune::store {
namespace {

constexpr std::size_t kChecksumBytes = 4;
// Rows that are read together because they share chunks.
constexpr std::uint64_t kMostStripe = std::uint64_t{64} << 20U;

std::vector<H5Z_filter_t> filters_of(hid_t list, const Place& place) {
  const WithinHdf5 scope;
  std::vector<H5Z_filter_t> filters;
  const int count = H5Pget_nfilters(list);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, values[8];
    std::size_t value_count = 8;
    const H5Z_filter_t filter = H5Pget_filter2(list, static_cast<unsigned>(i), &flags, &value_count,
                                               values, 0, nullptr, nullptr);
    const bool ours = filter == H5Z_FILTER_SHUFFLE || filter == H5Z_FILTER_DEFLATE ||
                      filter == H5Z_FILTER_FLETCHER32;
    if (!ours || std::count(filters.begin(), filters.end(), filter) > 0) {
      fail(place, "shuffle, gzip and Fletcher-32, each once", "filter " + std::to_string(filter));
    }
    filters.push_back(filter);
  }
  return filters;
}

void check_contiguous(hid_t dataset, const Dims& dims, std::size_t width, const Place& place,
                      const Budget& budget) {
  std::uint64_t bytes = width;
  for (const std::uint64_t dim : dims) bytes *= dim;  // within the budget, so no overflow
  if (bytes == 0) return;
  const haddr_t begin = H5Dget_offset(dataset);
  if (begin == HADDR_UNDEF) fail(place, "stored data", "none");
  if (begin > budget.file_bytes() || bytes > budget.file_bytes() - begin) {
    fail(place, "data inside the file", "data beyond its end");
  }
}

// Bytes that gzip data expand to, or more than `most` where that is less.
std::uint64_t inflated_bytes(unsigned char* bytes, std::size_t count, std::uint64_t most,
                             const Place& place) {
  constexpr std::size_t kStep = 1 << 15;
  static thread_local std::vector<unsigned char> step(kStep);
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  stream.next_in = bytes;
  stream.avail_in = static_cast<uInt>(count);
  std::uint64_t total = 0;
  int state = Z_OK;
  while (state == Z_OK && total <= most) {
    stream.next_out = step.data();
    stream.avail_out = static_cast<uInt>(step.size());
    state = inflate(&stream, Z_NO_FLUSH);
    total += step.size() - stream.avail_out;
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END && total <= most) {
    fail(place, "intact data", state == Z_MEM_ERROR ? "no memory for them" : "damaged gzip data");
  }
  return total;
}

}  // namespace

Chunks::Chunks(hid_t dataset, const Dims& dims, std::size_t width, const Place& place,
               Budget& budget) {
  const Handle list = own(H5Dget_create_plist(dataset), H5Pclose, place, "a creation list");
  const H5D_layout_t layout = H5Pget_layout(list.get());
  if ((layout != H5D_CHUNKED && layout != H5D_CONTIGUOUS) || H5Pget_external_count(list.get())) {
    fail(place, "chunks inside the file", "another layout");
  }
  filters_ = filters_of(list.get(), place);
  if (layout == H5D_CONTIGUOUS) {
    check_contiguous(dataset, dims, width, place, budget);
    return;
  }
  unsigned options = 0;
  check(H5Pget_chunk_opts(list.get(), &options), place, "chunk options");
  if (options != 0) fail(place, "chunks that are all alike", "other ones at the edges");
  std::vector<hsize_t> chunk(dims.size());
  if (H5Pget_chunk(list.get(), static_cast<int>(chunk.size()), chunk.data()) < 0) {
    fail_h5(place, "a chunk shape");
  }
  shape_.assign(chunk.begin(), chunk.end());
  const std::uint64_t most = std::max<std::uint64_t>(kChunkBytes, width);
  bytes_ = width;
  for (const hsize_t dim : chunk) {
    if (__builtin_mul_overflow(bytes_, dim, &bytes_) || bytes_ > most) {
      fail(place, "chunks of at most 1 MiB", "larger ones");
    }
  }
  check_shape(dims, width, place);
  std::uint64_t count = 1, bytes = width;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    count *= dims[axis] / shape_[axis] + (dims[axis] % shape_[axis] > 0);
    bytes *= dims[axis];
  }
  budget.take_chunks(place, count, bytes);
}

void Chunks::check_shape(const Dims& dims, std::size_t width, const Place& place) const {
  std::size_t axis = 0;
  while (axis < dims.size() && shape_[axis] == 1) ++axis;
  if (axis == dims.size()) return;
  std::uint64_t stripe = width * shape_[axis];
  for (std::size_t inner = axis + 1; inner < dims.size(); ++inner) stripe *= dims[inner];
  if (stripe > std::max(kMostStripe, bytes_)) {
    fail(place, "chunks of whole rows",
         "chunks that cut rows of " + std::to_string(stripe) + " bytes, in all that share chunks");
  }
}

void Chunks::check_one(hid_t dataset, const Dims& start, const Place& place,
                       std::vector<unsigned char>& stored) const {
  const std::vector<hsize_t> offset(start.begin(), start.end());
  hsize_t size = 0;
  check(H5Dget_chunk_storage_size(dataset, offset.data(), &size), place, "stored chunks");
  if (size == 0) fail(place, "every chunk stored", "missing ones");
  // What gzip can't shrink grows a little.
  if (size > bytes_ + bytes_ / 64 + 1024) fail(place, "intact chunks", "one longer than its data");
  stored.resize(size);
  std::uint32_t skipped = 0;
  check(H5Dread_chunk(dataset, H5P_DEFAULT, offset.data(), &skipped, stored.data()), place,
        "every chunk stored");
  std::uint64_t decoded = size;
  for (std::size_t i = filters_.size(); i-- > 0;) {
    if ((skipped >> i & 1U) != 0) continue;
    if (filters_[i] == H5Z_FILTER_FLETCHER32) {
      if (decoded < kChecksumBytes) fail(place, "intact data", "a chunk without its checksum");
      decoded -= kChecksumBytes;
    } else if (filters_[i] == H5Z_FILTER_DEFLATE) {
      decoded = inflated_bytes(stored.data(), decoded, bytes_ + kChecksumBytes, place);
    }
  }
  if (decoded != bytes_) {
    fail(place, "intact data",
         std::string("a chunk that decodes to ") + (decoded > bytes_ ? "more" : "less") +
             " than its size");
  }
}

void Chunks::check_all(hid_t dataset, const Dims& dims, const Place& place) const {
  const WithinHdf5 scope;
  if (!chunked() || std::count(dims.begin(), dims.end(), 0) > 0) return;
  std::vector<unsigned char> stored;
  Dims start(dims.size(), 0);
  for (;;) {
    check_one(dataset, start, place, stored);
    std::size_t axis = dims.size();
    while (axis > 0 && (start[axis - 1] += shape_[axis - 1]) >= dims[axis - 1]) start[--axis] = 0;
    if (axis == 0) return;
  }
}

}  // namespace attune::store
