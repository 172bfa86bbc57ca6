#include "dataset/coarse_script.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "metric/code_points.hpp"
#include "translation/neighbours.hpp"

namespace attune {
namespace {

constexpr std::uint32_t kFirstIdeograph = 0x4E00, kRanges = 80, kRange = 256;
constexpr std::size_t kOften = 4;

Symbols32 letters_of(const std::string& name) {
  Symbols32 letters;
  for (const char32_t point : code_points(name))
    if (point != U' ' && point != U'-') letters.push_back(point);
  return letters;
}

// The first letter from `letter` on that no name has.
std::uint32_t first_free(const std::vector<Symbols32>& lines, std::uint32_t letter) {
  std::set<std::uint32_t> used;
  for (const Symbols32& line : lines) used.insert(line.begin(), line.end());
  while (used.contains(letter)) ++letter;
  return letter;
}

}  // namespace

std::vector<std::string> coarse_script(const std::vector<std::string>& names,
                                       std::size_t language) {
  std::vector<Symbols32> lines;
  std::vector<const Symbols32*> pointers;
  lines.reserve(names.size());
  for (const std::string& name : names) pointers.push_back(&lines.emplace_back(letters_of(name)));
  Rng chance(0, "coarse-script");
  const std::uint32_t first =
      kFirstIdeograph + static_cast<std::uint32_t>(language % kRanges) * kRange;
  while (const auto neighbours = most_frequent(pointers, 0, kOften, chance)) {
    const std::uint32_t letter = first_free(lines, first);
    for (Symbols32& line : lines) replace(line, *neighbours, letter);
  }
  std::vector<std::string> written;
  for (const Symbols32& line : lines)
    written.push_back(utf8(std::u32string(line.begin(), line.end())));
  if (std::set<std::string>(written.begin(), written.end()).size() < names.size())
    throw Error("coarse script: want names that differ in more than spaces and hyphens, have " +
                std::to_string(names.size()) + " names of which some do not");
  return written;
}

}  // namespace attune
