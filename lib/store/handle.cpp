#include "store/handle.hpp"

#include <atomic>
#include <bit>
#include <new>

#include "base/cli.hpp"
#include "base/error.hpp"

namespace attune::store {
namespace {

static_assert(std::endian::native == std::endian::little, "content hashes are over little-endian");

[[maybe_unused]] const bool kRecorded =
    record_version("HDF5", std::to_string(H5_VERS_MAJOR) + "." + std::to_string(H5_VERS_MINOR) +
                               "." + std::to_string(H5_VERS_RELEASE));

// HDF5's messages of failed system calls carry a time and addresses: keep the operating system's.
std::string reason_text(const std::string& description) {
  const std::string mark = "error message = '";
  const std::size_t begin = description.find(mark);
  if (begin == std::string::npos) return description;
  const std::size_t text = begin + mark.size();
  return description.substr(text, description.find('\'', text) - text);
}

std::atomic<bool> out_of_memory{false};
thread_local int within = 0;

void note_starvation() {
  out_of_memory = true;
  throw std::bad_alloc();
}

herr_t innermost(unsigned depth, const H5E_error2_t* error, void* text) {
  if (error->maj_num == H5E_RESOURCE && error->min_num == H5E_NOSPACE) out_of_memory = true;
  if (depth == 0 && error->desc) *static_cast<std::string*>(text) = reason_text(error->desc);
  return 0;
}

}  // namespace

bool starved() { return out_of_memory; }

WithinHdf5::WithinHdf5() : before_(within++) {}
WithinHdf5::~WithinHdf5() { within = before_; }

bool Handle::release() noexcept {
  const hid_t id = std::exchange(id_, -1);
  if (id < 0) return true;
  if (starved()) return false;
  try {
    const WithinHdf5 scope;
    return close_(id) >= 0;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void fail(const Place& place, const std::string& want, const std::string& have) {
  std::string message = place.file;
  if (!place.object.empty()) message += ": " + place.object;
  throw Error(message + ": want " + want + ", have " + have);
}

void fail_h5(const Place& place, const std::string& want) {
  std::string reason = "an error of the HDF5 library";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, &reason);
  H5Eclear2(H5E_DEFAULT);
  fail(place, want, reason);
}

Handle own(hid_t id, Handle::Close close, const Place& place, const std::string& want) {
  if (id < 0) fail_h5(place, want);
  return Handle(id, close);
}

void close(Handle& handle, const Place& place) {
  if (!handle.release()) fail_h5(place, "to write it");
}

void check(herr_t status, const Place& place, const std::string& want) {
  if (status < 0) fail_h5(place, want);
}

namespace {

bool start_library() {
  std::set_new_handler(note_starvation);
  // A file whose close failed must not be flushed again at exit: it would fail again, and loop.
  static const bool ready = H5dont_atexit() >= 0 && H5open() >= 0 &&
                            H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0 &&
                            H5PLset_loading_state(0) >= 0;
  return ready;
}

// Before anything else takes memory: without any, the library prints a page or crashes.
[[maybe_unused]] const bool kStarted = start_library();

}  // namespace

void prepare_library() {
  if (!start_library()) throw Error("HDF5: want the library to start, have a failure");
}

Handle file_access() {
  const WithinHdf5 scope;
  const Place place{"HDF5", ""};
  Handle list = own(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, place, "an access list");
  check(H5Pset_libver_bounds(list.get(), H5F_LIBVER_V110, H5F_LIBVER_V110), place, "v110");
  check(H5Pset_file_locking(list.get(), false, true), place, "no locking");
  check(H5Pset_fclose_degree(list.get(), H5F_CLOSE_STRONG), place, "strong close");
  return list;
}

std::string type_name(Type type) {
  switch (type) {
    case Type::u8:
      return "uint8";
    case Type::u32:
      return "uint32";
    case Type::i64:
      return "int64";
    case Type::f32:
      return "float32";
    case Type::f64:
      return "float64";
    case Type::text:
      break;
  }
  return "text";
}

std::string shape_text(const Dims& dims) {
  std::string text = "(";
  for (std::size_t i = 0; i < dims.size(); ++i) text += (i ? "," : "") + std::to_string(dims[i]);
  return text + ")";
}

Handle file_type(Type type, std::size_t width) {
  const WithinHdf5 scope;
  const auto numeric = [&] {
    switch (type) {
      case Type::u8:
        return H5T_STD_U8LE;
      case Type::u32:
        return H5T_STD_U32LE;
      case Type::i64:
        return H5T_STD_I64LE;
      case Type::f32:
        return H5T_IEEE_F32LE;
      case Type::f64:
        return H5T_IEEE_F64LE;
      case Type::text:
        break;
    }
    return H5T_C_S1;
  };
  const Place place{"HDF5", type_name(type)};
  Handle copy = own(H5Tcopy(numeric()), H5Tclose, place, "a datatype");
  if (type == Type::text) {
    check(H5Tset_size(copy.get(), width), place, "a width");
    check(H5Tset_strpad(copy.get(), H5T_STR_NULLPAD), place, "padding");
    check(H5Tset_cset(copy.get(), H5T_CSET_UTF8), place, "UTF-8");
  }
  return copy;
}

hid_t memory_type(Type type) {
  switch (type) {
    case Type::u8:
      return H5T_NATIVE_UINT8;
    case Type::u32:
      return H5T_NATIVE_UINT32;
    case Type::i64:
      return H5T_NATIVE_INT64;
    case Type::f32:
      return H5T_NATIVE_FLOAT;
    case Type::f64:
      return H5T_NATIVE_DOUBLE;
    case Type::text:
      break;
  }
  return -1;
}

std::size_t element_bytes(Type type) {
  switch (type) {
    case Type::u8:
      return 1;
    case Type::u32:
    case Type::f32:
      return 4;
    case Type::i64:
    case Type::f64:
      return 8;
    case Type::text:
      break;
  }
  return 0;
}

bool known_type(hid_t stored, Type& type, std::size_t& width) {
  const WithinHdf5 scope;
  width = H5Tget_size(stored);
  if (H5Tcommitted(stored) > 0) return false;
  if (H5Tget_class(stored) == H5T_STRING) {
    type = Type::text;
    return width >= 1 && H5Tis_variable_str(stored) == 0 &&
           H5Tget_strpad(stored) == H5T_STR_NULLPAD && H5Tget_cset(stored) == H5T_CSET_UTF8;
  }
  for (const Type known : {Type::u8, Type::u32, Type::i64, Type::f32, Type::f64}) {
    type = known;
    if (H5Tequal(stored, file_type(known, 0).get()) > 0) return true;
  }
  return false;
}

}  // namespace attune::store

// Called by starving.c.
extern "C" {
int attune_within_hdf5() { return attune::store::within; }
void attune_out_of_memory() {
  // Throwing asks for memory too.
  attune::store::within = 0;
  attune::store::out_of_memory = true;
  throw std::bad_alloc();
}
}
