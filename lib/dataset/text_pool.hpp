#pragma once
#include <functional>
#include <string>
#include <vector>

#include "dataset/split.hpp"
#include "episode/pool.hpp"
#include "text/tokeniser.hpp"

namespace attune {

// Labelled texts as a reader finds them. All lists are equally long, or empty where they may be.
struct TextExamples {
  std::vector<std::string> text, label;
  std::vector<std::string> where;                // for messages; may be empty
  std::vector<std::string> group;                // source of each; may be empty
  std::vector<std::vector<std::string>> tokens;  // of text that comes in tokens; may be empty
  std::vector<std::vector<std::uint8_t>> marks;  // of those tokens; may be empty
};

// The pool of the dealt examples, class by class. Tokens that were given take the tokeniser's form;
// those that have none are left out. Error (where) for what is not UTF-8.
Pool make_text_pool(const TextExamples& examples, const DealtClasses& dealt,
                    const Tokeniser& tokeniser);

// One line of JSON for each of `lines`, told by number: calls take(object, number) for each line
// that is not empty. Error (origin, line) for a line that is no JSON object.
struct JsonText;  // a parsed object, read by name
void for_each_json_line(const std::string& text, const std::string& origin,
                        const std::function<void(const JsonText&, std::size_t line)>& take);
// The member as text: a string as it is, a number or flag as written. Error when it is absent or
// something else.
std::string json_member(const JsonText& object, const std::string& name, const std::string& where);

}  // namespace attune
