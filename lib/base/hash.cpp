#include "base/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "base/error.hpp"
#include "base/file.hpp"

namespace attune {

namespace {

void check(int result) {
  if (result != 1) throw Error("SHA-256: the cryptographic library failed");
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr) throw Error("SHA-256: out of memory");
  check(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

Sha256& Sha256::add(const void* data, std::size_t bytes) {
  check(EVP_DigestUpdate(state_->context, data, bytes));
  return *this;
}

Sha256& Sha256::add(std::string_view text) { return add(text.data(), text.size()); }

Sha256& Sha256::add_field(std::string_view text) {
  std::array<unsigned char, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) {
    length[i] = static_cast<unsigned char>(std::uint64_t{text.size()} >> (8 * i));
  }
  return add(length.data(), length.size()).add(text);
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  check(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

namespace {
// OpenSSL starts before anything else takes memory: without any, its start crashes.
[[maybe_unused]] const std::string kStarted = sha256("");
}  // namespace

std::string sha256(std::string_view text) { return Sha256().add(text).hex(); }

std::string sha256_file(const std::string& path) {
  Sha256 hash;
  read_blocks(path, [&hash](std::string_view block) { hash.add(block); });
  return hash.hex();
}

}  // namespace attune
