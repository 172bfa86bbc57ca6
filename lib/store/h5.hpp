#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace attune::store {

// HDF5 behind RAII; nothing outside lib/store includes hdf5.h.
//
// Files are written with format bounds v110, chunked, shuffle + gzip + Fletcher-32, without object
// times: equal content gives equal bytes, damage is an Error and never silent wrong data, and h5py
// opens them without plug-ins. A content SHA-256 over all datasets (name, type, shape, values) is
// kept as root attribute "sha256" and checked by Reader's constructor; the attribute "complete" is
// written last.
enum class Type { u8, u32, i64, f32, f64, text };
template <typename T>
constexpr Type type_of();  // uint8_t, uint32_t, int64_t, float, double, std::string

using Dims = std::vector<std::uint64_t>;

// Writes a new file; appears whole on commit(), or not at all (AtomicFile).
class Writer {
 public:
  // kind: what the file is, e.g. "attune-pool"; version: of that format.
  Writer(const std::string& path, const std::string& kind, int version);
  ~Writer();
  // Dataset "/a/b"; groups are made as needed. `note` becomes attribute "about". Strings are UTF-8.
  template <typename T>
  void write(const std::string& name, const Dims& dims, std::span<const T> values,
             const std::string& note);
  void attribute(const std::string& name,
                 const std::string& value);  // of the root; large text → dataset
  void attribute(const std::string& name, std::int64_t value);
  std::string commit();  // the content hash

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Opens, checks kind, version, completeness and the content hash; Error "file: object: want, have".
class Reader {
 public:
  Reader(const std::string& path, const std::string& kind, int version);
  ~Reader();
  bool has(const std::string& name) const;
  Type type(const std::string& name) const;
  Dims dims(const std::string& name) const;
  template <typename T>
  std::vector<T> read(const std::string& name) const;  // whole; Error when the type differs
  // Rows [begin, end) of axis 0.
  template <typename T>
  std::vector<T> read_rows(const std::string& name, std::uint64_t begin, std::uint64_t end) const;
  std::string text_attribute(const std::string& name) const;
  std::int64_t integer_attribute(const std::string& name) const;
  bool has_attribute(const std::string& name) const;
  const std::string& hash() const;  // content SHA-256, 64 hex digits
  const std::string& path() const;
  std::vector<std::string> names() const;  // all datasets, sorted

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Kind and version of any of our files, without reading its data ("attune-pool", 1).
struct FileKind {
  std::string kind;
  std::int64_t version;
};
FileKind identify(const std::string& path);

}  // namespace attune::store
