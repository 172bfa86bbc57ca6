// Texts and lists of texts: tokens are UTF-8, not longer or more than promised, and stay what they
// are when they are brought to their form again; lines of JSON are objects or refused.
#include "base/error.hpp"
#include "base/text.hpp"
#include "dataset/text_pool.hpp"
#include "memory_file.hpp"
#include "text/tokeniser.hpp"

using namespace attune;

namespace {

constexpr std::size_t kMost = 50;
constexpr std::size_t kLongest = 64 * 4;  // bytes of 64 code points

const Tokeniser& tokeniser(std::uint8_t choice) {
  static const auto made = [] {
    std::vector<Tokeniser> all;
    for (const char* breaking : {"words", "characters", "spaces"})
      for (const char* normalise : {"nfkc", "nfc", "none"}) {
        Config config;
        config.set(std::string("break=") + breaking);
        config.set(std::string("normalise=") + normalise);
        config.set("tokens=" + std::to_string(kMost));
        all.emplace_back(config);
      }
    return all;
  }();
  return made[choice % made.size()];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  try {
    const std::vector<std::string> tokens = tokeniser(data[0])(text);
    require(!tokens.empty() && tokens.size() <= kMost);
    for (const std::string& token : tokens) {
      require(valid_utf8(token) && token.size() <= kLongest);
      require(!token.empty() || tokens.size() == 1);
      require(valid_utf8(tokeniser(data[0]).form(token)));
    }
  } catch (const Error&) {
    require(!valid_utf8(text));
  }
  try {
    for_each_json_line(text, "input", [&](const JsonText& object, std::size_t line) {
      require(line >= 1);
      require(valid_utf8(json_member(object, "text", "input")));
    });
  } catch (const Error&) {
  }
  return 0;
}
