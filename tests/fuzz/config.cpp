// Configuration: what is accepted is printed in a form that is accepted and prints the same.
#include "base/config.hpp"

#include <string_view>

#include "base/error.hpp"
#include "memory_file.hpp"

using namespace attune;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string resolved;
  try {
    Config config = Config::parse(text, "input");
    config.integer("steps", 3, {0, 9}, "");
    config.real("rate", 0.5, {0, 1}, "");
    config.flag("fast", false, "");
    config.choice("kind", "a", {"a", "b"}, "");
    config.integers("sizes", {1, 2}, {1, 99}, "");
    config.child("part").text("name", "x", "");
    config.set(text);
    resolved = config.resolved();
  } catch (const Error&) {
    return 0;
  }
  require(Config::parse(resolved, "again").resolved() == resolved);
  return 0;
}
