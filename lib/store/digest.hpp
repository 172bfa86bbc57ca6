#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "base/hash.hpp"
#include "store/h5.hpp"

namespace attune::store {

// The content hash, independent of compression and layout. Of each dataset a SHA-256 over type,
// rank, dims, "about", then the values (numbers little-endian in row-major order, texts each after
// their length); of the file one over the root attributes (all but "sha256" and "complete") and the
// dataset digests, both sorted by name.
void add_dataset_header(Sha256& sha, Type type, const Dims& dims, const std::string& about);

using Attribute = std::variant<std::string, std::int64_t>;
std::string content_digest(const std::map<std::string, Attribute>& attributes,
                           const std::map<std::string, std::string>& dataset_digests);

}  // namespace attune::store
