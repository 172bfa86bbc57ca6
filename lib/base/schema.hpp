#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace attune {

// A key that some configuration has, and which choices make a part read it.
struct SchemaField {
  ConfigField field;
  std::string when;  // "a=x, b=y or a=z": (a=x and b=y) or a=z, else their defaults; empty: always
};

// All keys that `read` asks for, whatever the choices are: every alternative of every choice and
// flag is tried, on top of those that led to it. A UsageError of `read` is not passed on, since
// defaults need not suit every kind. Keys that mean different things to different kinds stand once
// for each.
std::vector<SchemaField> explore_schema(const std::function<void(const Config&)>& read);

// TSV with the columns program, key, type, default, allowed, when, about; `program` fills the
// first.
std::string schema_lines(const std::string& program, const std::vector<SchemaField>& fields);
std::string schema_header();

}  // namespace attune
