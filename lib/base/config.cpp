#include "base/config.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_node.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

using Node = std::shared_ptr<JsonNode>;
using Type = JsonNode::Type;

std::string range_text(const Config::IntegerRange& range) {
  const Config::IntegerRange all;
  if (range.min == all.min && range.max == all.max) return "";
  return "[" + (range.min == all.min ? "-∞" : std::to_string(range.min)) + ", " +
         (range.max == all.max ? "∞" : std::to_string(range.max)) + "]";
}

std::string range_text(const Config::RealRange& range) {
  const Config::RealRange all;
  if (range.min == all.min && range.max == all.max) return "";
  return "[" + (range.min == all.min ? "-∞" : to_text(range.min)) + ", " +
         (range.max == all.max ? "∞" : to_text(range.max)) + "]";
}

std::string with_range(const std::string& type, const std::string& range) {
  return range.empty() ? type : type + " in " + range;
}

std::int64_t integer_of(const JsonNode& node, const Config::IntegerRange& range) {
  std::int64_t value = 0;
  const char* end = node.scalar.data() + node.scalar.size();
  const auto [stopped, error] = std::from_chars(node.scalar.data(), end, value);
  const bool fits = node.type == Type::kNumber && error == std::errc() && stopped == end;
  if (!fits || value < range.min || value > range.max) {
    refuse(node, with_range("an integer", range_text(range)));
  }
  return value;
}

double real_of(const JsonNode& node, const Config::RealRange& range) {
  double value = 0;
  if (node.type == Type::kNumber) {
    std::from_chars(node.scalar.data(), node.scalar.data() + node.scalar.size(), value);
  }
  if (node.type != Type::kNumber || value < range.min || value > range.max) {
    refuse(node, with_range("a number", range_text(range)));
  }
  return value;
}

std::string text_of(const JsonNode& node) {
  if (node.type != Type::kText) refuse(node, "text");
  return node.scalar;
}

const JsonNode& list_of(const JsonNode& node, const std::string& wanted) {
  if (node.type != Type::kList) refuse(node, wanted);
  return node;
}

template <typename Value>
std::string list_text(const std::vector<Value>& values, std::string (*text)(Value)) {
  std::vector<std::string> parts;
  for (const Value& value : values) parts.push_back(text(value));
  return "[" + join(parts, ", ") + "]";
}

std::string quoted_text(std::string text) { return json_quoted(text); }

// Reads the values back as a file would give them, so that a resolved configuration always parses.
template <typename Read>
void check_fallback(const ConfigField& field, const Read& read_back) {
  try {
    read_back(*parse_json(field.fallback, "default", field.key));
  } catch (const UsageError& error) {
    throw std::logic_error(error.what());
  }
}

void check_read(const JsonNode& node) {
  for (const auto& [key, member] : node.members) {
    if (node.type == Type::kObject && !node.read.contains(key)) {
      const std::vector<std::string> known(node.read.begin(), node.read.end());
      const std::string suggestion = nearest(key, known);
      throw UsageError(member->origin + ": " + member->path + ": want a known key" +
                       (known.empty() ? "" : " (" + join(known, ", ") + ")") + ", have " +
                       json_quoted(key) + did_you_mean(suggestion));
    }
    const bool list = member->type == Type::kList;
    const bool objects =
        list && !member->members.empty() && member->members.front().second->type == Type::kObject;
    if (member->type == Type::kObject || objects) check_read(*member);
  }
}

}  // namespace

struct Config::Tree {
  std::vector<ConfigField> fields;
  std::map<std::string, std::size_t> place;  // of a key in `fields`
};

Config::Config(std::shared_ptr<Tree> tree, std::shared_ptr<JsonNode> node)
    : tree_(std::move(tree)), node_(std::move(node)) {}

Config::Config() : Config(std::make_shared<Tree>(), std::make_shared<JsonNode>()) {
  node_->type = Type::kObject;
  node_->origin = "configuration";
}

Config Config::parse(std::string_view json, const std::string& origin) {
  const Node node = parse_json(json, origin, "");
  if (node->type != Type::kObject) refuse(*node, "an object");
  return {std::make_shared<Tree>(), node};
}

Config Config::load(const std::string& path) {
  constexpr std::size_t kLimit = std::size_t{1} << 20U;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::string bytes = read_file(path, kLimit);
  std::string_view text = bytes;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return parse(text, path == "-" ? "stdin" : path);
}

