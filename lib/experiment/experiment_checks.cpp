#include "experiment/experiment_checks.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "experiment/make_names.hpp"

namespace attune::experiment_checks {

namespace {

std::string place(const Config& node, const std::string& key) {
  std::string path = node.path();
  if (!key.empty()) path += (path.empty() ? "" : ".") + key;
  return node.origin() + ": " + path + ": ";
}

std::string suggestion(const std::string& have, const std::vector<std::string>& known) {
  const std::string near = nearest(have, known);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

}  // namespace

// Free-form parts ("config", "base") belong to other programs, so unknown keys are looked for here
// node by node instead of by Config::finish().
void check_keys(const Config& node, const std::vector<std::string>& allowed) {
  for (const auto& key : node.keys()) {
    if (std::ranges::find(allowed, key) != allowed.end()) continue;
    throw UsageError(place(node, key) + "unknown key; want " + join(allowed, ", ") +
                     suggestion(key, allowed));
  }
}

void refuse(const Config& node, const std::string& key, std::string_view want,
            const std::string& have) {
  throw UsageError(place(node, key) + "want " + std::string(want) + ", have \"" + have + "\"");
}

void unknown(const Config& node, const std::string& key, const std::vector<std::string>& known,
             const std::string& have) {
  throw UsageError(place(node, key) + "want one of " + join(known, ", ") + ", have \"" + have +
                   "\"" + suggestion(have, known));
}

void check_name(const Config& node, const std::string& key, const std::string& name) {
  if (!is_name(name)) refuse(node, key, kNameGrammar, name);
}

void check_once(const Config& node, const std::string& key, const std::vector<std::string>& items) {
  std::set<std::string> seen;
  for (const auto& item : items) {
    if (seen.insert(item).second) continue;
    throw UsageError(place(node, key) + "want each once, have " + item + " twice");
  }
}

}  // namespace attune::experiment_checks
