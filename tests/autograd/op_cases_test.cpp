#include "autograd/op_cases.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace attune::test {

namespace {

std::string without_name(std::string parameter) {
  parameter = std::regex_replace(parameter, std::regex(R"(\bconst\b|&| *=.*)"), "");
  parameter = std::regex_replace(parameter, std::regex(R"(^\s+|\s+\w+\s*$)"), "");
  return parameter;
}

// Every function of the header that returns a Var, as name(parameter types).
std::set<std::string> declarations(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file);
  std::string text;
  for (std::string line; std::getline(file, line);) {
    text += std::regex_replace(line, std::regex("//.*"), "") + ' ';
  }
  std::set<std::string> found;
  const std::regex declaration(R"(\bVar\s+(operator\S|\w+)\(([^;]*)\);)");
  for (std::sregex_iterator at(text.begin(), text.end(), declaration), end; at != end; ++at) {
    std::istringstream parameters((*at)[2].str());
    std::string types;
    for (std::string one; std::getline(parameters, one, ',');) {
      types += (types.empty() ? "" : ",") + without_name(one);
    }
    found.insert((*at)[1].str() + "(" + types + ")");
  }
  return found;
}

}  // namespace

TEST_CASE("every op of the header is in the table, and nothing else") {
  std::set<std::string> listed;
  for (const OpCase& one : op_cases()) listed.insert(one.declaration);
  const auto declared = declarations(std::string(ATTUNE_SOURCE_DIR) + "/lib/autograd/ops.hpp");
  CHECK(declared.size() > 50);
  for (const std::string& name : declared) CHECK_MESSAGE(listed.count(name) == 1, name);
  for (const std::string& name : listed) CHECK_MESSAGE(declared.count(name) == 1, name);
}

}  // namespace attune::test