void Config::set(std::string_view assignment) {
  constexpr std::size_t kMostLevels = 16;
  const std::string origin = "--set";
  const std::size_t equals = assignment.find('=');
  const std::vector<std::string> keys = split(assignment.substr(0, equals), '.');
  if (equals == std::string_view::npos || std::find(keys.begin(), keys.end(), "") != keys.end()) {
    throw UsageError(origin + ": want key=value, e.g. train.steps=300, have \"" +
                     std::string(assignment) + "\"");
  }
  if (keys.size() > kMostLevels) throw UsageError(origin + ": want at most 16 levels, have more");
  const std::string_view text = assignment.substr(equals + 1);
  if (!valid_utf8(assignment)) throw UsageError(origin + ": want UTF-8, have other bytes");
  Node value;
  try {
    value = parse_json(text, origin, "");
  } catch (const UsageError&) {
    value = std::make_shared<JsonNode>();
    value->type = Type::kText;
    value->scalar = text;
    value->origin = origin;
  }
  // What no file may say no assignment may either: the limits are parse_json's alone.
  const Node tried = copy_json(*node_, "");
  set_json(*tried, keys, *value);
  parse_json(json_text(*tried, false), origin, "");
  set_json(*node_, keys, *value);
}

void Config::merge(const Config& over) { merge_json(*node_, *over.node_); }

void Config::complete(const Config& from) {
  for (const auto& [key, value] : from.node_->members) {
    if (!node_->find(key)) {
      node_->members.emplace_back(key, copy_json(*value, node_->path_to(key)));
    }
  }
}

Config Config::clone() const { return {std::make_shared<Tree>(), copy_json(*node_, "")}; }

// Notes the read and gives the value, null when the key is absent and the caller's fallback holds.
// An absent key leaves its fallback in the tree, for resolved().
std::shared_ptr<JsonNode> Config::read(const ConfigField& field) const {
  ConfigField noted = field;
  noted.key = node_->path_to(field.key);
  const auto [known, fresh] = tree_->place.emplace(noted.key, tree_->fields.size());
  if (fresh) {
    tree_->fields.push_back(noted);
  } else {
    ConfigField& first = tree_->fields[known->second];
    if (first.fallback != field.fallback && !first.fallback.empty() && !field.fallback.empty()) {
      throw std::logic_error(noted.key + ": two defaults: " + first.fallback + " and " +
                             field.fallback);
    }
    if (first.allowed.empty() && !field.allowed.empty()) {  // the stricter reader tells more
      first.type = field.type;
      first.allowed = field.allowed;
    }
  }
  node_->read.insert(field.key);
  Node node = node_->find(field.key);
  if (node && (node->given || node->type == Type::kObject)) return node;
  if (field.fallback.empty()) {
    throw UsageError(node_->origin + ": " + noted.key + ": want " +
                     (field.allowed.empty() ? field.type : field.allowed) + ", have nothing");
  }
  if (!node) {
    node = parse_json(field.fallback, node_->origin, noted.key);
    node->given = false;
    for (const auto& member : node->members) member.second->given = false;
    node_->members.emplace_back(field.key, node);
  }
  return node->type == Type::kObject ? node : nullptr;
}

std::int64_t Config::integer(std::string_view key, std::int64_t fallback, IntegerRange range,
                             std::string_view doc) const {
  const ConfigField field{std::string(key), "integer", std::to_string(fallback), range_text(range),
                          std::string(doc)};
  check_fallback(field, [&](const JsonNode& node) { integer_of(node, range); });
  const Node node = read(field);
  return node ? integer_of(*node, range) : fallback;
}

double Config::real(std::string_view key, double fallback, RealRange range,
                    std::string_view doc) const {
  const ConfigField field{std::string(key), "real", to_text(fallback), range_text(range),
                          std::string(doc)};
  check_fallback(field, [&](const JsonNode& node) { real_of(node, range); });
  const Node node = read(field);
  return node ? real_of(*node, range) : fallback;
}

bool Config::flag(std::string_view key, bool fallback, std::string_view doc) const {
  const Node node =
      read({std::string(key), "flag", fallback ? "true" : "false", "true|false", std::string(doc)});
  if (!node) return fallback;
  if (node->type != Type::kFlag) refuse(*node, "true or false");
  return node->scalar == "true";
}

