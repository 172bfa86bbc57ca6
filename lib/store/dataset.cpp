#include "store/dataset.hpp"

#include <algorithm>
#include <cstring>

namespace attune::store {
namespace {

std::string unpad(const char* bytes, std::size_t width) {
  while (width > 0 && bytes[width - 1] == '\0') --width;
  return std::string(bytes, width);
}

herr_t collect_name(hid_t, const char* name, const H5A_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

}  // namespace

Dataset::Dataset(Handle object, const Place& place, Budget& budget)
    : place_(place), dataset_(std::move(object)) {
  const WithinHdf5 scope;
  stored_ = own(H5Dget_type(dataset_.get()), H5Tclose, place, "a datatype");
  if (!known_type(stored_.get(), type_, width_)) fail(place, "one of our types", "another");
  const Handle space = own(H5Dget_space(dataset_.get()), H5Sclose, place, "a data space");
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) fail(place, "data", "a null space");
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0) fail_h5(place, "a shape");
  std::vector<hsize_t> extent(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space.get(), extent.data(), nullptr), place, "a shape");
  dims_.assign(extent.begin(), extent.end());
  budget.take_data(place, decoded_bytes(type_, width_, dims_), describe());
  chunks_.emplace(dataset_.get(), dims_, width_, place, budget);
}

std::string Dataset::about() const {
  const WithinHdf5 scope;
  if (H5Aexists(dataset_.get(), "about") <= 0) return "";
  const Attribute value = read_attribute(dataset_.get(), "about", place_.file);
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : "";
}

std::uint64_t Dataset::bytes_of(const Dims& count) const {
  std::uint64_t bytes = width_;
  for (const std::uint64_t dim : count) bytes *= dim;
  return bytes;
}

void Dataset::read(const Dims& start, const Dims& count, void* out) const {
  const WithinHdf5 scope;
  if (bytes_of(count) == 0) return;
  const Handle space = own(H5Dget_space(dataset_.get()), H5Sclose, place_, "a data space");
  Handle block = own(H5Screate(H5S_SCALAR), H5Sclose, place_, "a data space");
  if (!dims_.empty()) {
    const std::vector<hsize_t> from(start.begin(), start.end()), size(count.begin(), count.end());
    check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, from.data(), nullptr, size.data(),
                              nullptr),
          place_, "a block");
    block = own(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose,
                place_, "a data space");
  }
  const hid_t memory = type_ == Type::text ? stored_.get() : memory_type(type_);
  check(H5Dread(dataset_.get(), memory, block.get(), space.get(), H5P_DEFAULT, out), place_,
        "intact data");
}

std::string Dataset::text(const char* padded) const { return unpad(padded, width_); }

void Dataset::for_each_block(const std::function<void(const Dims&, const Dims&)>& visit) const {
  if (bytes_of(dims_) == 0) return;
  // Axes before `axis` are walked one index at a time, those after it are taken whole.
  std::size_t axis = dims_.size();
  std::uint64_t inner = width_;
  while (axis > 0 && inner * dims_[axis - 1] <= kChunkBytes) inner *= dims_[--axis];
  Dims start(dims_.size(), 0), count(dims_);
  if (axis == 0) return visit(start, count);
  --axis;
  // Blocks that end where chunks end decode each chunk once.
  const Dims chunk = chunks_->chunked() ? chunks_->shape() : Dims(dims_.size(), 1);
  const auto shared = static_cast<std::size_t>(
      std::find_if(chunk.begin(), chunk.end(), [](std::uint64_t dim) { return dim > 1; }) -
      chunk.begin());
  while (axis > shared) inner *= dims_[axis--];
  std::uint64_t step = std::max(kChunkBytes / inner, chunk[axis]);
  step -= step % chunk[axis];
  std::fill_n(count.begin(), axis, 1);
  for (;;) {
    for (start[axis] = 0; start[axis] < dims_[axis]; start[axis] += count[axis]) {
      count[axis] = std::min(step, dims_[axis] - start[axis]);
      visit(start, count);
    }
    std::size_t outer = axis;
    while (outer > 0 && ++start[outer - 1] == dims_[outer - 1]) start[--outer] = 0;
    if (outer == 0) return;
  }
}

std::string Dataset::digest() const {
  chunks_->check_all(dataset_.get(), dims_, place_);
  Sha256 sha;
  add_dataset_header(sha, type_, dims_, about());
  std::vector<char> buffer;
  for_each_block([&](const Dims& start, const Dims& count) {
    buffer.resize(bytes_of(count));
    read(start, count, buffer.data());
    if (type_ != Type::text) {
      sha.add(buffer.data(), buffer.size());
    } else {
      for (std::size_t i = 0; i < buffer.size(); i += width_) sha.add_field(text(&buffer[i]));
    }
  });
  return sha.hex();
}

Attribute read_attribute(hid_t object, const std::string& name, const std::string& file) {
  const WithinHdf5 scope;
  const Place place{file, "attribute " + name};
  const Handle attribute =
      own(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, place, "an attribute");
  const Handle stored = own(H5Aget_type(attribute.get()), H5Tclose, place, "a datatype");
  const Handle space = own(H5Aget_space(attribute.get()), H5Sclose, place, "a data space");
  Type type{};
  std::size_t width = 0;
  if (!known_type(stored.get(), type, width) || (type != Type::text && type != Type::i64) ||
      H5Sget_simple_extent_type(space.get()) != H5S_SCALAR || width > kLongestNote) {
    fail(place, "one text or one int64", "another type");
  }
  if (type == Type::i64) {
    std::int64_t value = 0;
    check(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value), place, "a value");
    return value;
  }
  std::vector<char> bytes(width);
  check(H5Aread(attribute.get(), stored.get(), bytes.data()), place, "a value");
  return unpad(bytes.data(), width);
}

std::map<std::string, Attribute> read_attributes(hid_t object, const std::string& file) {
  const WithinHdf5 scope;
  std::vector<std::string> names;
  check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names), {file, ""},
        "attributes");
  std::map<std::string, Attribute> attributes;
  for (const std::string& name : names) attributes[name] = read_attribute(object, name, file);
  return attributes;
}

}  // namespace attune::store
