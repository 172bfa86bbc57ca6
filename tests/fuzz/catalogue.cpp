// gettext's message catalogues: texts lie inside the file, the header is none of them.
#include "base/error.hpp"
#include "dataset/message_catalogue.hpp"
#include "memory_file.hpp"

using namespace attune;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    for (const auto& [message, translation] : parse_catalogue(bytes, "input")) {
      require(!message.empty() && !translation.empty());
      require(bytes.find(message) != std::string_view::npos);
      require(bytes.find(translation) != std::string_view::npos);
    }
  } catch (const Error&) {
  }
  return 0;
}
