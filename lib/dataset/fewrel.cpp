// FewRel (Han et al. 2018; Gao et al. 2019): sentences in tokens, two parts of each marked, classes
// are the relations between the parts.
#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/reader.hpp"
#include "dataset/text_pool.hpp"

namespace attune {
namespace {

constexpr std::size_t kFileBytes = std::size_t{1} << 30;

const boost::json::array& list_of(const boost::json::value* value, const std::string& where) {
  if (!value || !value->is_array()) throw Error(where + ": want a list, have none");
  return value->as_array();
}

// Marks the tokens that "h" or "t" names: [name, id, [[token, …], …]].
void mark(const boost::json::object& sentence, const char* part, std::uint8_t mark,
          std::vector<std::uint8_t>& marks, const std::string& where) {
  const std::string place = where + ": " + part;
  const boost::json::array& entity = list_of(sentence.if_contains(part), place);
  if (entity.size() != 3) throw Error(place + ": want a name, an id and places, have others");
  bool any = false;
  for (const boost::json::value& mention : list_of(&entity[2], place))
    for (const boost::json::value& token : list_of(&mention, place)) {
      if (!token.is_int64() || token.as_int64() < 0 ||
          static_cast<std::size_t>(token.as_int64()) >= marks.size())
        throw Error(place + ": want places below " + std::to_string(marks.size()) + ", have " +
                    boost::json::serialize(token));
      marks[static_cast<std::size_t>(token.as_int64())] = mark;
      any = true;
    }
  if (!any) throw Error(place + ": want places of tokens, have none");
}

class FewRel : public DatasetReader {
 public:
  explicit FewRel(const Config& config)
      : masked_(config.flag("mask_entities", false,
                            "tokens of the marked parts become \"<1>\" and \"<2>\"")),
        tokeniser_(config.child("tokens")),
        split_(config) {}

  Pool read(const std::string& input) const override {
    if (input.empty()) throw UsageError("fewrel: want --input, a JSON file, may end with .gz");
    std::string bytes = read_file(input, kFileBytes);
    if (input.ends_with(".gz")) bytes = gunzip(bytes, input, kFileBytes);
    boost::json::error_code code;
    const boost::json::value value = boost::json::parse(bytes, code);
    if (code || !value.is_object())
      throw Error(input + ": want a JSON object, have " +
                  (code ? code.message() : "another value"));
    TextExamples examples;
    for (const auto& [relation, sentences] : value.as_object()) {
      std::size_t number = 0;
      for (const boost::json::value& one :
           list_of(&sentences, input + ": " + std::string(relation)))
        add(std::string(relation), one,
            input + ": " + std::string(relation) + ": sentence " + std::to_string(number++),
            examples);
    }
    const DealtClasses dealt = split_.deal(examples.label, input);
    Pool pool = make_text_pool(examples, dealt, tokeniser_);
    pool.title = "FewRel";
    pool.source = boost::json::serialize(
        boost::json::object{{"reader", "fewrel"},
                            {"data_sha256", sha256(bytes)},
                            {"mask_entities", masked_},
                            {"skipped_classes", dealt.skipped.size()},
                            {"tokens", boost::json::parse(tokeniser_.describe())},
                            {"class_split", boost::json::parse(split_.describe())}});
    return pool;
  }

 private:
  void add(const std::string& relation, const boost::json::value& value, const std::string& where,
           TextExamples& examples) const {
    if (!value.is_object()) throw Error(where + ": want a JSON object, have another value");
    const boost::json::object& sentence = value.as_object();
    std::vector<std::string> tokens;
    for (const boost::json::value& token : list_of(sentence.if_contains("tokens"), where)) {
      if (!token.is_string()) throw Error(where + ": tokens: want texts, have something else");
      tokens.emplace_back(token.as_string());
    }
    std::vector<std::uint8_t> marks(tokens.size(), 0);
    mark(sentence, "h", 1, marks, where);
    mark(sentence, "t", 2, marks, where);
    examples.text.push_back(join(tokens, " "));
    if (masked_)
      for (std::size_t t = 0; t < tokens.size(); ++t)
        if (marks[t]) tokens[t] = marks[t] == 1 ? "<1>" : "<2>";
    examples.label.push_back(relation);
    examples.where.push_back(where);
    examples.tokens.push_back(std::move(tokens));
    examples.marks.push_back(std::move(marks));
  }

  bool masked_;
  Tokeniser tokeniser_;
  ClassSplit split_;
};

const Register<DatasetReader> part{
    "fewrel",
    "relations between two marked parts of a sentence, the official JSON (Han et al. 2018)",
    [](const Config& config) { return std::make_unique<FewRel>(config); }};

}  // namespace
}  // namespace attune
