#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "store/digest.hpp"
#include "store/handle.hpp"
#include "store/image.hpp"
#include "store/limits.hpp"

namespace attune::store {
namespace {

// Halves the outermost axes until one chunk fits: a chunk is whole rows wherever a row fits.
Dims chunk_of(Dims dims, std::size_t bytes_per_element) {
  const auto bytes = [&] {
    std::uint64_t product = bytes_per_element;
    for (const std::uint64_t dim : dims) product *= dim;
    return product;
  };
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    while (dims[axis] > 1 && bytes() > kChunkBytes) dims[axis] = (dims[axis] + 1) / 2;
  }
  return dims;
}

Handle creation_list(const Dims& dims, std::size_t bytes_per_element, std::uint64_t count,
                     const Place& place) {
  const WithinHdf5 scope;
  Handle list = own(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, place, "a creation list");
  check(H5Pset_obj_track_times(list.get(), false), place, "no times");
  // Neither scalars nor empty arrays can be chunked; the content hash guards them.
  if (dims.empty() || count == 0) return list;
  const Dims chunk = chunk_of(dims, bytes_per_element);
  const std::vector<hsize_t> extent(chunk.begin(), chunk.end());
  check(H5Pset_chunk(list.get(), static_cast<int>(extent.size()), extent.data()), place, "chunks");
  check(H5Pset_fill_time(list.get(), H5D_FILL_TIME_ALLOC), place, "filled edges");
  check(H5Pset_shuffle(list.get()), place, "shuffle");
  check(H5Pset_deflate(list.get(), 4), place, "gzip");
  check(H5Pset_fletcher32(list.get()), place, "Fletcher-32");
  return list;
}

Handle space_of(const Dims& dims, const Place& place) {
  const WithinHdf5 scope;
  const std::vector<hsize_t> extent(dims.begin(), dims.end());
  const hid_t id = dims.empty()
                       ? H5Screate(H5S_SCALAR)
                       : H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr);
  return own(id, H5Sclose, place, "a data space");
}

void check_text(const std::string& text, const Place& place) {
  if (text.find('\0') != std::string::npos) fail(place, "text", "a zero byte in it");
  if (!valid_utf8(text)) fail(place, "UTF-8", "other bytes");
}

