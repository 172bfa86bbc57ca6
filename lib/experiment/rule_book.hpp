#pragma once
#include <map>
#include <string>
#include <vector>

namespace attune {

// The rules of a plan and the small files that they depend on. `whose` says what asks for one, for
// messages, e.g. "toy: tests.5w1s".
class RuleBook {
 public:
  // One rule; asked for again with the same needs and recipe, it stands once. `needs`: paths with a
  // space between two, may hold "| order-only" and programs, "$(BIN)/attune-…". `recipe`: whole
  // lines that start with a tab. UsageError when the target has another rule already, or one that
  // differs in capitals only, which is the same file on some systems; Error for a text that make
  // would read as something else.
  void rule(const std::string& target, const std::string& needs, const std::string& recipe,
            const std::string& whose);
  // The same of several targets that one run of the recipe makes.
  void rule(const std::vector<std::string>& targets, const std::string& needs,
            const std::string& recipe, const std::string& whose);
  // The same of a file's content.
  void file(const std::string& path, const std::string& content, const std::string& whose);

  const std::string& rules() const { return rules_; }
  const std::map<std::string, std::string>& files() const { return files_; }

 private:
  struct Entry {
    std::string path, content, whose;
  };
  bool is_new(const Entry& entry);

  std::string rules_;
  std::map<std::string, std::string> files_;  // path → content
  std::map<std::string, Entry> made_;         // by path in small letters
};

}  // namespace attune
