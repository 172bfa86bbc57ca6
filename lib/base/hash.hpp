#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace attune {

// SHA-256 (OpenSSL EVP), so that users can check with sha256sum.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& add(const void* data, std::size_t bytes);
  Sha256& add(std::string_view text);
  // The length goes in first, so that ("ab","c") and ("a","bc") differ.
  Sha256& add_field(std::string_view text);
  std::string hex();  // 64 lower-case digits; ends the object

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256(std::string_view text);
std::string sha256_file(const std::string& path);

}  // namespace attune
