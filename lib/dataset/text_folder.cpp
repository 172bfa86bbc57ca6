// One's own texts, one a file, one folder per class, unpacked or in an archive.
#include <boost/json.hpp>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dataset/archive.hpp"
#include "dataset/class_name.hpp"
#include "dataset/identity.hpp"
#include "dataset/reader.hpp"
#include "dataset/text_pool.hpp"

namespace attune {
namespace {

class TextFolders : public DatasetReader {
 public:
  explicit TextFolders(const Config& config)
      : extension_(config.text("extension", "txt", "of the files that are read")),
        tokeniser_(config.child("tokens")),
        split_(config) {}

  Pool read(const std::string& input) const override {
    if (input.empty()) throw UsageError("text_folder: want --input, a folder or an archive");
    Identity identity;
    std::map<std::string, std::string> files;  // archives come in any order
    for_each_entry(input, {}, [&](Entry&& entry) {
      if (!entry.name.ends_with("." + extension_) || entry.name.starts_with("__MACOSX/")) return;
      identity.add(entry.name, entry.bytes);
      files.emplace(entry.name, std::string(entry.bytes.begin(), entry.bytes.end()));
    });
    TextExamples examples;
    OneSpelling spelling;
    for (auto& [name, text] : files) {
      const std::vector<std::string> parts = split(name, '/');
      if (parts.size() < 2)
        throw Error(input + ": " + name + ": want files in a folder for each class");
      examples.text.push_back(std::move(text));
      examples.label.push_back(spelling.of(parts[parts.size() - 2], input));
      examples.where.push_back(input + ": " + name);
    }
    if (examples.text.empty())
      throw Error(input + ": want files <class>/<name>." + extension_ + ", have none");
    for (std::size_t i = 0; i < examples.text.size(); ++i)
      if (!valid_utf8(examples.text[i]))
        throw Error(examples.where[i] + ": want UTF-8, have other bytes");
    const DealtClasses dealt = split_.deal(examples.label, input);
    Pool pool = make_text_pool(examples, dealt, tokeniser_);
    pool.title = "texts by folder";
    pool.source = boost::json::serialize(
        boost::json::object{{"reader", "text_folder"},
                            {"files_sha256", identity.hex()},
                            {"files", identity.files()},
                            {"skipped_classes", dealt.skipped.size()},
                            {"tokens", boost::json::parse(tokeniser_.describe())},
                            {"class_split", boost::json::parse(split_.describe())}});
    return pool;
  }

 private:
  std::string extension_;
  Tokeniser tokeniser_;
  ClassSplit split_;
};

const Register<DatasetReader> part{
    "text_folder", "texts, one a file, one folder per class",
    [](const Config& config) { return std::make_unique<TextFolders>(config); }};

}  // namespace
}  // namespace attune
