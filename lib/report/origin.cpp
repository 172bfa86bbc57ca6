#include "report/origin.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

std::set<std::string> parts_of(std::string_view splits) {
  const auto parts = split(splits, '+');
  return {parts.begin(), parts.end()};
}

bool is_short_hash(const std::string& text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

const std::vector<OriginColumn>& origin_columns() {
  static const std::vector<OriginColumn> columns = {
      {"split", &Origin::split},
      {"mode", &Origin::mode},
      {"tested_on", &Origin::tested_on},
      {"tested_pool", &Origin::tested_pool},
      {"trained_pool", &Origin::trained_pool},
      {"config", &Origin::config},
      {"bits", &Origin::bits},
  };
  return columns;
}

bool is_origin_column(std::string_view name) {
  return std::ranges::any_of(origin_columns(),
                             [&](const OriginColumn& column) { return name == column.name; });
}

bool tell_origin(const Rows& rows) {
  if (std::ranges::none_of(rows.columns, is_origin_column)) return false;
  for (const OriginColumn& column : origin_columns()) rows.column(column.name);
  return true;
}

void check_origin(const Origin& origin, const std::string& where) {
  if (origin.mode != "inductive" && origin.mode != "transductive")
    throw Error(where + ": mode: want inductive or transductive, have " + origin.mode);
  for (const OriginColumn& column : origin_columns()) {
    const std::string& text = origin.*column.member;
    if (text.empty()) throw Error(where + ": " + column.name + ": want a text, have none");
  }
  const auto want_hash = [&](const char* name, const std::string& text) {
    if (is_short_hash(text) || text == "-") return;
    throw Error(where + ": " + name + ": want 16 digits of a hash, or -" + ", have " + text);
  };
  want_hash("tested_pool", origin.tested_pool);
  want_hash("trained_pool", origin.trained_pool);
  want_hash("config", origin.config);
}

bool saw_its_test(const Origin& origin, const std::string& trained_on) {
  const auto colon = trained_on.rfind(':');
  if (origin.trained_pool == "-" || origin.trained_pool != origin.tested_pool ||
      colon == std::string::npos)
    return false;
  const auto seen = parts_of(std::string_view(trained_on).substr(colon + 1));
  return std::ranges::any_of(parts_of(origin.split),
                             [&](const std::string& part) { return seen.contains(part); });
}

bool same_splits(const std::string& a, const std::string& b) { return parts_of(a) == parts_of(b); }

}  // namespace attune
