#include "base/splits.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

const std::vector<std::string>& split_names() {
  static const std::vector<std::string> names{"train", "val", "test"};
  return names;
}

std::vector<std::uint32_t> places_of_split(std::span<const std::uint32_t> split_of,
                                           const std::string& split) {
  const std::vector<std::string>& names = split_names();
  std::set<std::uint32_t> wanted;
  for (const std::string& name : attune::split(split, '+')) {
    const auto known = std::find(names.begin(), names.end(), name);
    if (known == names.end())
      throw UsageError("split: want train, val, test, or some joined by '+', have \"" + split +
                       "\"");
    if (!wanted.insert(static_cast<std::uint32_t>(known - names.begin())).second)
      throw UsageError("split: want every name once, have \"" + split + "\"");
  }
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i < split_of.size(); ++i)
    if (wanted.contains(split_of[i])) places.push_back(i);
  return places;
}

}  // namespace attune
