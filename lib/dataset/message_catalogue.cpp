#include "dataset/message_catalogue.hpp"

#include <cstdint>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

// The format is told in the GNU gettext manual, "The Format of GNU MO Files".
class Catalogue {
 public:
  Catalogue(std::string_view bytes, const std::string& origin) : bytes_(bytes), origin_(origin) {
    const std::uint32_t magic = word(0);
    if (magic == 0xde120495u) swap_ = true;
    if (magic != 0x950412deu && !swap_) fail("a message catalogue (.mo)");
    if (word(4) >> 16 > 1) fail("version 0 or 1");
  }
  std::uint32_t word(std::uint64_t at) const {
    if (at + 4 > bytes_.size()) fail("a whole file");
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[at + (swap_ ? 3 - i : i)]);
      value |= static_cast<std::uint32_t>(byte) << (8 * i);
    }
    return value;
  }
  // The text that the pair of words at `at` tells of.
  std::string_view text(std::uint64_t at) const {
    const std::uint64_t length = word(at), begin = word(at + 4);
    if (begin + length > bytes_.size()) fail("texts inside the file");
    return bytes_.substr(begin, length);
  }

 private:
  [[noreturn]] void fail(const std::string& want) const {
    throw Error(origin_ + ": want " + want + ", have something else");
  }
  std::string_view bytes_;
  const std::string& origin_;
  bool swap_ = false;
};

}  // namespace

std::map<std::string, std::string> parse_catalogue(std::string_view bytes,
                                                   const std::string& origin) {
  const Catalogue file(bytes, origin);
  const std::uint64_t count = file.word(8), originals = file.word(12), translations = file.word(16);
  std::map<std::string, std::string> result;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view from = file.text(originals + 8 * i);
    const std::string_view to = file.text(translations + 8 * i);
    // The empty message is the header; \4 ends a context, \0 parts plural forms.
    if (from.empty() || to.empty() || from == to) continue;
    if (from.find('\4') != from.npos || from.find('\0') != from.npos) continue;
    if (!valid_utf8(from) || !valid_utf8(to)) continue;
    result.emplace(from, to);
  }
  return result;
}

}  // namespace attune
