// One's own labelled texts in a table: CSV, TSV, or JSON lines.
#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"
#include "dataset/reader.hpp"
#include "dataset/table_text.hpp"
#include "dataset/text_pool.hpp"

namespace attune {
namespace {

constexpr std::size_t kTableBytes = std::size_t{4} << 30;

class TextFile : public DatasetReader {
 public:
  explicit TextFile(const Config& config)
      : format_(config.choice("format", "auto", {"auto", "csv", "tsv", "json_lines"},
                              "auto: JSON lines if the first character is {, else by the first "
                              "line's separators")),
        text_(config.text("text", "text", "column or member with the text")),
        label_(config.text("label", "label", "column or member with the class")),
        group_(config.text("group", "", "column or member with the source of each, e.g. author")),
        tokeniser_(config.child("tokens")),
        split_(config) {}

  Pool read(const std::string& input) const override {
    if (input.empty())
      throw UsageError("text: want --input, a CSV, TSV or JSON lines file (- is stdin)");
    const std::string origin = input == "-" ? "stdin" : input;
    const std::string bytes = read_file(input, kTableBytes);
    TextExamples examples;
    const bool json =
        format_ == "auto" ? trim(bytes.substr(0, 4096)).starts_with('{') : format_ == "json_lines";
    json ? read_lines(bytes, origin, examples) : read_table(bytes, origin, examples);
    for (std::size_t i = 0; i < examples.label.size(); ++i)
      if (examples.label[i].empty())
        throw Error(examples.where[i] + ": " + label_ + ": want a class, have nothing");
    const DealtClasses dealt = split_.deal(examples.label, origin);
    Pool pool = make_text_pool(examples, dealt, tokeniser_);
    pool.title = "texts";
    pool.source = boost::json::serialize(
        boost::json::object{{"reader", "text"},
                            {"file_sha256", sha256(bytes)},
                            {"text", text_},
                            {"label", label_},
                            {"group", group_},
                            {"skipped_classes", dealt.skipped.size()},
                            {"tokens", boost::json::parse(tokeniser_.describe())},
                            {"class_split", boost::json::parse(split_.describe())}});
    return pool;
  }

 private:
  void read_lines(const std::string& bytes, const std::string& origin,
                  TextExamples& examples) const {
    for_each_json_line(bytes, origin, [&](const JsonText& object, std::size_t line) {
      const std::string where = origin + ": line " + std::to_string(line);
      examples.text.push_back(json_member(object, text_, where));
      examples.label.push_back(class_name(json_member(object, label_, where)));
      if (!group_.empty()) examples.group.push_back(class_name(json_member(object, group_, where)));
      examples.where.push_back(where);
    });
  }

  void read_table(const std::string& bytes, const std::string& origin,
                  TextExamples& examples) const {
    const char separator = format_ == "csv"   ? ','
                           : format_ == "tsv" ? '\t'
                                              : guess_separator(bytes);
    const TextTable table = parse_table(bytes, separator, origin);
    const std::size_t text = table.column(text_, origin), label = table.column(label_, origin);
    const std::size_t group = group_.empty() ? 0 : table.column(group_, origin);
    for (std::size_t row = 0; row < table.records.size(); ++row) {
      examples.text.push_back(table.records[row][text]);
      examples.label.push_back(class_name(table.records[row][label]));
      if (!group_.empty()) examples.group.push_back(class_name(table.records[row][group]));
      examples.where.push_back(origin + ": line " + std::to_string(table.line[row]));
    }
  }

  std::string format_, text_, label_, group_;
  Tokeniser tokeniser_;
  ClassSplit split_;
};

const Register<DatasetReader> part{
    "text", "texts with labels: CSV or TSV with named columns, or JSON lines",
    [](const Config& config) { return std::make_unique<TextFile>(config); }};

}  // namespace
}  // namespace attune
