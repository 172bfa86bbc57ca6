#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/registry.hpp"
#include "translation/likeness.hpp"
#include "translation/pair_pool.hpp"

namespace attune {

// Reads raw data into a pool of pairs of sentences; the counterpart of DatasetReader, with names of
// its own. One file a reader; its last line registers it. Fills everything but `hash`.
struct PairReader {
  virtual ~PairReader() = default;
  virtual PairPool read(const std::string& input) const = 0;
};
using PairReaderRegistry = Registry<PairReader>;

// "kind" of a configuration: the name of a reader of either registry. UsageError names them all.
std::vector<std::string> reader_names();
std::string reader_kind(const Config& config);

// What every reader does with the pairs of all languages, whose splits are set.

// Adds one language with its pairs of texts in plain form; a repeated source is passed over, and so
// is a pair with an empty side. Number of pairs added; with 0 nothing is. `known`: rows of
// pool.source, kept up.
std::size_t add_language(PairPool& pool, std::map<std::string, std::uint32_t>& known,
                         const std::string& name, std::uint32_t split,
                         const std::vector<std::pair<std::string, std::string>>& pairs);
// Sets held_out for a share of the sources, chosen by the seed.
void hold_out(PairPool& pool, double share, std::uint64_t seed);
// Sets language_group: likeness of at least 0.9. Returns the likeness of the two languages of
// different splits that are most alike, with their names, as JSON for the provenance.
std::string group_languages(PairPool& pool);

}  // namespace attune
