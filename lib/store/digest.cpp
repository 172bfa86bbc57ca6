#include "store/digest.hpp"

#include "store/handle.hpp"

namespace attune::store {
namespace {

void add_number(Sha256& sha, std::uint64_t value) { sha.add(&value, sizeof value); }

}  // namespace

void add_dataset_header(Sha256& sha, Type type, const Dims& dims, const std::string& about) {
  sha.add_field(type_name(type));
  add_number(sha, dims.size());
  for (const std::uint64_t dim : dims) add_number(sha, dim);
  sha.add_field(about);
}

std::string content_digest(const std::map<std::string, Attribute>& attributes,
                           const std::map<std::string, std::string>& dataset_digests) {
  Sha256 sha;
  for (const auto& [name, value] : attributes) {
    if (name == "sha256" || name == "complete") continue;
    const bool text = std::holds_alternative<std::string>(value);
    sha.add_field("attribute").add_field(name).add_field(text ? "text" : "int64");
    if (text) {
      sha.add_field(std::get<std::string>(value));
    } else {
      add_number(sha, static_cast<std::uint64_t>(std::get<std::int64_t>(value)));
    }
  }
  for (const auto& [name, digest] : dataset_digests) {
    sha.add_field("dataset").add_field(name).add_field(digest);
  }
  return sha.hex();
}

}  // namespace attune::store
