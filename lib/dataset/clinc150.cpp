// CLINC150 ("OOS", Larson et al. 2019): 150 intents of ten domains, 150 sentences each. The file's
// own train, val and test parts, which divide the examples, are put together: classes are divided.
#include <boost/json.hpp>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/reader.hpp"
#include "dataset/text_pool.hpp"

namespace attune {
namespace {

constexpr std::size_t kFileBytes = 256u << 20;

boost::json::object object_of(const std::string& bytes, const std::string& path) {
  boost::json::error_code code;
  boost::json::value value = boost::json::parse(bytes, code);
  if (code || !value.is_object())
    throw Error(path + ": want a JSON object, have " + (code ? code.message() : "another value"));
  return value.as_object();
}

std::string text_of(const boost::json::value& value, const std::string& where) {
  if (!value.is_string()) throw Error(where + ": want a text, have something else");
  return std::string(value.as_string());
}

const boost::json::array& list_of(const boost::json::value& value, const std::string& where) {
  if (!value.is_array()) throw Error(where + ": want a list, have something else");
  return value.as_array();
}

class Clinc150 : public DatasetReader {
 public:
  explicit Clinc150(const Config& config)
      : domains_(config.choice("held_out", "intents", {"intents", "domains"},
                               "what no two splits share") == "domains"),
        val_(config.texts("val_domains", {"travel", "work"}, "domains of the validation classes")),
        test_(config.texts("test_domains", {"banking", "credit_cards", "home"},
                           "domains of the test classes")),
        tokeniser_(config.child("tokens")),
        split_(config) {}

  Pool read(const std::string& input) const override {
    if (input.empty())
      throw UsageError("clinc150: want --input, the folder of data_full.json and domains.json");
    const std::string path = input + "/data_full.json";
    const std::string bytes = read_file(path, kFileBytes);
    const TextExamples examples = read_examples(object_of(bytes, path), path);
    DealtClasses dealt = split_.deal(examples.label, path);
    boost::json::object source{{"reader", "clinc150"}, {"data_sha256", sha256(bytes)}};
    if (domains_) {
      deal_by_domain(input, dealt, source);
    } else {
      source["class_split"] = boost::json::parse(split_.describe());
    }
    Pool pool = make_text_pool(examples, dealt, tokeniser_);
    pool.title = domains_ ? "CLINC150, domains held out" : "CLINC150";
    source["tokens"] = boost::json::parse(tokeniser_.describe());
    pool.source = boost::json::serialize(source);
    return pool;
  }

 private:
  // The out-of-scope sentences are no class and are left out.
  static TextExamples read_examples(const boost::json::object& data, const std::string& path) {
    TextExamples examples;
    for (const char* part : {"train", "val", "test"}) {
      const boost::json::value* found = data.if_contains(part);
      if (!found) throw Error(path + ": want a list \"" + part + "\", have none");
      std::size_t number = 0;
      for (const boost::json::value& item : list_of(*found, path + ": " + part)) {
        const std::string where = path + ": " + part + ": item " + std::to_string(number++);
        const boost::json::array& pair = list_of(item, where);
        if (pair.size() != 2)
          throw Error(where + ": want a text and an intent, have " + std::to_string(pair.size()) +
                      " values");
        examples.text.push_back(text_of(pair[0], where));
        examples.label.push_back(text_of(pair[1], where));
        examples.where.push_back(where);
      }
    }
    return examples;
  }

  void deal_by_domain(const std::string& input, DealtClasses& dealt,
                      boost::json::object& source) const {
    const std::string path = input + "/domains.json";
    const std::string bytes = read_file(path, kFileBytes);
    std::map<std::string, std::uint32_t> split_of;  // of each intent
    const boost::json::object domains = object_of(bytes, path);
    for (const auto* wanted : {&val_, &test_})
      for (const std::string& name : *wanted)
        if (!domains.contains(name))
          throw Error(path + ": want a domain \"" + name + "\", have none");
    for (const auto& [domain, intents] : domains) {
      const std::string name(domain);
      const auto among = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), name) != list.end();
      };
      if (among(val_) && among(test_))
        throw UsageError("clinc150: want each domain in one split, have " + name + " in two");
      for (const boost::json::value& intent : list_of(intents, path + ": " + name))
        split_of[text_of(intent, path + ": " + name)] = among(val_) ? 1u : among(test_) ? 2u : 0u;
    }
    for (std::size_t c = 0; c < dealt.name.size(); ++c) {
      const auto found = split_of.find(dealt.name[c]);
      if (found == split_of.end())
        throw Error(path + ": want the domain of " + dealt.name[c] + ", have none");
      dealt.split[c] = found->second;
    }
    source["domains_sha256"] = sha256(bytes);
    source["val_domains"] = boost::json::value_from(val_);
    source["test_domains"] = boost::json::value_from(test_);
  }

  bool domains_;
  std::vector<std::string> val_, test_;
  Tokeniser tokeniser_;
  ClassSplit split_;
};

const Register<DatasetReader> part{
    "clinc150", "150 intents of ten domains, the official JSON files (Larson et al. 2019)",
    [](const Config& config) { return std::make_unique<Clinc150>(config); }};

}  // namespace
}  // namespace attune
