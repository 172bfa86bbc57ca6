#pragma once
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attune {

// A JSON value as it was written, numbers as their text. The inside of Config; others use Config.
struct JsonNode {
  enum class Type { kNull, kFlag, kNumber, kText, kList, kObject };
  using Member = std::pair<std::string, std::shared_ptr<JsonNode>>;

  Type type = Type::kNull;
  std::string scalar;           // number or string; "true" or "false" of a flag
  std::vector<Member> members;  // of an object or a list (keys "0", "1", …), in file order
  std::string path;             // dotted path from the root, "" for the root itself
  std::string origin;           // file, for messages
  bool given = true;            // false: made by a read of an absent key
  std::set<std::string> read;   // keys that were read as configuration

  std::shared_ptr<JsonNode> find(std::string_view key) const;  // null when absent
  std::string path_to(std::string_view key) const;
  // Whether the node or anything below it was in a file.
  bool is_given() const;
  // "12", "\"text\"", "an object": for messages.
  std::string shown() const;
};

// UsageError "origin: path: want …, have … (did you mean …?)".
[[noreturn]] void refuse(const JsonNode& node, const std::string& wanted,
                         const std::string& suggestion = "");
// " (did you mean …?)", empty without a suggestion.
std::string did_you_mean(const std::string& suggestion);

// The one JSON value in `json`; at most 1 MiB, 16 levels,
// 32,768 values, keys of 256 bytes. UsageError names place and reason.
std::shared_ptr<JsonNode> parse_json(std::string_view json, const std::string& origin,
                                     const std::string& path);
// A deep copy under another path, with no reads noted.
std::shared_ptr<JsonNode> copy_json(const JsonNode& node, const std::string& path);
// What is given in `over` replaces ours; objects are merged key by key, but one whose "kind"
// differs is replaced whole.
void merge_json(JsonNode& ours, const JsonNode& over);
// Merges `value` in at the place the keys name; lists are entered by item number.
void set_json(JsonNode& node, std::span<const std::string> keys, const JsonNode& value);
// Canonical text: keys sorted, numbers in shortest exact form, one space after ':' and ','.
// with_defaults: what reads of absent keys left is printed too.
std::string json_text(const JsonNode& node, bool with_defaults);
std::string json_quoted(std::string_view text);

}  // namespace attune
