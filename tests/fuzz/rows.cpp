// Per-episode rows, plain and compressed: what is read is written as it was and read the same; what
// is gathered from it makes a table.
#include "base/rows.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "memory_file.hpp"
#include "report/compare.hpp"
#include "report/summarise.hpp"

using namespace attune;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t kMost = std::size_t{1} << 20U;
  try {
    const bool packed = size > 1 && data[0] == 0x1f && data[1] == 0x8b;
    const Rows rows =
        parse_rows(packed ? gunzip(bytes, "input", kMost) : std::string(bytes), "input");
    for (const auto& line : rows.lines) require(line.size() == rows.columns.size());
    if (!is_outcome_rows(rows)) return 0;
    const auto outcomes = gather_outcomes({rows});
    const Table table = summarise(outcomes, nullptr);
    for (const auto& line : table.lines) {
      for (const auto& value : line.values) {
        require(!value || (value->mean >= 0 && value->mean <= 100));
        require(!value || !value->half_width || std::isfinite(*value->half_width));
      }
    }
    for (const std::string& format : table_formats()) require(!render(table, format).empty());
  } catch (const Error&) {
  }
  return 0;
}
