// Names of numbers in 75 languages, from English, from digits or from place values; made by the
// rules of ICU, nothing is read.
#include <boost/json.hpp>

#include "base/error.hpp"
#include "dataset/coarse_script.hpp"
#include "dataset/invented_numbers.hpp"
#include "dataset/number_names.hpp"
#include "dataset/pair_reader.hpp"
#include "translation/plain_form.hpp"

namespace attune {
namespace {

// "300 20 1" of 321, "0" of 0.
std::string place_values(int number) {
  std::string values;
  for (int place = 1; number / place > 0; place *= 10)
    if (const int value = number / place % 10 * place; value > 0)
      values = std::to_string(value) + (values.empty() ? "" : " ") + values;
  return values.empty() ? "0" : values;
}

class Numbers : public PairReader {
 public:
  explicit Numbers(const Config& config)
      : rules_(config.choice("rules", "cardinal", {"cardinal", "ordinal"}, "kind of number names")),
        source_(config.choice("source", "english", {"english", "digits", "places"},
                              "what is translated: the English name, the number in digits, or "
                              "its place values, 17 as \"10 7\"")),
        largest_(static_cast<int>(
            config.integer("largest", 99, {19, 9999}, "the numbers are 0 to this one"))),
        held_out_(config.real("held_out", 0.2, {0, 0.9},
                              "share of the numbers that are never queries of training")),
        coarse_(config.choice("script", "own", {"own", "coarse"},
                              "letters that languages have, or a letter of its own for whatever "
                              "often stands together, as scripts of whole words") == "coarse"),
        invented_(static_cast<std::size_t>(config.integer(
            "invented", 0, {0, 100000},
            "languages that nobody speaks, made by random rules, to train on beside the others"))),
        seed_(config.integer("seed", 0, {0}, "which numbers are held out, and what is invented")) {
    if (invented_ > 0 && (rules_ != "cardinal" || largest_ > 999))
      throw UsageError(config.origin() +
                       ": invented: want cardinal numbers up to 999, have other numbers");
  }

  PairPool read(const std::string& input) const override {
    if (!input.empty()) throw UsageError("numbers: want no --input, have " + input);
    const NumberRules rules = rules_ == "ordinal" ? NumberRules::ordinal : NumberRules::cardinal;
    const std::vector<std::string> sources = source_names(rules);
    PairPool pool;
    std::map<std::string, std::uint32_t> known;
    for (const NumberLanguage& language : number_languages()) {
      const auto names = number_names(language.name, rules, largest_);
      if (names) add(pool, known, language.name, language.split, sources, *names);
    }
    const Rng rng(static_cast<std::uint64_t>(seed_), "invented-numbers");
    for (std::size_t i = 0; i < invented_; ++i)
      add(pool, known, "invented-" + std::to_string(i), 0, sources,
          invented_numbers(largest_, rng.at(0, i)));
    if (pool.languages() == 0) throw Error("numbers: want languages with names, have none");
    hold_out(pool, held_out_, static_cast<std::uint64_t>(seed_));
    const std::string most_alike = group_languages(pool);
    pool.title = "numbers-" + rules_ + (source_ == "english" ? "" : "-" + source_) + "-" +
                 std::to_string(largest_) + (coarse_ ? "-coarse" : "") +
                 (invented_ > 0 ? "-invented-" + std::to_string(invented_) : "");
    boost::json::object made{
        {"reader", "numbers"}, {"icu", unicode_library()},
        {"rules", rules_},     {"source", source_},
        {"largest", largest_}, {"held_out", to_text(held_out_)},
        {"seed", seed_},       {"most_alike_across_splits", boost::json::parse(most_alike)}};
    if (coarse_) made["script"] = "coarse";
    if (invented_ > 0) made["invented"] = invented_;
    pool.provenance = boost::json::serialize(made);
    return pool;
  }

 private:
  void add(PairPool& pool, std::map<std::string, std::uint32_t>& known, const std::string& name,
           std::uint32_t split, const std::vector<std::string>& sources,
           const std::vector<std::string>& names) const {
    const auto& targets = coarse_ ? coarse_script(names, pool.languages()) : names;
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t n = 0; n < targets.size(); ++n) pairs.emplace_back(sources[n], targets[n]);
    add_language(pool, known, name, split, pairs);
  }

  std::vector<std::string> source_names(NumberRules rules) const {
    if (source_ != "english") {
      std::vector<std::string> names;
      for (int number = 0; number <= largest_; ++number)
        names.push_back(source_ == "digits" ? std::to_string(number) : place_values(number));
      return names;
    }
    const auto english = number_names("en", rules, largest_);
    if (!english) throw Error("numbers: want English names of ICU, have none");
    return *english;
  }

  std::string rules_, source_;
  int largest_;
  double held_out_;
  bool coarse_;
  std::size_t invented_;
  std::int64_t seed_;
};

}  // namespace

const Register<PairReader> numbers{
    "numbers",
    "names of numbers in 75 languages, from English, digits or place values; made by ICU's rules",
    [](const Config& config) { return std::make_unique<Numbers>(config); }};

}  // namespace attune
