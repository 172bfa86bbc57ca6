#include "dataset/number_names.hpp"

#include <unicode/locid.h>
#include <unicode/rbnf.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <set>

#include "translation/plain_form.hpp"

namespace attune {
namespace {

constexpr const char* kTrain[] = {
    "af", "da",  "de", "fo", "is", "lb", "nb", "nl", "nn", "sv",              // Germanic
    "ca", "es",  "fr", "it", "pt", "ro", "eo",                                // Romance
    "be", "bg",  "bs", "cs", "hr", "mk", "pl", "ru", "sk", "sl", "sr", "uk",  // Slavic
    "lt", "lv",                                                               // Baltic
    "cy", "ga",                                                               // Celtic
    "el", "sq",  "hy",                                                        // on their own
    "az", "kk",  "ky", "tr",                                                  // Turkic
    "fa", "lrc", "hi", "ne", "ccp"};                                          // Indo-Iranian
constexpr const char* kValidation[] = {"et", "fi", "hu", "se",                // Uralic
                                       "ka", "ta", "kl", "qu"};
constexpr const char* kTest[] = {"am",  "ar",  "he", "mt", "sw",  // Afro-Asiatic, and Swahili
                                 "ak",  "ee",  "ff",              // West African
                                 "fil", "id",  "ms", "su",        // Austronesian
                                 "zh",  "yue", "ja", "ko", "my",
                                 "th",  "lo",  "km", "vi", "chr"};  // East Asian, Cherokee

// The first public rule set of that kind; empty without one.
icu::UnicodeString rule_set(const icu::RuleBasedNumberFormat& format, NumberRules rules) {
  if (rules == NumberRules::cardinal) return format.getDefaultRuleSetName();
  for (int i = 0; i < format.getNumberOfRuleSetNames(); ++i) {
    const icu::UnicodeString name = format.getRuleSetName(i);
    if (name.startsWith(u"%spellout-ordinal")) return name;
  }
  return {};
}

bool has_digit(const icu::UnicodeString& text) {
  for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    if (u_isdigit(text.char32At(i))) return true;
  return false;
}

}  // namespace

std::optional<std::vector<std::string>> number_names(const std::string& language, NumberRules rules,
                                                     int largest) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::RuleBasedNumberFormat format(icu::URBNF_SPELLOUT, icu::Locale(language.c_str()),
                                          status);
  if (U_FAILURE(status)) return std::nullopt;
  const icu::UnicodeString set = rule_set(format, rules);
  if (set.isEmpty()) return std::nullopt;
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (int number = 0; number <= largest; ++number) {
    icu::UnicodeString text;
    icu::FieldPosition ignored;
    format.format(static_cast<std::int64_t>(number), set, text, ignored, status);
    if (U_FAILURE(status) || has_digit(text)) return std::nullopt;
    std::string bytes;
    names.push_back(plain_form(text.toUTF8String(bytes)));
    if (names.back().empty() || !seen.insert(names.back()).second) return std::nullopt;
  }
  return names;
}

const std::vector<NumberLanguage>& number_languages() {
  static const std::vector<NumberLanguage> languages = [] {
    std::vector<NumberLanguage> all;
    for (const char* name : kTrain) all.push_back({name, 0});
    for (const char* name : kValidation) all.push_back({name, 1});
    for (const char* name : kTest) all.push_back({name, 2});
    return all;
  }();
  return languages;
}

}  // namespace attune
