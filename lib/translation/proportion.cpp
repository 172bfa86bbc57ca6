#include "translation/proportion.hpp"

#include <algorithm>
#include <vector>

namespace attune {
namespace {

// a[begin, end) becomes `put`.
struct Change {
  std::size_t begin, end;
  std::u32string_view put;
};

// The shortest change from a to b; two of them where letters at its edge are alike ("aa" to "aaa"):
// as far right as it goes, and as far left.
std::vector<Change> changes(std::u32string_view a, std::u32string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t prefix = 0, suffix = 0;
  while (prefix < shorter && a[prefix] == b[prefix]) ++prefix;
  while (suffix < shorter && a[a.size() - 1 - suffix] == b[b.size() - 1 - suffix]) ++suffix;
  const auto between = [&](std::size_t before, std::size_t after) {
    return Change{before, a.size() - after, b.substr(before, b.size() - after - before)};
  };
  std::vector<Change> all = {between(prefix, std::min(suffix, shorter - prefix))};
  if (prefix + suffix > shorter) all.push_back(between(shorter - suffix, suffix));
  return all;
}

std::u32string apply(std::u32string_view a, const Change& first, const Change& second) {
  std::u32string x(a.substr(0, first.begin));
  x += first.put;
  x += a.substr(first.end, second.begin - first.end);
  x += second.put;
  x += a.substr(second.end);
  return x;
}

}  // namespace

std::optional<std::u32string> solve_proportion(std::u32string_view a, std::u32string_view b,
                                               std::u32string_view c) {
  if (a == b) return std::u32string(c);
  if (a == c) return std::u32string(b);
  for (const Change& one : changes(a, b)) {
    for (const Change& other : changes(a, c)) {
      if (one.begin == other.begin && one.end == other.end && one.begin == one.end) continue;
      if (one.end <= other.begin) return apply(a, one, other);
      if (other.end <= one.begin) return apply(a, other, one);
    }
  }
  return std::nullopt;
}

}  // namespace attune
