#pragma once
#include <optional>
#include <string>
#include <vector>

namespace attune {

// Names of numbers in a language, spelled out by the rules of ICU (CLDR).
enum class NumberRules { cardinal, ordinal };
// Names of 0 … largest, as ICU gives them; none where the language has no such rules, or where they
// leave digits or give two numbers one name. `language`: ICU's name of it ("pt", "yue").
std::optional<std::vector<std::string>> number_names(const std::string& language, NumberRules rules,
                                                     int largest);

struct NumberLanguage {
  const char* name;
  unsigned split;  // 0 train, 1 validation, 2 test
};
// The 75 languages whose cardinal names differ from English and from one another: 45 for training,
// 8 for validation, 22 for tests. Families of languages are never in two splits, and neither are
// languages that borrowed their numbers from one another (Swahili from Arabic; Thai, Lao and Khmer
// from Chinese).
const std::vector<NumberLanguage>& number_languages();

}  // namespace attune
