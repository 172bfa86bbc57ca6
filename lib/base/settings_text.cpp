#include "base/settings_text.hpp"

#include <algorithm>
#include <map>

#include "base/json_node.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

using Type = JsonNode::Type;

void add_leaves(const JsonNode& node, std::map<std::string, std::string>& leaves) {
  if (node.type != Type::kObject || node.members.empty()) {
    leaves[node.path] = json_text(node, false);
    return;
  }
  for (const auto& [key, member] : node.members) add_leaves(*member, leaves);
}

std::map<std::string, std::string> leaves_of(const std::string& json) {
  std::map<std::string, std::string> leaves;
  add_leaves(*parse_json(json, "configuration", ""), leaves);
  return leaves;
}

void erase(JsonNode& node, const std::vector<std::string>& keys, std::size_t depth) {
  const auto found = std::ranges::find(node.members, keys[depth], &JsonNode::Member::first);
  if (found == node.members.end()) return;
  if (depth + 1 == keys.size()) {
    node.members.erase(found);
  } else {
    erase(*found->second, keys, depth + 1);
  }
}

}  // namespace

std::vector<std::string> setting_differences(const std::string& before, const std::string& after) {
  const auto old_leaves = leaves_of(before), new_leaves = leaves_of(after);
  auto all = old_leaves;
  all.insert(new_leaves.begin(), new_leaves.end());
  std::vector<std::string> differences;
  for (const auto& [key, unused] : all) {
    const auto value = [&, name = key](const auto& leaves) {
      const auto found = leaves.find(name);
      return found == leaves.end() ? std::string("(absent)") : found->second;
    };
    if (value(old_leaves) != value(new_leaves))
      differences.push_back(key + ": " + value(old_leaves) + " -> " + value(new_leaves));
  }
  return differences;
}

std::string without_settings(const std::string& json, const std::vector<std::string>& keys) {
  const auto root = parse_json(json, "configuration", "");
  for (const std::string& key : keys) erase(*root, split(key, '.'), 0);
  return json_text(*root, false);
}

}  // namespace attune
