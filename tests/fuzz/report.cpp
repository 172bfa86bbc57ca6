// Finished tables, read back to be compared with: what is read can be written in every format.
#include "base/error.hpp"
#include "memory_file.hpp"
#include "table/table.hpp"

using namespace attune;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Table table = parse_table(text, "input");
    for (const auto& line : table.lines) {
      require(line.labels.size() == table.labels.size());
      require(line.values.size() == table.columns.size());
    }
    for (const std::string& format : table_formats()) render(table, format);
  } catch (const Error&) {
  }
  return 0;
}
