#pragma once
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "memory_file.hpp"
#include "store/h5.hpp"

// Files of our format whose content hash is right and whose content is the fuzzer's: the hash is no
// secret, so it keeps damage out and nobody else. A file begins as one that is accepted; the input
// says of each of its parts whether it stays, goes, or gets another type, shape or value.
struct ForgedPart {
  std::string name;  // "/a/b": a dataset, else an attribute
  attune::store::Type type;
  attune::store::Dims dims;
  std::string value;  // text, or the bytes of the numbers; zeros where it ends
};

class ForgedFile {
 public:
  ForgedFile(const std::uint8_t* data, std::size_t size) : data_(data, size) {}

  // The bytes of the file. `version`: what it has when the input does not say another. Error when
  // no such file can be written.
  std::string of(const std::string& kind, int version, const std::vector<ForgedPart>& parts) {
    const std::string path = place();
    attune::store::Writer writer(path, kind, version + next() % 8);
    for (const ForgedPart& part : parts) add(writer, changed(part));
    while (at_ < data_.size()) {  // again, or under names that no one wants
      ForgedPart part = changed(parts[next() % parts.size()]);
      part.name += static_cast<char>('a' + next() % 26);
      add(writer, part);
    }
    writer.commit();
    std::ifstream file(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    ::unlink(path.c_str());
    return bytes;
  }

 private:
  // In memory where there is such a folder: a disk would be asked to sync each file.
  static std::string place() {
    static const std::string folder = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm/" : "";
    return folder + "attune-forged-" + std::to_string(::getpid()) + ".h5";
  }

  std::uint8_t next() { return at_ < data_.size() ? data_[at_++] : std::uint8_t{0}; }

  ForgedPart changed(ForgedPart part) {
    const unsigned what = next();
    if (what & 1U) part.name.clear();
    if (what & 2U) part.type = static_cast<attune::store::Type>(next() % 6);
    if (what & 4U) {
      part.dims.resize(next() % 4);
      for (std::uint64_t& dim : part.dims) dim = next() % 9;
    }
    if (what & 8U) part.value = bytes(next());
    if (what & 16U) part.value.insert(part.value.size() / 2, bytes(next() % 8));
    return part;
  }
  std::string bytes(std::size_t count) {
    std::string taken;
    for (; count > 0; --count) taken += static_cast<char>(next());
    return taken;
  }

  static std::string text_of(const std::string& value) {
    std::string text;
    for (const char letter : value)
      text += (letter & 0x7F) == 0 ? ' ' : static_cast<char>(letter & 0x7F);
    return text;
  }

  static void add(attune::store::Writer& writer, const ForgedPart& part) {
    using attune::store::Type;
    if (part.name.empty()) return;
    if (part.name.front() != '/') {
      if (part.type == Type::text) return writer.attribute(part.name, text_of(part.value));
      return writer.attribute(part.name, numbers<std::int64_t>(part.value, 1)[0]);
    }
    std::uint64_t count = 1;
    for (const std::uint64_t dim : part.dims) count *= dim;
    switch (part.type) {
      case Type::u8:
        return put<std::uint8_t>(writer, part, count);
      case Type::u32:
        return put<std::uint32_t>(writer, part, count);
      case Type::i64:
        return put<std::int64_t>(writer, part, count);
      case Type::f32:
        return put<float>(writer, part, count);
      case Type::f64:
        return put<double>(writer, part, count);
      case Type::text:
        break;
    }
    // One text for all, each with its own number in front where there are several.
    std::vector<std::string> texts(count, text_of(part.value));
    for (std::size_t i = 1; i < texts.size(); ++i) texts[i].insert(0, std::to_string(i));
    writer.write<std::string>(part.name, part.dims, texts, "forged");
  }
  template <typename T>
  static void put(attune::store::Writer& writer, const ForgedPart& part, std::uint64_t count) {
    const std::vector<T> values = numbers<T>(part.value, count);
    writer.write<T>(part.name, part.dims, std::span<const T>(values), "forged");
  }
  template <typename T>
  static std::vector<T> numbers(const std::string& value, std::uint64_t count) {
    std::vector<T> made(count);
    if (!made.empty())
      std::memcpy(made.data(), value.data(), std::min(value.size(), made.size() * sizeof(T)));
    return made;
  }

  std::span<const std::uint8_t> data_;
  std::size_t at_ = 0;
};

// The bytes of numbers, as ForgedPart::value.
template <typename T>
std::string value_of(std::initializer_list<T> numbers) {
  std::string bytes;
  for (const T number : numbers) bytes.append(reinterpret_cast<const char*>(&number), sizeof(T));
  return bytes;
}

// The weights and buffers that the harnesses want of a file.
inline std::vector<ForgedPart> forged_params(const std::string& group) {
  using attune::store::Type;
  return {{group + "/weights/w", Type::f32, {2, 3}, value_of<float>({1, 2, 3, 4, 5, 6})},
          {group + "/weights/b", Type::f32, {1}, value_of<float>({7})},
          {group + "/buffers/m", Type::f32, {3}, value_of<float>({8, 9, 10})}};
}

// A harness: an input that begins as HDF5 files do is a file, any other says what to forge. `read`
// tells whether the file of that name is accepted; the one of no input, which nobody changed, is.
template <typename Read>
int read_or_forged(const std::uint8_t* data, std::size_t size, const std::string& kind, int version,
                   const std::vector<ForgedPart>& parts, const Read& read) {
  if (size > 0 && data[0] == 0x89) {
    const MemoryFile file(data, size);
    read(file.path());
    return 0;
  }
  std::string bytes;
  try {
    bytes = ForgedFile(data, size).of(kind, version, parts);
  } catch (const attune::Error&) {
    require(size > 0);
    return 0;
  }
  const MemoryFile file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const bool accepted = read(file.path());
  require(accepted || size > 0);
  return 0;
}
