// One's own tables: CSV or TSV with a label column and numeric features.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"
#include "dataset/reader.hpp"
#include "dataset/split.hpp"
#include "dataset/table_text.hpp"

namespace attune {
namespace {

constexpr std::size_t kTableBytes = std::size_t{4} << 30;

double number(const TextTable& table, std::size_t row, std::size_t column,
              const std::string& origin) {
  const std::string_view text = trim(table.records[row][column]);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size() &&
      std::isfinite(static_cast<float>(value)))
    return value;
  throw Error(origin + ": line " + std::to_string(table.line[row]) + ": column \"" +
              table.columns[column] + "\": want a number, have " +
              (text.empty() ? "nothing" : "\"" + std::string(text) + "\""));
}

class Table : public DatasetReader {
 public:
  explicit Table(const Config& config)
      : label_(config.text("label", "label", "column with the class of each row")),
        group_(config.text("group", "", "column with the source of each row, e.g. the patient")),
        ignore_(config.texts("ignore", {}, "columns that are no features, e.g. an identifier")),
        separator_(config.choice("separator", "auto", {"auto", "comma", "semicolon", "tab"},
                                 "what stands between fields")),
        standardise_(config.flag("standardise", true,
                                 "features to mean 0 and variance 1 over the training classes")),
        split_(config) {}

  Pool read(const std::string& input) const override {
    if (input.empty()) throw UsageError("table: want --input, a CSV or TSV file (- is stdin)");
    const std::string origin = input == "-" ? "stdin" : input;
    const std::string text = read_file(input, kTableBytes);
    const TextTable table = parse_table(text, separator(text), origin);
    const std::vector<std::size_t> columns = feature_columns(table, origin);
    const DealtClasses dealt = split_.deal(labels(table, origin), origin);
    Pool pool;
    pool.example_shape = {static_cast<std::uint32_t>(columns.size())};
    fill_classes(pool, dealt);
    pool.features = features(table, columns, dealt, pool, origin);
    set_groups(table, dealt, pool, origin);
    boost::json::array names;
    for (const std::size_t c : columns) names.emplace_back(table.columns[c]);
    pool.title = "table of numeric features";
    pool.source = boost::json::serialize(
        boost::json::object{{"reader", "table"},
                            {"table_sha256", sha256(text)},
                            {"label", label_},
                            {"group", group_},
                            {"features", names},
                            {"standardise", standardise_},
                            {"skipped_classes", dealt.skipped.size()},
                            {"class_split", boost::json::parse(split_.describe())}});
    return pool;
  }

 private:
  char separator(std::string_view text) const {
    if (separator_ == "auto") return guess_separator(text);
    return separator_ == "comma" ? ',' : separator_ == "semicolon" ? ';' : '\t';
  }

  std::vector<std::size_t> feature_columns(const TextTable& table,
                                           const std::string& origin) const {
    std::vector<bool> used(table.columns.size(), true);
    used[table.column(label_, origin)] = false;
    if (!group_.empty()) used[table.column(group_, origin)] = false;
    for (const std::string& name : ignore_) used[table.column(name, origin)] = false;
    std::vector<std::size_t> columns;
    for (std::size_t c = 0; c < used.size(); ++c)
      if (used[c]) columns.push_back(c);
    if (columns.empty()) throw Error(origin + ": want columns of features, have none");
    return columns;
  }

  std::vector<std::string> labels(const TextTable& table, const std::string& origin) const {
    const std::size_t column = table.column(label_, origin);
    std::vector<std::string> label;
    for (std::size_t row = 0; row < table.records.size(); ++row) {
      label.push_back(class_name(table.records[row][column]));
      if (label.back().empty())
        throw Error(origin + ": line " + std::to_string(table.line[row]) + ": column \"" + label_ +
                    "\": want a class, have nothing");
    }
    return label;
  }

  // (P,D) in the order of the pool.
  std::vector<float> features(const TextTable& table, const std::vector<std::size_t>& columns,
                              const DealtClasses& dealt, const Pool& pool,
                              const std::string& origin) const {
    const std::size_t D = columns.size();
    std::vector<double> values;
    for (const auto& rows : dealt.rows)
      for (const std::size_t row : rows)
        for (const std::size_t c : columns) values.push_back(number(table, row, c, origin));
    if (standardise_ && std::find(dealt.split.begin(), dealt.split.end(), 0u) == dealt.split.end())
      throw Error(origin +
                  ": want training classes to standardise by, have none (standardise=false "
                  "keeps the numbers as they are)");
    std::vector<float> out(values.size());
    for (std::size_t d = 0; d < D; ++d) {
      const auto [mean, deviation] =
          standardise_ ? statistics(values, d, D, pool) : std::pair(0.0, 1.0);
      for (std::size_t i = d; i < values.size(); i += D)
        out[i] = static_cast<float>((values[i] - mean) / deviation);
    }
    return out;
  }

  // Mean and standard deviation (1 where there is none) of feature d over the training classes:
  // what is known of the others must not leak into the features.
  static std::pair<double, double> statistics(const std::vector<double>& values, std::size_t d,
                                              std::size_t D, const Pool& pool) {
    double sum = 0, squares = 0;
    std::size_t n = 0;
    for (std::size_t i = 0; i < pool.y.size(); ++i) {
      if (pool.class_split[pool.y[i]] != 0) continue;
      sum += values[i * D + d];
      ++n;
    }
    const double mean = sum / static_cast<double>(n);
    for (std::size_t i = 0; i < pool.y.size(); ++i) {
      if (pool.class_split[pool.y[i]] != 0) continue;
      squares += (values[i * D + d] - mean) * (values[i * D + d] - mean);
    }
    const double deviation = std::sqrt(squares / static_cast<double>(n));
    return {mean, deviation > 0 ? deviation : 1};
  }

  void set_groups(const TextTable& table, const DealtClasses& dealt, Pool& pool,
                  const std::string& origin) const {
    pool.group.assign(pool.y.size(), 0);
    if (group_.empty()) return;
    const std::size_t column = table.column(group_, origin);
    std::map<std::string, std::uint32_t> number_of;
    for (const auto& record : table.records) number_of.emplace(class_name(record[column]), 0);
    for (auto& [name, index] : number_of) {
      index = static_cast<std::uint32_t>(pool.group_name.size());
      pool.group_name.push_back(name);
    }
    std::size_t i = 0;
    for (const auto& rows : dealt.rows)
      for (const std::size_t row : rows)
        pool.group[i++] = number_of.at(class_name(table.records[row][column]));
  }

  std::string label_, group_;
  std::vector<std::string> ignore_;
  std::string separator_;
  bool standardise_;
  ClassSplit split_;
};

}  // namespace

const Register<DatasetReader> table{
    "table", "CSV or TSV with a label column and numeric features",
    [](const Config& config) { return std::make_unique<Table>(config); }};

}  // namespace attune