void put_attribute(hid_t object, const std::string& name, const Attribute& value,
                   const std::string& file) {
  const WithinHdf5 scope;
  const Place place{file, "attribute " + name};
  const auto* text = std::get_if<std::string>(&value);
  const Handle type = text ? file_type(Type::text, std::max<std::size_t>(text->size(), 1))
                           : file_type(Type::i64, 0);
  const Handle space = space_of({}, place);
  Handle attribute =
      own(H5Acreate2(object, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
          H5Aclose, place, "a new attribute");
  const void* data = text ? static_cast<const void*>(text->c_str())
                          : static_cast<const void*>(&std::get<std::int64_t>(value));
  check(H5Awrite(attribute.get(), type.get(), data), place, "to write it");
  close(attribute, place);
}

template <typename T>
void add_values(Sha256& sha, std::span<const T> values) {
  if constexpr (std::is_same_v<T, std::string>) {
    for (const std::string& text : values) sha.add_field(text);
  } else {
    sha.add(values.data(), values.size_bytes());
  }
}

// Texts side by side, each padded with zeros to the longest.
std::vector<char> pad_texts(std::span<const std::string> values, std::size_t width) {
  std::vector<char> packed(values.size() * width, '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::copy(values[i].begin(), values[i].end(),
              packed.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
  return packed;
}

}  // namespace

struct Writer::State {
  explicit State(const std::string& name) : path(name), output(name) {}
  std::string path;
  AtomicFile output;
  Image image;  // outlives the HDF5 handle below
  Handle file;
  std::map<std::string, Attribute> attributes;
  std::map<std::string, std::string> digests;
  std::set<std::string> groups;
  std::uint64_t decoded = 0;  // bytes of all datasets, as a Reader counts them

  void add_attribute(const std::string& name, const Attribute& value);
  void make_groups(const std::string& name);
  Handle create(const std::string& name, const Dims& dims, Type type, std::size_t width,
                std::uint64_t count);
  void check_limits(std::uint64_t file_bytes) const;
};

void Writer::State::add_attribute(const std::string& name, const Attribute& value) {
  const Place place{path, "attribute " + name};
  check_name({path, name});
  if (attributes.size() >= kMostAttributes) {
    fail({path, ""}, "at most " + std::to_string(kMostAttributes) + " attributes", "more");
  }
  if (!attributes.emplace(name, value).second) {
    fail(place, "a new attribute", "one of that name");
  }
  put_attribute(file.get(), name, value, path);
}

// What a Reader would refuse is not written.
void Writer::State::check_limits(std::uint64_t file_bytes) const {
  if (groups.size() + digests.size() > kMostObjects) {
    fail({path, ""}, "at most " + std::to_string(kMostObjects) + " groups and datasets",
         std::to_string(groups.size() + digests.size()));
  }
  if (const std::uint64_t most = most_decoded_bytes(file_bytes); decoded > most) {
    fail({path, ""},
         "at most " + std::to_string(most) + " bytes of data in a file of " +
             std::to_string(file_bytes) + " (64 MiB and 100 for each byte), which is what is read",
         std::to_string(decoded) + "; constant columns or one very long text make such files");
  }
}

// Not by H5Pset_create_intermediate_group: such groups would carry times.
void Writer::State::make_groups(const std::string& name) {
  const WithinHdf5 scope;
  for (std::size_t slash = name.find('/', 1); slash != std::string::npos;
       slash = name.find('/', slash + 1)) {
    const std::string group = name.substr(0, slash);
    if (!groups.insert(group).second) continue;
    const Place place{path, group};
    const Handle list = own(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, place, "a creation list");
    check(H5Pset_obj_track_times(list.get(), false), place, "no times");
    Handle made = own(H5Gcreate2(file.get(), group.c_str(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
                      H5Gclose, place, "a new group");
    close(made, place);
  }
}

Handle Writer::State::create(const std::string& name, const Dims& dims, Type type,
                             std::size_t width, std::uint64_t count) {
  const WithinHdf5 scope;
  const Place place{path, name};
  if (name.size() < 2 || name[0] != '/' || name.back() == '/' || !valid_utf8(name) ||
      name.find("//") != std::string::npos) {
    fail(place, "a name like /group/data", "\"" + name + "\"");
  }
  check_name(place);
  if (digests.count(name)) fail(place, "a new dataset", "one of that name");
  make_groups(name);
  const Handle stored = file_type(type, width);
  const Handle space = space_of(dims, place);
  const Handle list = creation_list(dims, width, count, place);
  return own(H5Dcreate2(file.get(), name.c_str(), stored.get(), space.get(), H5P_DEFAULT,
                        list.get(), H5P_DEFAULT),
             H5Dclose, place, "a new dataset");
}

Writer::Writer(const std::string& path, const std::string& kind, int version) {
  if (path == "-") throw UsageError("-: want a file name for HDF5, have the standard output");
  prepare_library();
  state_ = std::make_unique<State>(path);
  const WithinHdf5 scope;
  const Place place{path, ""};
  const Handle list = own(H5Pcreate(H5P_FILE_CREATE), H5Pclose, place, "a creation list");
  check(H5Pset_obj_track_times(list.get(), false), place, "no times");
  check(H5Pset_attr_phase_change(list.get(), 255, 0), place, "compact attributes");
  const Handle access = state_->image.access();
  state_->file =
      own(H5Fcreate(state_->image.name().c_str(), H5F_ACC_TRUNC, list.get(), access.get()),
          H5Fclose, place, "to create the file");
  state_->add_attribute("format", kind);
  state_->add_attribute("format_version", std::int64_t{version});
}

Writer::~Writer() = default;

template <typename T>
void Writer::write(const std::string& name, const Dims& dims, std::span<const T> values,
                   const std::string& note) {
  const Place place{state_->path, name};
  std::uint64_t count = 1;
  for (const std::uint64_t dim : dims) {
    if (__builtin_mul_overflow(count, dim, &count)) fail(place, "a size", shape_text(dims));
  }
  if (count != values.size()) {
    fail(place, shape_text(dims), std::to_string(values.size()) + " values");
  }
  constexpr Type type = type_of<T>();
  std::size_t width = element_bytes(type);
  std::vector<char> packed;
  const void* data = values.data();
  if constexpr (std::is_same_v<T, std::string>) {
    width = 1;
    for (const std::string& text : values) {
      check_text(text, place);
      width = std::max(width, text.size());
    }
    if (width * values.size() > std::size_t{1} << 30) fail(place, "at most 1 GiB of text", "more");
    packed = pad_texts(values, width);
    data = packed.data();
  }
  check_text(note, place);
  if (note.size() > kLongestNote) {
    fail(place, "a note of at most " + std::to_string(kLongestNote) + " bytes", "a longer one");
  }
  if (__builtin_add_overflow(state_->decoded, decoded_bytes(type, width, dims), &state_->decoded)) {
    fail(place, "a size", shape_text(dims));
  }
  Handle dataset = state_->create(name, dims, type, width, count);
  put_attribute(dataset.get(), "about", note, state_->path);
  const Handle padded = file_type(type, width);
  if (count > 0) {
    const WithinHdf5 scope;
    check(H5Dwrite(dataset.get(), packed.empty() ? memory_type(type) : padded.get(), H5S_ALL,
                   H5S_ALL, H5P_DEFAULT, data),
          place, "to write it");
  }
  close(dataset, place);
  Sha256 sha;
  add_dataset_header(sha, type, dims, note);
  add_values(sha, values);
  state_->digests[name] = sha.hex();
}

template void Writer::write(const std::string&, const Dims&, std::span<const std::uint8_t>,
                            const std::string&);
template void Writer::write(const std::string&, const Dims&, std::span<const std::uint32_t>,
                            const std::string&);
template void Writer::write(const std::string&, const Dims&, std::span<const std::int64_t>,
                            const std::string&);
template void Writer::write(const std::string&, const Dims&, std::span<const float>,
                            const std::string&);
template void Writer::write(const std::string&, const Dims&, std::span<const double>,
                            const std::string&);
template void Writer::write(const std::string&, const Dims&, std::span<const std::string>,
                            const std::string&);

void Writer::attribute(const std::string& name, const std::string& value) {
  check_text(value, {state_->path, "attribute " + name});
  if (value.size() <= kLongestAttribute) {
    state_->add_attribute(name, value);
  } else {
    write<std::string>(kTextFolder + name, {1}, std::span(&value, 1),
                       "attribute \"" + name + "\" of the file, too long for an attribute");
  }
}

void Writer::attribute(const std::string& name, std::int64_t value) {
  state_->add_attribute(name, value);
}

std::string Writer::hash() const { return content_digest(state_->attributes, state_->digests); }

std::string Writer::commit() {
  const std::string hash = this->hash();
  state_->add_attribute("sha256", hash);
  state_->add_attribute("complete", std::int64_t{1});
  const Place place{state_->path, ""};
  {
    const WithinHdf5 scope;
    check(H5Fflush(state_->file.get(), H5F_SCOPE_GLOBAL), place, "to write the file");
  }
  close(state_->file, place);
  const std::string_view bytes = state_->image.made(place);
  state_->check_limits(bytes.size());
  state_->output.write(bytes);
  state_->output.commit();
  return hash;
}

}  // namespace attune::store