std::string Config::text(std::string_view key, std::string_view fallback,
                         std::string_view doc) const {
  const Node node = read({std::string(key), "text", json_quoted(fallback), "", std::string(doc)});
  return node ? text_of(*node) : std::string(fallback);
}

std::string Config::required_text(std::string_view key, std::string_view doc) const {
  return text_of(*read({std::string(key), "text", "", "", std::string(doc)}));
}

std::string Config::choice(std::string_view key, std::string_view fallback,
                           const std::vector<std::string>& allowed, std::string_view doc) const {
  const bool known = std::find(allowed.begin(), allowed.end(), fallback) != allowed.end();
  const Node node = read({std::string(key), "choice", known ? json_quoted(fallback) : "",
                          join(allowed, "|"), std::string(doc)});
  if (!node) return std::string(fallback);
  if (node->type != Type::kText ||
      std::find(allowed.begin(), allowed.end(), node->scalar) == allowed.end()) {
    refuse(*node, join(allowed, "|"), nearest(node->scalar, allowed));
  }
  return node->scalar;
}

std::vector<std::int64_t> Config::integers(std::string_view key,
                                           const std::vector<std::int64_t>& fallback,
                                           IntegerRange range, std::string_view doc) const {
  const auto all = [&](const JsonNode& node) {
    std::vector<std::int64_t> values;
    for (const auto& item : list_of(node, "a list of integers").members) {
      values.push_back(integer_of(*item.second, range));
    }
    return values;
  };
  const ConfigField field{
      std::string(key), "list",
      list_text<std::int64_t>(fallback, [](std::int64_t value) { return std::to_string(value); }),
      range_text(range), std::string(doc)};
  check_fallback(field, all);
  const Node node = read(field);
  return node ? all(*node) : fallback;
}

std::vector<double> Config::reals(std::string_view key, const std::vector<double>& fallback,
                                  RealRange range, std::string_view doc) const {
  const auto all = [&](const JsonNode& node) {
    std::vector<double> values;
    for (const auto& item : list_of(node, "a list of numbers").members) {
      values.push_back(real_of(*item.second, range));
    }
    return values;
  };
  const ConfigField field{std::string(key), "list",
                          list_text<double>(fallback, [](double value) { return to_text(value); }),
                          range_text(range), std::string(doc)};
  check_fallback(field, all);
  const Node node = read(field);
  return node ? all(*node) : fallback;
}

std::vector<std::string> Config::texts(std::string_view key,
                                       const std::vector<std::string>& fallback,
                                       std::string_view doc) const {
  const Node node = read({std::string(key), "list", list_text<std::string>(fallback, quoted_text),
                          "", std::string(doc)});
  if (!node) return fallback;
  std::vector<std::string> values;
  for (const auto& item : list_of(*node, "a list of texts").members) {
    values.push_back(text_of(*item.second));
  }
  return values;
}

Config Config::child(std::string_view key) const {
  const Node node = read({std::string(key), "object", "{}", "", ""});
  constexpr std::size_t kLongestKind = 32;
  if (node->type == Type::kText && node->scalar.size() <= kLongestKind) {
    refuse(*node, "an object", node->path + ".kind=" + node->scalar);
  }
  if (node->type != Type::kObject) refuse(*node, "an object");
  return {tree_, node};
}

std::vector<Config> Config::children(std::string_view key) const {
  const Node node = read({std::string(key), "list", "[]", "", ""});
  std::vector<Config> items;
  if (!node) return items;
  for (const auto& item : list_of(*node, "a list of objects").members) {
    if (item.second->type != Type::kObject) refuse(*item.second, "an object");
    items.push_back({tree_, item.second});
  }
  return items;
}

std::vector<std::string> Config::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, member] : node_->members) {
    if (member->is_given()) names.push_back(key);
  }
  return names;
}

bool Config::has(std::string_view key) const {
  const Node node = node_->find(key);
  return node && node->is_given();
}

void Config::finish() const { check_read(*node_); }

std::string Config::resolved() const { return json_text(*node_, true); }

std::string Config::given() const { return json_text(*node_, false); }

std::vector<ConfigField> Config::schema() const {
  if (node_->path.empty()) return tree_->fields;
  std::vector<ConfigField> below;
  for (const ConfigField& field : tree_->fields) {
    if (field.key.starts_with(node_->path + ".")) below.push_back(field);
  }
  return below;
}

std::string Config::path() const { return node_->path; }

std::string Config::origin() const { return node_->origin; }

}  // namespace attune
