// CSV and TSV of one's own tables: every record is as long as the header.
#include "base/error.hpp"
#include "dataset/table_text.hpp"
#include "memory_file.hpp"

using namespace attune;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const TextTable table = parse_table(text, guess_separator(text), "input");
    require(table.line.size() == table.records.size());
    for (const auto& record : table.records) require(record.size() == table.columns.size());
  } catch (const Error&) {
  }
  return 0;
}
