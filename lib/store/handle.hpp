#pragma once
// The C API's names stay inside lib/store.
#include <hdf5.h>

#include <string>
#include <utility>

#include "store/h5.hpp"

namespace attune::store {

// While one lives, a request for memory that fails in this thread ends the call of HDF5 with
// std::bad_alloc: left to itself, the library would crash or end the process (starving.c). Only for
// calls of HDF5: other libraries bear a failure better than an exception.
class WithinHdf5 {
 public:
  WithinHdf5();
  ~WithinHdf5();
  WithinHdf5(const WithinHdf5&) = delete;
  WithinHdf5& operator=(const WithinHdf5&) = delete;

 private:
  int before_;
};

// Whether memory has run out in this process: closing anything would make HDF5 1.10.8 ask for more
// and crash. Handles are left open then, and the process ends soon.
bool starved();

// Owns an HDF5 identifier.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() { release(); }
  hid_t get() const { return id_; }
  bool valid() const { return id_ >= 0; }
  bool release() noexcept;  // false on failure

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// Where a call stands, for messages: "file: object".
struct Place {
  std::string file, object;
};
// Throws Error "file: object: want <want>, have <innermost reason HDF5 gave>".
[[noreturn]] void fail_h5(const Place& place, const std::string& want);
[[noreturn]] void fail(const Place& place, const std::string& want, const std::string& have);
Handle own(hid_t id, Handle::Close close, const Place& place, const std::string& want);
void close(Handle& handle, const Place& place);  // data may be written only now
void check(herr_t status, const Place& place, const std::string& want);

void prepare_library();  // silent, no plug-ins, no exit handlers; cheap to call again
Handle file_access();    // v110 bounds, no locking, files closed for certain

std::string type_name(Type type);                // "uint8", …, "text"
std::string shape_text(const Dims& dims);        // "(3,28,28)"
Handle file_type(Type type, std::size_t width);  // little-endian; width: bytes of a text, ≥ 1
hid_t memory_type(Type type);                    // of numbers
std::size_t element_bytes(Type type);            // of numbers
// The Type of a stored datatype and its width in bytes; false for types we never write.
bool known_type(hid_t stored, Type& type, std::size_t& width);

// Longest text kept as an attribute (an object header holds 64 KiB); longer ones are datasets.
constexpr std::size_t kLongestAttribute = 16 * 1024;
constexpr std::size_t kLongestNote = 2 * kLongestAttribute;  // "about" of a dataset
constexpr std::size_t kChunkBytes = 1 << 20;
constexpr const char* kTextFolder = "/text/";

}  // namespace attune::store
