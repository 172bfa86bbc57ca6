// Which language is it? Classes are languages, examples names of numbers and dates by ICU and of
// territories by iso-codes' catalogues (ICU where there is none): data that any machine has. No
// language family is in two splits. An example's group is what it names.
#include <unicode/datefmt.h>
#include <unicode/locid.h>
#include <unicode/rbnf.h>
#include <unicode/timezone.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "dataset/languages.hpp"
#include "dataset/message_catalogue.hpp"
#include "dataset/reader.hpp"
#include "dataset/text_pool.hpp"

namespace attune {
namespace {

constexpr std::size_t kCatalogueBytes = 16u << 20;
constexpr double kDay = 86400e3;  // of ICU's time, in milliseconds

std::string utf8(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

void check(UErrorCode code, const Language& language, const char* what) {
  if (U_FAILURE(code))
    throw Error(std::string("langid: ") + language.name + ": " + what + ": " + u_errorName(code));
}

class LangId : public DatasetReader {
 public:
  explicit LangId(const Config& config)
      : numbers_(count(config, "numbers", 120, "number names of each language")),
        dates_(count(config, "dates", 60, "dates of each language")),
        territories_(count(config, "territories", 120, "most territory names of each language")),
        largest_(config.integer("largest", 9999, {99, 999'999'999}, "largest number")),
        seed_(config.integer("seed", 0, {0}, "of the numbers, dates and territories drawn")),
        val_(config.texts("val_families", {"Turkic", "Uralic", "constructed"},
                          "language families of the validation classes")),
        test_(config.texts("test_families",
                           {"Afro-Asiatic", "Austroasiatic", "Austronesian", "Dravidian",
                            "Eskimo-Aleut", "Iroquoian", "Japonic", "Kartvelian", "Koreanic",
                            "Kra-Dai", "Niger-Congo", "Quechuan", "Sino-Tibetan"},
                           "language families of the test classes; all others are trained on")),
        catalogues_(config.text("catalogues", "/usr/share/locale", "folder of iso-codes' names")),
        tokeniser_(config.child("tokens"), "characters") {
    std::set<std::string> known;
    for (const Language& language : languages()) known.insert(language.family);
    for (const auto* list : {&val_, &test_})
      for (const std::string& family : *list)
        if (!known.contains(family))
          throw UsageError("langid: families: want one of " +
                           join({known.begin(), known.end()}, ", ") + ", have " + family);
    for (const std::string& family : val_)
      if (std::find(test_.begin(), test_.end(), family) != test_.end())
        throw UsageError("langid: want each family in one split, have " + family + " in two");
  }

  Pool read(const std::string& input) const override {
    if (!input.empty()) throw UsageError("langid: want no --input, have " + input);
    TextExamples examples;
    DealtClasses dealt;
    for (const Language& language : languages()) {
      const std::size_t first = examples.text.size();
      add_numbers(language, examples);
      add_dates(language, examples);
      add_territories(language, examples);
      dealt.name.push_back(language.name);
      dealt.split.push_back(split_of(language.family));
      auto& rows = dealt.rows.emplace_back();
      for (std::size_t i = first; i < examples.text.size(); ++i) rows.push_back(i);
    }
    Sha256 hash;
    for (const std::string& text : examples.text) hash.add_field(text);
    Pool pool = make_text_pool(examples, dealt, tokeniser_);
    pool.title = "langid";
    pool.source = boost::json::serialize(
        boost::json::object{{"reader", "langid"},
                            {"texts_sha256", hash.hex()},
                            {"icu", U_ICU_VERSION},
                            {"numbers", numbers_},
                            {"dates", dates_},
                            {"territories", territories_},
                            {"largest", largest_},
                            {"seed", seed_},
                            {"val_families", boost::json::value_from(val_)},
                            {"test_families", boost::json::value_from(test_)},
                            {"tokens", boost::json::parse(tokeniser_.describe())}});
    return pool;
  }

 private:
  static std::size_t count(const Config& config, const char* key, std::int64_t fallback,
                           const char* doc) {
    return static_cast<std::size_t>(config.integer(key, fallback, {1, 10'000}, doc));
  }
  std::uint32_t split_of(const std::string& family) const {
    const auto among = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), family) != list.end();
    };
    return among(val_) ? 1 : among(test_) ? 2 : 0;
  }
  Rng rng(const char* what, const Language& language) const {
    return Rng(static_cast<std::uint64_t>(seed_), std::string(what) + " " + language.locale);
  }
  static void add(const std::string& text, const Language& language, const char* group,
                  TextExamples& examples) {
    examples.text.push_back(text);
    examples.label.push_back(language.name);
    examples.group.emplace_back(group);
  }

  void add_numbers(const Language& language, TextExamples& examples) const {
    UErrorCode code = U_ZERO_ERROR;
    const icu::RuleBasedNumberFormat format(icu::URBNF_SPELLOUT,
                                            icu::Locale(language.locale.c_str()), code);
    check(code, language, "spelled-out numbers");
    Rng draw = rng("numbers", language);
    const std::size_t most =
        std::min<std::size_t>(numbers_, static_cast<std::size_t>(largest_) + 1);
    for (const std::uint32_t number : draw.choose(static_cast<std::uint64_t>(largest_) + 1, most)) {
      icu::UnicodeString text;
      format.format(static_cast<std::int64_t>(number), text, code);
      check(code, language, "spell out");
      add(utf8(text), language, "number", examples);
    }
  }

  void add_dates(const Language& language, TextExamples& examples) const {
    const icu::Locale locale((language.locale + "@calendar=gregorian").c_str());
    const std::unique_ptr<icu::DateFormat> format(
        icu::DateFormat::createDateInstance(icu::DateFormat::kFull, locale));
    if (!format) throw Error("langid: " + language.name + ": want a date format, have none");
    format->setTimeZone(*icu::TimeZone::getGMT());
    Rng draw = rng("dates", language);
    for (const std::uint32_t day : draw.choose(20'000, std::min<std::size_t>(dates_, 20'000))) {
      icu::UnicodeString text;
      format->format(static_cast<UDate>(day) * kDay, text);
      add(utf8(text), language, "date", examples);
    }
  }

  void add_territories(const Language& language, TextExamples& examples) const {
    std::vector<std::string> names = translated(language);
    if (names.empty()) names = by_icu(language);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    Rng draw = rng("territories", language);
    for (const std::uint32_t i : draw.choose(names.size(), std::min(territories_, names.size())))
      add(names[i], language, "territory", examples);
  }

  // English is what the catalogues translate from.
  std::vector<std::string> translated(const Language& language) const {
    if (language.catalogue.empty()) return {};
    const std::string path = catalogues_ + "/" + language.catalogue + "/LC_MESSAGES/iso_3166-1.mo";
    if (!exists(path)) throw Error(path + ": want iso-codes' catalogue, have none");
    std::vector<std::string> names;
    for (const auto& [from, to] : parse_catalogue(read_file(path, kCatalogueBytes), path))
      names.push_back(to);
    return names;
  }

  static std::vector<std::string> by_icu(const Language& language) {
    std::vector<std::string> names;
    const icu::Locale locale(language.locale.c_str());
    for (const char* const* country = icu::Locale::getISOCountries(); *country; ++country) {
      icu::UnicodeString text;
      icu::Locale("", *country).getDisplayCountry(locale, text);
      if (text != icu::UnicodeString(*country)) names.push_back(utf8(text));
    }
    return names;
  }

  std::size_t numbers_, dates_, territories_;
  std::int64_t largest_, seed_;
  std::vector<std::string> val_, test_;
  std::string catalogues_;
  Tokeniser tokeniser_;
};

const Register<DatasetReader> part{
    "langid", "names of numbers, dates and territories in many languages, by ICU and iso-codes",
    [](const Config& config) { return std::make_unique<LangId>(config); }};

}  // namespace
}  // namespace attune
