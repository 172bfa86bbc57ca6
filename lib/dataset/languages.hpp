#pragma once
#include <string>
#include <vector>

namespace attune {

// A language that ICU can count in.
struct Language {
  std::string locale;     // of ICU, "de"
  std::string name;       // in English
  std::string family;     // the largest family that is generally agreed on
  std::string catalogue;  // of iso-codes, "de"; empty: none
};
// One of each group of languages whose number names are nearly the same: without Norwegian Nynorsk
// (Bokmål), Cantonese (Chinese), Malay (Indonesian) and Bosnian (Croatian).
const std::vector<Language>& languages();

}  // namespace attune
