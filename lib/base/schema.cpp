#include "base/schema.hpp"

#include <map>
#include <set>

#include "base/error.hpp"
#include "base/json_node.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

// Explores depth first; a key is told apart from one of the same name by all that is said of it.
class Explorer {
 public:
  explicit Explorer(const std::function<void(const Config&)>& read) : read_(read) {}

  void visit(const std::vector<std::string>& settings, const std::set<std::string>& parent) {
    std::set<std::string> here;
    std::vector<ConfigField> fresh;
    for (const ConfigField& field : fields(settings)) {
      here.insert(signature(field));
      if (!parent.contains(signature(field))) fresh.push_back(field);
    }
    for (const ConfigField& field : fresh) note(field, join(settings, ", "));
    for (const ConfigField& field : fresh) {
      if (field.type != "choice" && field.type != "flag") continue;
      for (const std::string& value : split(field.allowed, '|')) {
        if (value == field.fallback || json_quoted(value) == field.fallback) continue;
        std::vector<std::string> more = settings;
        more.push_back(field.key + "=" + value);
        visit(more, here);
      }
    }
  }

  std::vector<SchemaField> found() && { return std::move(found_); }

 private:
  static std::string signature(const ConfigField& field) {
    return join({field.key, field.type, field.fallback, field.allowed, field.doc}, "\t");
  }

  std::vector<ConfigField> fields(const std::vector<std::string>& settings) const {
    Config config;
    for (const std::string& setting : settings) config.set(setting);
    try {
      read_(config);
    } catch (const UsageError&) {
      // What was read before is known all the same.
    }
    return config.schema();
  }

  void note(const ConfigField& field, const std::string& when) {
    const auto [known, fresh] = place_.emplace(signature(field), found_.size());
    if (fresh) {
      found_.push_back({field, when});
    } else {
      found_[known->second].when += " or " + when;
    }
  }

  const std::function<void(const Config&)>& read_;
  std::vector<SchemaField> found_;
  std::map<std::string, std::size_t> place_;  // of a signature in found_
};

}  // namespace

std::vector<SchemaField> explore_schema(const std::function<void(const Config&)>& read) {
  Explorer explorer(read);
  explorer.visit({}, {});
  return std::move(explorer).found();
}

std::string schema_header() { return "program\tkey\ttype\tdefault\tallowed\twhen\tabout\n"; }

std::string schema_lines(const std::string& program, const std::vector<SchemaField>& fields) {
  std::string text;
  for (const auto& [field, when] : fields) {
    text += join({program, field.key, field.type, field.fallback, field.allowed, when, field.doc},
                 "\t") +
            "\n";
  }
  return text;
}

}  // namespace attune
