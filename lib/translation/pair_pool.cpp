#include "translation/pair_pool.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/splits.hpp"
#include "base/text.hpp"
#include "store/h5.hpp"

namespace attune {
namespace {

constexpr const char* kKind = "attune-pairs";
constexpr int kVersion = 1;

[[noreturn]] void fail(const PairPool& pool, const std::string& object, const std::string& want,
                       const std::string& have) {
  throw Error((pool.origin.empty() ? "pairs" : pool.origin) + ": " + object + ": want " + want +
              ", have " + have);
}

void want_size(const PairPool& pool, const std::string& object, std::size_t want,
               std::size_t have) {
  if (want != have) fail(pool, object, std::to_string(want) + " values", std::to_string(have));
}

void check_texts(const PairPool& pool, const std::string& object,
                 const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool control = std::ranges::any_of(
        texts[i], [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (texts[i].empty() || control || !valid_utf8(texts[i]))
      fail(pool, object, "printable UTF-8",
           "a text that is not, or is empty, in row " + std::to_string(i));
  }
}

void check_unique(const PairPool& pool, const std::string& object,
                  const std::vector<std::string>& texts) {
  std::set<std::string> seen;
  for (const std::string& text : texts)
    if (!seen.insert(text).second) fail(pool, object, "each text once", "two of \"" + text + '"');
}

void check_rows(const PairPool& pool) {
  if (pool.pairs() == 0) fail(pool, "/pairs/target", "pairs", "none");
  if (pool.pairs() > UINT32_MAX) fail(pool, "/pairs/target", "at most 2^32 - 1 pairs", "more");
  want_size(pool, "/pairs/language", pool.pairs(), pool.language.size());
  want_size(pool, "/pairs/source", pool.pairs(), pool.source_of.size());
  std::uint32_t next = 0;  // language that may begin now
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i < pool.pairs(); ++i) {
    const std::string row = " in row " + std::to_string(i);
    if (pool.language[i] == next) {
      ++next;
      seen.clear();
    } else if (next == 0 || pool.language[i] != next - 1) {
      fail(pool, "/pairs/language", "languages 0, 1, 2, … one after the other",
           std::to_string(pool.language[i]) + row);
    }
    if (pool.source_of[i] >= pool.source.size())
      fail(pool, "/pairs/source", "a sentence below " + std::to_string(pool.source.size()),
           std::to_string(pool.source_of[i]) + row);
    if (!seen.insert(pool.source_of[i]).second)
      fail(pool, "/pairs/source", "each sentence once per language",
           std::to_string(pool.source_of[i]) + " again" + row);
  }
  want_size(pool, "/language/name", next, pool.languages());
}

void check_languages(const PairPool& pool) {
  want_size(pool, "/language/split", pool.languages(), pool.language_split.size());
  want_size(pool, "/language/group", pool.languages(), pool.language_group.size());
  std::map<std::uint32_t, std::size_t> first;  // of each group
  for (std::size_t l = 0; l < pool.languages(); ++l) {
    if (pool.language_split[l] >= split_names().size())
      fail(pool, "/language/split", "0, 1 or 2", std::to_string(pool.language_split[l]));
    const std::size_t other = first.emplace(pool.language_group[l], l).first->second;
    if (pool.language_split[l] != pool.language_split[other])
      fail(pool, "/language/group", "languages of one group in one split",
           pool.language_name[other] + " in " + split_names()[pool.language_split[other]] +
               " and " + pool.language_name[l] + " in " + split_names()[pool.language_split[l]]);
  }
}

template <typename T>
void put(store::Writer& writer, const std::string& name, const std::vector<T>& values,
         const std::string& note) {
  writer.write<T>(name, {values.size()}, values, note);
}

template <typename T>
std::vector<T> get(const store::Reader& reader, const std::string& name) {
  if (reader.has(name) && reader.dims(name).size() != 1)
    throw Error(reader.path() + ": " + name + ": want 1 axis, have " +
                std::to_string(reader.dims(name).size()));
  return reader.read<T>(name);
}

}  // namespace

std::vector<std::uint32_t> PairPool::language_begin() const {
  std::vector<std::uint32_t> begin(languages() + 1);
  for (std::size_t l = 0; l <= languages(); ++l)
    begin[l] = static_cast<std::uint32_t>(std::ranges::lower_bound(language, l) - language.begin());
  return begin;
}

void check_pairs(const PairPool& pool) {
  check_texts(pool, "/source/text", pool.source);
  check_unique(pool, "/source/text", pool.source);
  want_size(pool, "/source/held_out", pool.source.size(), pool.held_out.size());
  for (const std::uint8_t held : pool.held_out)
    if (held > 1) fail(pool, "/source/held_out", "0 or 1", std::to_string(held));
  check_rows(pool);
  check_texts(pool, "/pairs/target", pool.target);
  check_texts(pool, "/language/name", pool.language_name);
  check_unique(pool, "/language/name", pool.language_name);
  check_languages(pool);
}

std::string write_pairs(const std::string& path, PairPool& pool) {
  pool.origin = path;
  check_pairs(pool);
  store::Writer writer(path, kKind, kVersion);
  put(writer, "/source/text", pool.source, "sentences of the source language");
  put(writer, "/source/held_out", pool.held_out, "1 = never a query of training");
  put(writer, "/pairs/language", pool.language, "language of each pair, ascending");
  put(writer, "/pairs/source", pool.source_of, "row of /source of each pair");
  put(writer, "/pairs/target", pool.target, "the sentence in that language");
  put(writer, "/language/name", pool.language_name, "");
  put(writer, "/language/split", pool.language_split, "0 train, 1 validation, 2 test");
  put(writer, "/language/group", pool.language_group,
      "languages that are nearly the same share a number; averages count them as one");
  writer.attribute("title", pool.title);
  writer.attribute("provenance", pool.provenance);
  writer.attribute("about",
                   "Pairs of sentences of several languages with one source language; every "
                   "language is one task. Every dataset has an attribute \"about\".");
  pool.hash = writer.commit();
  return pool.hash;
}

PairPool read_pairs(const std::string& path) {
  const store::Reader reader(path, kKind, kVersion);
  PairPool pool;
  pool.origin = path;
  pool.source = get<std::string>(reader, "/source/text");
  pool.held_out = get<std::uint8_t>(reader, "/source/held_out");
  pool.language = get<std::uint32_t>(reader, "/pairs/language");
  pool.source_of = get<std::uint32_t>(reader, "/pairs/source");
  pool.target = get<std::string>(reader, "/pairs/target");
  pool.language_name = get<std::string>(reader, "/language/name");
  pool.language_split = get<std::uint32_t>(reader, "/language/split");
  pool.language_group = get<std::uint32_t>(reader, "/language/group");
  pool.title = reader.text_attribute("title");
  pool.provenance = reader.text_attribute("provenance");
  pool.hash = reader.hash();
  check_pairs(pool);
  return pool;
}

}  // namespace attune
