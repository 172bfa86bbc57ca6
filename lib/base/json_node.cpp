#include "base/json_node.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

// Integers keep their digits, since a double would lose those past 2^53; 1e2 and 100.0 become 100.
std::string canonical_number(const std::string& number) {
  if (number.find_first_of(".eE") == std::string::npos) return number;
  constexpr double kExact = 0x1p53;
  double value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  const bool whole = std::abs(value) < kExact && std::trunc(value) == value;
  return whole ? to_text(value, 0) : to_text(value);
}

void print(const JsonNode& node, bool with_defaults, std::string& out) {
  const bool list = node.type == JsonNode::Type::kList;
  if (!list && node.type != JsonNode::Type::kObject) {
    switch (node.type) {
      case JsonNode::Type::kNumber:
        out += canonical_number(node.scalar);
        break;
      case JsonNode::Type::kText:
        out += json_quoted(node.scalar);
        break;
      default:
        out += node.scalar;
    }
    return;
  }
  std::vector<JsonNode::Member> members;
  for (const auto& member : node.members) {
    if (with_defaults || member.second->is_given()) members.push_back(member);
  }
  if (!list) {
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  out += list ? '[' : '{';
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out += ", ";
    if (!list) out += json_quoted(members[i].first) + ": ";
    print(*members[i].second, with_defaults, out);
  }
  out += list ? ']' : '}';
}

void put(JsonNode& object, const std::string& key, const JsonNode& value) {
  const auto old = object.find(key);
  if (old && old->type == JsonNode::Type::kObject && value.type == JsonNode::Type::kObject) {
    merge_json(*old, value);
    return;
  }
  const auto copy = copy_json(value, object.path_to(key));
  for (auto& [name, member] : object.members) {
    if (name == key) {
      member = copy;
      return;
    }
  }
  object.members.emplace_back(key, copy);
}

}  // namespace

std::shared_ptr<JsonNode> JsonNode::find(std::string_view key) const {
  for (const auto& [name, node] : members) {
    if (name == key) return node;
  }
  return nullptr;
}

std::string JsonNode::path_to(std::string_view key) const {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

bool JsonNode::is_given() const {
  return given || std::any_of(members.begin(), members.end(),
                              [](const Member& member) { return member.second->is_given(); });
}

std::string JsonNode::shown() const {
  constexpr std::size_t kMost = 60;
  if (type == Type::kList) return "a list";
  if (type == Type::kObject) return "an object";
  const std::string text = type == Type::kText ? json_quoted(scalar) : scalar;
  return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

std::shared_ptr<JsonNode> copy_json(const JsonNode& node, const std::string& path) {
  auto copy = std::make_shared<JsonNode>();
  copy->type = node.type;
  copy->scalar = node.scalar;
  copy->path = path;
  copy->origin = node.origin;
  for (const auto& [key, member] : node.members) {
    if (member->is_given()) copy->members.emplace_back(key, copy_json(*member, copy->path_to(key)));
  }
  return copy;
}

std::string did_you_mean(const std::string& suggestion) {
  return suggestion.empty() ? "" : " (did you mean " + suggestion + "?)";
}

void refuse(const JsonNode& node, const std::string& wanted, const std::string& suggestion) {
  throw UsageError(node.origin + ": " + (node.path.empty() ? "configuration" : node.path) +
                   ": want " + wanted + ", have " + node.shown() + did_you_mean(suggestion));
}

void merge_json(JsonNode& ours, const JsonNode& over) {
  const auto our_kind = ours.find("kind"), their_kind = over.find("kind");
  if (our_kind && their_kind && our_kind->scalar != their_kind->scalar) {
    ours.members.clear();
    ours.read.clear();
  }
  ours.given = true;
  for (const auto& [key, value] : over.members) {
    if (value->is_given()) put(ours, key, *value);
  }
}

void set_json(JsonNode& node, std::span<const std::string> keys, const JsonNode& value) {
  const auto next = node.find(keys.front());
  if (node.type == JsonNode::Type::kList && !next) {
    throw UsageError(value.origin + ": " + node.path_to(keys.front()) +
                     ": want an item number below " + std::to_string(node.members.size()) +
                     ", have " + json_quoted(keys.front()));
  }
  if (keys.size() > 1 && next) {
    if (next->type != JsonNode::Type::kObject && next->type != JsonNode::Type::kList) {
      refuse(*next, "an object to set " + next->path_to(keys[1]) + " in");
    }
    set_json(*next, keys.subspan(1), value);
    return;
  }
  JsonNode over;
  over.type = JsonNode::Type::kObject;
  over.origin = value.origin;
  auto inner = copy_json(value, "");
  for (std::size_t i = keys.size(); i > 1; --i) {
    JsonNode around = over;
    around.members.emplace_back(keys[i - 1], inner);
    inner = std::make_shared<JsonNode>(around);
  }
  over.members.emplace_back(keys.front(), inner);
  merge_json(node, over);
}

std::string json_text(const JsonNode& node, bool with_defaults) {
  std::string out;
  print(node, with_defaults, out);
  return out;
}

std::string json_quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

}  // namespace attune
