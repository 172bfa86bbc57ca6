#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

namespace attune {

// Text → tokens, by Unicode's rules (ICU). First the text is brought to one form: "normalise" nfkc
// (compatibility forms too, UAX #15), nfc or none, and with "fold" upper and lower case are one
// (full case folding). Then it is broken, "break":
//   words       at the word boundaries of UAX #29, with ICU's dictionaries where a script has no
//               spaces; "punctuation" keeps what is no letter or number as tokens
//   spaces      at white space alone, for text that is tokenised already
//   characters  at grapheme clusters: a base letter with its accents is one token, and so is any
//               run of white space between others, as " "
// White space and control characters are never part of a token; a token of more than 64 code points
// is cut into pieces of 64; of a text only the first "tokens" tokens are kept. A text without any
// has the one token "".
class Tokeniser {
 public:
  // breaking: where text is broken by default.
  explicit Tokeniser(const Config& config, const std::string& breaking = "words");
  ~Tokeniser();
  Tokeniser(Tokeniser&&) noexcept;
  // Error for bytes that are not UTF-8. Not for several threads at once.
  std::vector<std::string> operator()(std::string_view text) const;
  // One token's form, as normalise and fold ask; may be empty.
  std::string form(std::string_view token) const;
  std::size_t limit() const;     // "tokens"
  std::string describe() const;  // the settings and ICU's version, as JSON

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attune
