#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "base/file.hpp"

namespace attune::store {

// HDF5 behind RAII; nothing outside lib/store includes hdf5.h.
//
// Files are written with format bounds v110, chunked, shuffle + gzip + Fletcher-32, without object
// times: equal content gives equal bytes, damage is an Error and never silent wrong data, and h5py
// opens them without plug-ins. A content SHA-256 over all datasets (name, type, shape, values) is
// kept as root attribute "sha256" and checked by Reader's constructor; the attribute "complete" is
// written last. Texts have a fixed width, padded with zero bytes to the longest (in h5py they come
// as bytes: .decode(), or dataset.asstr()). Not for use by several threads at once.
//
// Limits, for Writer and Reader alike: 10,000 groups and datasets, each of one name of at most
// 1,024 bytes with 8 groups above it; 1,000 attributes; and of all data together, as they lie in
// memory, 64 MiB and 100 bytes for each byte of the file.
enum class Type { u8, u32, i64, f32, f64, text };
// The Type of uint8_t, uint32_t, int64_t, float, double or std::string.
template <typename T>
constexpr Type type_of() {
  if (std::is_same_v<T, std::uint8_t>) return Type::u8;
  if (std::is_same_v<T, std::uint32_t>) return Type::u32;
  if (std::is_same_v<T, std::int64_t>) return Type::i64;
  if (std::is_same_v<T, float>) return Type::f32;
  if (std::is_same_v<T, double>) return Type::f64;
  return Type::text;
}

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
  // Of the root. A text over 16 KiB is kept as dataset "/text/<name>"; Reader finds both by name.
  void attribute(const std::string& name, const std::string& value);
  void attribute(const std::string& name, std::int64_t value);
  std::string hash() const;  // of the content so far
  std::string commit();      // the content hash

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Opens, checks kind, version, completeness and the content hash; Error "file: object: want, have".
// Before the hash it checks the limits below, so that a forged file takes little memory and time.
class Reader {
 public:
  Reader(const std::string& path, const std::string& kind, int version);
  // Of the versions least to most. `why`: see read_file.
  Reader(const std::string& path, const std::string& kind, int least, int most,
         Reading why = Reading::input);
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
  std::vector<std::string> attribute_names() const;  // of the root, sorted; without /text/…
  bool attribute_is_text(const std::string& name) const;
  const std::string& hash() const;  // content SHA-256, 64 hex digits
  const std::string& path() const;
  std::int64_t version() const;
  std::vector<std::string> names() const;               // all datasets, sorted
  std::string about(const std::string& name) const;     // the note of a dataset
  std::string describe(const std::string& name) const;  // "float32 (600,784)"

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
