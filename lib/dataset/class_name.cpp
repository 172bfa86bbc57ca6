#include "dataset/class_name.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <cstdint>

#include "base/error.hpp"
#include "base/text.hpp"
#include "metric/code_points.hpp"
#include "translation/plain_form.hpp"

namespace attune {
namespace {

constexpr char32_t kNonJoiner = 0x200c, kJoiner = 0x200d;
constexpr char32_t kTags = 0xe0000;  // of flags, which are seen

bool unseen(char32_t letter) {
  const auto point = static_cast<UChar32>(letter);
  return u_charType(point) == U_FORMAT_CHAR &&
         u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) && letter < kTags &&
         letter != kJoiner && letter != kNonJoiner;
}

bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

}  // namespace

std::string class_name(std::string_view name) {
  if (!valid_utf8(name)) return std::string(name);
  std::u32string seen;
  for (const char32_t letter : code_points(name))
    if (!unseen(letter)) seen += letter;
  return plain_form(utf8(seen));
}

std::string composed(std::string_view name) {
  if (is_ascii(name) || !valid_utf8(name)) return std::string(name);
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* composer = icu::Normalizer2::getNFCInstance(code);
  if (U_FAILURE(code)) throw Error(std::string("Unicode: no NFC: ") + u_errorName(code));
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
  std::string result;
  composer->normalize(text, code).toUTF8String(result);
  if (U_FAILURE(code)) throw Error(std::string("Unicode: NFC failed: ") + u_errorName(code));
  return result;
}

std::string spelled_out(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\"";
  for (const char32_t letter : code_points(name)) {
    if (letter < 0x80) {
      text += static_cast<char>(letter);
      continue;
    }
    std::string digits;
    for (char32_t rest = letter; rest > 0; rest >>= 4U) digits.insert(0, 1, kDigits[rest & 15U]);
    text += "\\u{" + digits + "}";
  }
  return text + "\"";
}

std::string OneSpelling::of(const std::string& name, const std::string& origin) {
  const std::string form = class_name(name);
  const std::string& known = spelling_of_.emplace(form, name).first->second;
  if (known != name)
    throw Error(origin + ": want names that differ to the eye, have two spellings of " + form +
                ": " + spelled_out(known) + " and " + spelled_out(name) + " (rename one)");
  return form;
}

}  // namespace attune
