// One's own pairs of sentences: a file of two columns, or two aligned files, for each language.
#include <boost/json.hpp>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"
#include "dataset/pair_reader.hpp"
#include "dataset/split.hpp"
#include "translation/plain_form.hpp"

namespace attune {
namespace {

constexpr std::size_t kFileBytes = std::size_t{1} << 30;
constexpr std::string_view kHole = "{language}";

std::string filled(std::string pattern, const std::string& language) {
  for (std::size_t at = 0; (at = pattern.find(kHole, at)) != std::string::npos;
       at += language.size())
    pattern.replace(at, kHole.size(), language);
  return pattern;
}

// The language that makes `name` of the pattern; "" when none does.
std::string language_of(const std::string& pattern, const std::string& name) {
  const std::size_t begin = pattern.find(kHole);
  for (std::size_t length = 1; begin + length <= name.size(); ++length) {
    const std::string language = name.substr(begin, length);
    if (language.find('/') == std::string::npos && filled(pattern, language) == name)
      return language;
  }
  return "";
}

std::vector<std::string> lines_of(const std::string& path, const std::string& text) {
  if (!valid_utf8(text)) throw Error(path + ": want UTF-8, have other bytes");
  std::vector<std::string> lines = split(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

using TextPairs = std::vector<std::pair<std::string, std::string>>;

TextPairs columns(const std::string& path, const std::string& text) {
  TextPairs pairs;
  std::size_t number = 0;
  for (const std::string& line : lines_of(path, text)) {
    ++number;
    const std::vector<std::string> fields = split(line, '\t');
    if (fields.size() != 2)
      throw Error(path + ": line " + std::to_string(number) +
                  ": want source, tab and target, have " + std::to_string(fields.size()) +
                  " fields");
    pairs.emplace_back(fields[0], fields[1]);
  }
  return pairs;
}

TextPairs aligned(const std::string& source_path, const std::string& source,
                  const std::string& target_path, const std::string& target) {
  const auto from = lines_of(source_path, source), to = lines_of(target_path, target);
  if (from.size() != to.size())
    throw Error(target_path + ": want " + std::to_string(from.size()) + " lines as " + source_path +
                " has, have " + std::to_string(to.size()));
  TextPairs pairs;
  for (std::size_t i = 0; i < from.size(); ++i) pairs.emplace_back(from[i], to[i]);
  return pairs;
}

std::string pattern(const Config& config, const char* key, const char* fallback, const char* doc) {
  std::string text = config.text(key, fallback, doc);
  if (text.find(kHole) == std::string::npos)
    throw UsageError(config.origin() + ": " + key + ": want a name with {language} in it, have \"" +
                     text + "\"");
  return text;
}

class Pairs : public PairReader {
 public:
  explicit Pairs(const Config& config)
      : layout_(config.choice("layout", "columns", {"columns", "aligned"},
                              "one file of source, tab, target, or two files line by line")),
        split_(config),
        held_out_(config.real("held_out", 0, {0, 0.9},
                              "share of the sources that are never queries of training")),
        held_out_seed_(config.integer("held_out_seed", 0, {0}, "which sources are held out")) {
    if (layout_ == "columns") {
      target_ = pattern(config, "file", "{language}.tsv", "name of a language's file");
    } else {
      source_ = pattern(config, "source_file", "{language}.source", "name of its sources' file");
      target_ = pattern(config, "target_file", "{language}.target", "name of its targets' file");
    }
  }

  PairPool read(const std::string& input) const override {
    if (input.empty()) throw UsageError("pairs: want --input, a folder");
    std::map<std::string, TextPairs> languages;
    std::string hashes;
    OneSpelling spelling;
    for (const std::string& name : list_files(input)) {
      const std::string language = language_of(target_, name);
      if (!language.empty())
        languages[spelling.of(language, input)] = pairs_of(input, language, hashes);
    }
    if (languages.empty()) throw Error(input + ": want files called " + target_ + ", have none");
    PairPool pool = deal(languages, input);
    hold_out(pool, held_out_, static_cast<std::uint64_t>(held_out_seed_));
    const std::string most_alike = group_languages(pool);
    pool.title = "pairs";
    pool.provenance = boost::json::serialize(
        boost::json::object{{"reader", "pairs"},
                            {"files_sha256", sha256(hashes)},
                            {"icu", unicode_library()},
                            {"held_out", to_text(held_out_)},
                            {"held_out_seed", held_out_seed_},
                            {"most_alike_across_splits", boost::json::parse(most_alike)},
                            {"language_split", boost::json::parse(split_.describe())}});
    return pool;
  }

 private:
  // Adds the hashes of what it read.
  TextPairs pairs_of(const std::string& folder, const std::string& language,
                     std::string& hashes) const {
    const auto read = [&](const std::string& path) {
      const std::string text = read_file(path, kFileBytes);
      hashes += sha256(text);
      return text;
    };
    const std::string target = folder + "/" + filled(target_, language);
    if (layout_ == "columns") return columns(target, read(target));
    const std::string source = folder + "/" + filled(source_, language);
    const std::string from = read(source);
    return aligned(source, from, target, read(target));
  }

  PairPool deal(const std::map<std::string, TextPairs>& languages,
                const std::string& origin) const {
    std::vector<std::string> label;
    for (const auto& [language, pairs] : languages)
      label.insert(label.end(), pairs.size(), language);
    const DealtClasses dealt = split_.deal(label, origin);
    PairPool pool;
    std::map<std::string, std::uint32_t> known;
    for (std::size_t l = 0; l < dealt.name.size(); ++l)
      if (add_language(pool, known, dealt.name[l], dealt.split[l], languages.at(dealt.name[l])) ==
          0)
        throw Error(origin + ": " + dealt.name[l] + ": want pairs with two sides, have none");
    return pool;
  }

  std::string layout_, source_, target_;
  ClassSplit split_;
  double held_out_;
  std::int64_t held_out_seed_;
};

}  // namespace

const Register<PairReader> pairs{
    "pairs",
    "one's own pairs: a folder with one file of two columns, or two aligned files, a language",
    [](const Config& config) { return std::make_unique<Pairs>(config); }};

}  // namespace attune
