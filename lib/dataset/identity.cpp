#include "dataset/identity.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"

namespace attune {

void Identity::add(const std::string& name, std::span<const std::uint8_t> bytes) {
  const std::string hash = Sha256().add(bytes.data(), bytes.size()).hex();
  if (!hash_of_.emplace(name, hash).second)
    throw Error(name + ": want one file of this name, have two");
}

std::string Identity::hex() const {
  Sha256 sum;
  for (const auto& [name, hash] : hash_of_) sum.add(hash + "  " + name + "\n");
  return sum.hex();
}

}  // namespace attune
