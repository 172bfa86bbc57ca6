#pragma once
#include <string_view>

namespace attune {

// What may stand in a plan. make and the shell read all of it, so each part has a narrow grammar;
// what is outside of it is refused, never quoted.

// Of experiments, pools, tests, cells, readers: parts of file names.
bool is_name(std::string_view text);
inline constexpr std::string_view kNameGrammar =
    "a name of letters, digits, '_', '-', '+' and '.', not starting with '.' or '-'";

bool is_split(std::string_view text);
inline constexpr std::string_view kSplitGrammar = "train, val, test, or several joined by '+'";

// What a reader reads: stands between single quotes of the shell. "$(DATA)" may be part of it.
bool is_input(std::string_view text);
inline constexpr std::string_view kInputGrammar =
    "a path of letters, digits, spaces, $(DATA) and any of _-+./@,=:~, not starting with '-'";

// Targets and needs of rules: stand without quotes.
bool is_path(std::string_view text);
inline constexpr std::string_view kPathGrammar =
    "a path of letters, digits and any of _-+./@, without spaces, not starting with '-'";

}  // namespace attune
