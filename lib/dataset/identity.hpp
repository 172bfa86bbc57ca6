#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace attune {

// Identity of a set of files, whatever folder or archive holds them: SHA-256 of the lines
// "<sha256>  <name>\n" sorted bytewise by name, which is what
//   LC_ALL=C; find images_* -name '*.png' | sort | xargs sha256sum | sha256sum
// prints for an unpacked copy.
class Identity {
 public:
  void add(const std::string& name, std::span<const std::uint8_t> bytes);  // Error: a name twice
  std::string hex() const;
  std::size_t files() const { return hash_of_.size(); }

 private:
  std::map<std::string, std::string> hash_of_;
};

}  // namespace attune
