#include "text/tokeniser.hpp"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>

#include <boost/json.hpp>

#include "base/cli.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

const bool recorded = record_version("ICU", U_ICU_VERSION);

constexpr std::int32_t kLongestToken = 64;  // code points

void check(UErrorCode code, const char* what) {
  if (U_FAILURE(code)) throw Error(std::string("ICU: ") + what + ": " + u_errorName(code));
}

bool is_space(UChar32 c) { return u_isUWhiteSpace(c); }
// Controls, and formatting characters that no one sees but joiners, which some scripts spell with.
bool is_dropped(UChar32 c) {
  const auto category = u_charType(c);
  return category == U_CONTROL_CHAR || (category == U_FORMAT_CHAR && c != 0x200c && c != 0x200d);
}

std::string utf8(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

// Whether no character of the piece would be part of a token.
bool is_empty(const icu::UnicodeString& piece) {
  for (std::int32_t i = 0; i < piece.length(); i = piece.moveIndex32(i, 1)) {
    const UChar32 c = piece.char32At(i);
    if (!is_space(c) && !is_dropped(c)) return false;
  }
  return true;
}

bool has_letter_or_number(const icu::UnicodeString& piece) {
  for (std::int32_t i = 0; i < piece.length(); i = piece.moveIndex32(i, 1))
    if (u_isalnum(piece.char32At(i))) return true;
  return false;
}

}  // namespace

struct Tokeniser::State {
  std::string normalise, breaking;
  bool fold = true, punctuation = true;
  std::size_t limit = 0;
  const icu::Normalizer2* normaliser = nullptr;  // ICU's own; none: nullptr
  std::unique_ptr<icu::BreakIterator> iterator;  // none for "spaces"

  icu::UnicodeString form(std::string_view text) const {
    auto result = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    // Folding may undo a form, so that it comes between two passes (Unicode, D146).
    if (normaliser) result = passed(result);
    if (fold) result.foldCase();
    return normaliser && fold ? passed(result) : result;
  }
  icu::UnicodeString passed(const icu::UnicodeString& text) const {
    UErrorCode code = U_ZERO_ERROR;
    icu::UnicodeString result = normaliser->normalize(text, code);
    check(code, "normalise");
    return result;
  }

  void add(const icu::UnicodeString& piece, std::vector<std::string>& tokens) const {
    icu::UnicodeString kept;
    for (std::int32_t i = 0; i < piece.length(); i = piece.moveIndex32(i, 1)) {
      const UChar32 c = piece.char32At(i);
      if (!is_space(c) && !is_dropped(c)) kept.append(c);
    }
    if (kept.isEmpty()) return;
    if (breaking == "words" && !punctuation && !has_letter_or_number(kept)) return;
    for (std::int32_t begin = 0; begin < kept.length() && tokens.size() < limit;) {
      const std::int32_t end = kept.moveIndex32(begin, kLongestToken);
      tokens.push_back(utf8(kept.tempSubStringBetween(begin, end)));
      begin = end;
    }
  }

  void break_by_iterator(const icu::UnicodeString& text, std::vector<std::string>& tokens) const {
    iterator->setText(text);
    bool gap = false;  // white space since the last token
    std::int32_t begin = iterator->first();
    for (std::int32_t end = iterator->next();
         end != icu::BreakIterator::DONE && tokens.size() < limit;
         begin = end, end = iterator->next()) {
      const icu::UnicodeString piece = text.tempSubStringBetween(begin, end);
      if (is_empty(piece)) {
        gap = gap || is_space(piece.char32At(0));
        continue;
      }
      if (breaking == "characters" && gap && !tokens.empty()) tokens.emplace_back(" ");
      gap = false;
      if (tokens.size() < limit) add(piece, tokens);
    }
  }

  void break_by_spaces(const icu::UnicodeString& text, std::vector<std::string>& tokens) const {
    std::int32_t begin = 0;
    for (std::int32_t i = 0; i <= text.length() && tokens.size() < limit;) {
      if (i < text.length() && !is_space(text.char32At(i))) {
        i = text.moveIndex32(i, 1);
        continue;
      }
      add(text.tempSubStringBetween(begin, i), tokens);
      begin = i = i < text.length() ? text.moveIndex32(i, 1) : i + 1;
    }
  }
};

Tokeniser::Tokeniser(const Config& config, const std::string& breaking)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.normalise = config.choice("normalise", "nfkc", {"nfkc", "nfc", "none"},
                              "Unicode form that all text is brought to");
  s.fold = config.flag("fold", true, "upper and lower case are one");
  s.breaking = config.choice("break", breaking, {"words", "characters", "spaces"},
                             "where text is broken into tokens");
  s.punctuation = config.flag("punctuation", true, "keep punctuation and symbols as tokens");
  s.limit = static_cast<std::size_t>(
      config.integer("tokens", 512, {1, 65535}, "tokens kept of a text, from its beginning"));
  UErrorCode code = U_ZERO_ERROR;
  if (s.normalise == "nfkc") s.normaliser = icu::Normalizer2::getNFKCInstance(code);
  if (s.normalise == "nfc") s.normaliser = icu::Normalizer2::getNFCInstance(code);
  check(code, "normaliser");
  if (s.breaking == "words")
    s.iterator.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), code));
  if (s.breaking == "characters")
    s.iterator.reset(icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), code));
  check(code, "break iterator");
}

Tokeniser::~Tokeniser() = default;
Tokeniser::Tokeniser(Tokeniser&&) noexcept = default;

std::size_t Tokeniser::limit() const { return state_->limit; }

std::vector<std::string> Tokeniser::operator()(std::string_view text) const {
  if (!valid_utf8(text)) throw Error("want UTF-8 text, have other bytes");
  if (text.size() > (std::size_t{1} << 29)) throw Error("want a text below 512 MiB");
  std::vector<std::string> tokens;
  const icu::UnicodeString formed = state_->form(text);
  if (state_->iterator) {
    state_->break_by_iterator(formed, tokens);
  } else {
    state_->break_by_spaces(formed, tokens);
  }
  if (tokens.empty()) tokens.emplace_back();
  return tokens;
}

std::string Tokeniser::form(std::string_view token) const {
  if (!valid_utf8(token)) throw Error("want UTF-8 text, have other bytes");
  const icu::UnicodeString formed = state_->form(token);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < formed.length(); i = formed.moveIndex32(i, 1)) {
    const UChar32 c = formed.char32At(i);
    if (!is_space(c) && !is_dropped(c)) kept.append(c);
  }
  return utf8(kept.tempSubStringBetween(0, kept.moveIndex32(0, kLongestToken)));
}

std::string Tokeniser::describe() const {
  UVersionInfo version;
  u_getVersion(version);
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(version, text);
  return boost::json::serialize(boost::json::object{{"normalise", state_->normalise},
                                                    {"fold", state_->fold},
                                                    {"break", state_->breaking},
                                                    {"punctuation", state_->punctuation},
                                                    {"tokens", state_->limit},
                                                    {"icu", text}});
}

}  // namespace attune
