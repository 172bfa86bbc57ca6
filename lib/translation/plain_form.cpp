#include "translation/plain_form.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>

#include "base/error.hpp"
#include "metric/code_points.hpp"

namespace attune {

std::string plain_form(std::string_view text) {
  icu::UnicodeString kept;
  bool space = false;  // before what comes next
  for (const char32_t letter : code_points(text)) {
    if (letter == 0xAD || letter == 0x200B) continue;
    if (is_space(letter)) {
      space = true;
      continue;
    }
    if (space && !kept.isEmpty()) kept.append(UChar32{' '});
    space = false;
    kept.append(static_cast<UChar32>(letter));
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* composer = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) throw Error(std::string("Unicode: no NFC: ") + u_errorName(status));
  const icu::UnicodeString composed = composer->normalize(kept, status);
  if (U_FAILURE(status)) throw Error(std::string("Unicode: NFC failed: ") + u_errorName(status));
  std::string out;
  composed.toUTF8String(out);
  return out;
}

std::string unicode_library() {
  UVersionInfo version;
  u_getVersion(version);
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(version, text);
  return text;
}

}  // namespace attune
