#include "experiment/rule_book.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "experiment/make_names.hpp"

namespace attune {

namespace {

constexpr std::string_view kProgram = "$(BIN)/attune-";

std::string small_letters(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_need(std::string_view text) {
  if (text == "|") return true;
  if (text.starts_with(kProgram)) return is_name(text.substr(kProgram.size()));
  return is_path(text);
}

// Each line for the shell, and of make's own language only the variables that plans use.
bool is_recipe(std::string_view text) {
  if (!text.ends_with('\n') || text.find('\0') != std::string_view::npos) return false;
  for (const auto& line : split(text.substr(0, text.size() - 1), '\n'))
    if (!line.starts_with('\t') || line.ends_with('\\')) return false;
  for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at)) {
    const std::string_view rest = text.substr(at + 1);
    std::size_t length = 0;
    for (const std::string_view known : {"$", "@", "(@D)", "(BIN)", "(THREADS)", "(QUOTED_DATA)"})
      if (rest.starts_with(known)) length = known.size();
    if (length == 0) return false;
    at += 1 + length;
  }
  return true;
}

[[noreturn]] void refuse(const std::string& whose, const std::string& what, std::string_view want,
                         const std::string& have) {
  throw Error(whose + ": " + what + ": want " + std::string(want) + ", have \"" + have + "\"");
}

}  // namespace

void RuleBook::rule(const std::string& target, const std::string& needs, const std::string& recipe,
                    const std::string& whose) {
  rule(std::vector{target}, needs, recipe, whose);
}

void RuleBook::rule(const std::vector<std::string>& targets, const std::string& needs,
                    const std::string& recipe, const std::string& whose) {
  const std::string all = join(targets, " ");
  for (const auto& one : targets)
    if (!is_path(one)) refuse(whose, "target of a rule", kPathGrammar, one);
  for (const auto& need : split(needs, ' '))
    if (!is_need(need)) refuse(whose, "need of " + all, kPathGrammar, need);
  if (!is_recipe(recipe)) refuse(whose, all, "a recipe in lines of the shell", recipe);
  const std::string head = all + (targets.size() > 1 ? " &: " : ": ");
  bool fresh = false;
  for (const auto& one : targets) fresh |= is_new({one, head + needs + "\n" + recipe, whose});
  if (fresh) rules_ += "\n" + head + needs + "\n" + recipe;
}

void RuleBook::file(const std::string& path, const std::string& content, const std::string& whose) {
  if (!is_path(path)) refuse(whose, "file of a plan", kPathGrammar, path);
  if (is_new({path, content, whose})) files_[path] = content;
}

bool RuleBook::is_new(const Entry& entry) {
  const auto [place, inserted] = made_.emplace(small_letters(entry.path), entry);
  const Entry& other = place->second;
  if (inserted) return true;
  if (other.path != entry.path) {
    throw UsageError(entry.whose + ": want names that differ in more than capitals, have " +
                     entry.path + ", and " + other.path + " of " + other.whose + "; rename one");
  }
  if (other.content != entry.content) {
    throw UsageError(entry.whose + ": want " + entry.path +
                     " to be made in one way, have another way of " + other.whose + "; rename one");
  }
  return false;
}

}  // namespace attune
