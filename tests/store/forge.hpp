#pragma once
#include <hdf5.h>
#include <zlib.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "store/digest.hpp"
#include "store/h5.hpp"

// A file of kind "attune-victim", version 1, made with the plain HDF5 library, so that tests can
// put in what Writer never writes, under a content hash that is right.
class Forge {
 public:
  explicit Forge(const std::string& path, hid_t creation = H5P_DEFAULT,
                 H5F_libver_t version = H5F_LIBVER_V110) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, version, H5F_LIBVER_V110);
    file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access);
    H5Pclose(access);
    attribute(file, "format", std::string("attune-victim"));
    attribute(file, "format_version", std::int64_t{1});
  }
  Forge(const Forge&) = delete;
  Forge& operator=(const Forge&) = delete;
  ~Forge() {
    const std::string hash = attune::store::content_digest(attributes_, digests_);
    attribute(file, "sha256", hash);
    attribute(file, "complete", std::int64_t{1});
    H5Fclose(file);
  }

  void attribute(hid_t object, const std::string& name, const attune::store::Attribute& value) {
    const auto* text = std::get_if<std::string>(&value);
    const hid_t type = text ? text_type(text->size()) : H5Tcopy(H5T_STD_I64LE);
    const hid_t scalar = H5Screate(H5S_SCALAR);
    const hid_t made = H5Acreate2(object, name.c_str(), type, scalar, H5P_DEFAULT, H5P_DEFAULT);
    const void* data = text ? static_cast<const void*>(text->c_str())
                            : static_cast<const void*>(&std::get<std::int64_t>(value));
    H5Awrite(made, type, data);
    H5Aclose(made);
    H5Sclose(scalar);
    H5Tclose(type);
    if (object == file) attributes_[name] = value;
  }

  static hid_t text_type(std::size_t width) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, std::max<std::size_t>(width, 1));
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
  }

  // A list for dataset(), with chunks unless `chunk` is empty.
  static hid_t list_of(const std::vector<hsize_t>& chunk, int gzip = 0) {
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    if (!chunk.empty()) H5Pset_chunk(list, static_cast<int>(chunk.size()), chunk.data());
    for (int i = 0; i < gzip; ++i) H5Pset_deflate(list, 9);
    return list;
  }
  // Created, not written. Consumes `list`.
  hid_t dataset(const std::string& name, const std::vector<hsize_t>& dims, hid_t list,
                hid_t type = H5T_STD_U8LE) {
    const hid_t space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
    const hid_t made = H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Pclose(list);
    H5Sclose(space);
    return made;
  }
  // Bytes, all zero, with their digest. Consumes `list`.
  void zeros(const std::string& name, const std::vector<hsize_t>& dims, hid_t list) {
    const hid_t made = dataset(name, dims, list);
    std::size_t count = 1;
    for (const hsize_t dim : dims) count *= dim;
    const std::vector<std::uint8_t> values(count, 0);
    H5Dwrite(made, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(made);
    attune::Sha256 sha;
    attune::store::add_dataset_header(sha, attune::store::Type::u8, {dims.begin(), dims.end()}, "");
    sha.add(values.data(), values.size());
    digests_[name] = sha.hex();
  }

  hid_t file = -1;

 private:
  std::map<std::string, attune::store::Attribute> attributes_;
  std::map<std::string, std::string> digests_;
};

inline std::vector<Bytef> packed_zeros(std::size_t count) {
  const std::vector<Bytef> zeros(count, 0);
  std::vector<Bytef> packed(compressBound(count));
  uLongf size = packed.size();
  compress2(packed.data(), &size, zeros.data(), count, 9);
  packed.resize(size);
  return packed;
}

// What Reader says of the file: "" when it takes it.
inline std::string refusal_of(const std::string& path) {
  try {
    const attune::store::Reader reader(path, "attune-victim", 1);
  } catch (const attune::Error& error) {
    return error.what();
  }
  return "";
}

// Equal to every text that holds it.
struct has {
  explicit has(const char* text) : part(text) {}
  std::string part;
  friend bool operator==(const std::string& text, const has& wanted) {
    return text.find(wanted.part) != std::string::npos;
  }
  friend std::ostream& operator<<(std::ostream& out, const has& wanted) {
    return out << "..." << wanted.part << "...";
  }
};
