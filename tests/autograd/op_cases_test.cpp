#include "autograd/op_cases.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "source_path.hpp"

namespace attune::test {

namespace {

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// "const Var& a = Var()" → "Var"
std::string type_of(std::string parameter) {
  parameter = parameter.substr(0, parameter.find('='));
  for (const std::string word : {"const ", "&"}) {
    const std::size_t at = parameter.find(word);
    if (at != std::string::npos) parameter.erase(at, word.size());
  }
  std::string_view type = trim(parameter);
  while (in_word(type.back())) type.remove_suffix(1);
  return std::string(trim(type));
}

// Every function of the header that returns a Var, as name(parameter types).
std::set<std::string> declarations(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file);
  std::string text;
  for (std::string line; std::getline(file, line);) text += line.substr(0, line.find("//")) + ' ';
  std::set<std::string> found;
  for (std::string statement : split(text, ';')) {
    const std::size_t open = statement.find('(');
    const std::size_t at = statement.rfind("Var ", open);
    if (open == std::string::npos || at == std::string::npos) continue;
    if (at > 0 && statement[at - 1] != ' ') continue;
    const std::size_t close = statement.rfind(')');
    std::string types;
    for (const std::string& one : split(statement.substr(open + 1, close - open - 1), ',')) {
      types += (types.empty() ? "" : ",") + type_of(one);
    }
    found.insert(statement.substr(at + 4, open - at - 4) + "(" + types + ")");
  }
  return found;
}

}  // namespace

TEST_CASE("every op of the headers is in the table, and nothing else") {
  std::set<std::string> listed;
  for (const OpCase& one : op_cases()) listed.insert(one.declaration);
  auto declared = declarations(source_path("lib/autograd/ops.hpp"));
  declared.merge(declarations(source_path("lib/autograd/gru.hpp")));
  declared.merge(declarations(source_path("lib/autograd/lstm.hpp")));
  CHECK(declared.size() > 50);
  for (const std::string& name : declared) CHECK_MESSAGE(listed.count(name) == 1, name);
  for (const std::string& name : listed) CHECK_MESSAGE(declared.count(name) == 1, name);
}

}  // namespace attune::test
