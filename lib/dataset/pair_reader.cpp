#include "dataset/pair_reader.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>

#include "base/rng.hpp"
#include "base/text.hpp"
#include "dataset/reader.hpp"
#include "translation/plain_form.hpp"

namespace attune {
namespace {

constexpr double kNearDuplicates = 0.9;

}  // namespace

std::vector<std::string> reader_names() {
  std::vector<std::string> names = ReaderRegistry::names();
  for (const std::string& name : PairReaderRegistry::names()) names.push_back(name);
  std::ranges::sort(names);
  return names;
}

std::string reader_kind(const Config& config) {
  return config.choice("kind", "", reader_names(), "which part");
}

std::size_t add_language(PairPool& pool, std::map<std::string, std::uint32_t>& known,
                         const std::string& name, std::uint32_t split,
                         const std::vector<std::pair<std::string, std::string>>& pairs) {
  const auto language = static_cast<std::uint32_t>(pool.languages());
  std::map<std::uint32_t, bool> seen;
  for (const auto& [source, target] : pairs) {
    const std::string from = plain_form(source), to = plain_form(target);
    if (from.empty() || to.empty()) continue;
    const auto [entry, added] = known.emplace(from, static_cast<std::uint32_t>(pool.source.size()));
    if (added) pool.source.push_back(from);
    if (!seen.emplace(entry->second, true).second) continue;
    pool.language.push_back(language);
    pool.source_of.push_back(entry->second);
    pool.target.push_back(to);
  }
  if (seen.empty()) return 0;
  pool.language_name.push_back(name);
  pool.language_split.push_back(split);
  return seen.size();
}

void hold_out(PairPool& pool, double share, std::uint64_t seed) {
  const std::size_t sources = pool.source.size();
  const auto count = static_cast<std::size_t>(std::llround(share * static_cast<double>(sources)));
  pool.held_out.assign(sources, 0);
  for (const std::uint32_t source : Rng(seed, "held-out sources").choose(sources, count))
    pool.held_out[source] = 1;
}

std::string group_languages(PairPool& pool) {
  const std::vector<AlikePair> all = all_likenesses(pool);
  pool.language_group = near_duplicates(pool, all, kNearDuplicates);
  const AlikePair most = most_alike_across_splits(pool, all);
  return boost::json::serialize(boost::json::object{
      {"languages", boost::json::array{pool.language_name[most.a], pool.language_name[most.b]}},
      {"likeness", to_text(most.likeness, 4)}});
}

}  // namespace attune
