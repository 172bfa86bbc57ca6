#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// The one form of a name of a class, language, group or column, so that names that look the same
// are the same: composed (Unicode's NFC), runs of white space one space each and none at the ends,
// without characters that nobody sees (zero-width spaces, byte order and direction marks); joiners
// stay, which some scripts spell with. Upper and lower case differ. Bytes that are not UTF-8 come
// back as they are: who reads them refuses them by file and line.
std::string class_name(std::string_view name);

// Composed (NFC), else as it is; bytes that are not UTF-8 too.
std::string composed(std::string_view name);

// The name with every code point beyond ASCII as \u{…}, and in quotes: tells "é" from "é".
std::string spelled_out(std::string_view name);

// Keeps the spellings of names that stand for things of which each must have its own name, like
// folders and files.
class OneSpelling {
 public:
  // The form of `name`. Error (after `origin`) with both spellings when another one had that form.
  std::string of(const std::string& name, const std::string& origin);

 private:
  std::map<std::string, std::string> spelling_of_;
};

}  // namespace attune
