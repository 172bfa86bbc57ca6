#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "base/error.hpp"
#include "base/json_node.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

namespace json = boost::json;

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostLevels = 16;
constexpr std::size_t kMostValues = 32768;

// Builds the tree while boost::json::basic_parser reads. Its own conversion of numbers is off by
// one unit in the last place for one double in ten (Boost 1.81), so only their text is kept.
class Builder {
 public:
  static constexpr std::size_t max_array_size = kMostBytes;
  static constexpr std::size_t max_object_size = kMostBytes;
  static constexpr std::size_t max_string_size = kMostBytes;
  static constexpr std::size_t max_key_size = 256;

  explicit Builder(std::string origin, std::string path)
      : origin_(std::move(origin)), path_(std::move(path)) {}

  std::shared_ptr<JsonNode> root() const { return root_; }
  const std::string& problem() const { return problem_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& error) { return open(JsonNode::Type::kObject, error); }
  bool on_array_begin(json::error_code& error) { return open(JsonNode::Type::kList, error); }
  bool on_array_end(std::size_t, json::error_code&) {
    open_.pop_back();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code& error) {
    std::vector<std::string_view> keys;
    for (const auto& member : open_.back()->members) keys.push_back(member.first);
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) {
      return refuse(open_.back()->path_to(*twice) + ": want each key once, have it twice", error);
    }
    open_.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return gather(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    gather(part);
    key_ = take();
    return no_nul(key_, error);
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    return gather(part);
  }
  bool on_string(json::string_view part, std::size_t, json::error_code& error) {
    gather(part);
    const auto node = add(JsonNode::Type::kText, take(), error);
    return node && no_nul(node->scalar, error);
  }
  bool on_number_part(json::string_view part, json::error_code&) { return gather(part); }
  bool on_int64(std::int64_t, json::string_view part, json::error_code& error) {
    return number(part, error);
  }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code& error) {
    return number(part, error);
  }
  bool on_double(double, json::string_view part, json::error_code& error) {
    return number(part, error);
  }
  bool on_bool(bool flag, json::error_code& error) {
    return add(JsonNode::Type::kFlag, flag ? "true" : "false", error) != nullptr;
  }
  bool on_null(json::error_code& error) {
    return add(JsonNode::Type::kNull, "null", error) != nullptr;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool gather(json::string_view part) {
    gathered_.append(part.data(), part.size());
    return true;
  }
  std::string take() { return std::exchange(gathered_, {}); }

  bool refuse(const std::string& problem, json::error_code& error) {
    problem_ = problem;
    error = json::error::syntax;
    return false;
  }
  bool no_nul(const std::string& text, json::error_code& error) {
    if (text.find('\0') == std::string::npos) return true;
    return refuse("want text without the character U+0000, have it", error);
  }
  bool number(json::string_view part, json::error_code& error) {
    gather(part);
    const auto node = add(JsonNode::Type::kNumber, take(), error);
    if (!node) return false;
    const std::string& text = node->scalar;
    double value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()) {
      return true;
    }
    return refuse(node->path + ": want a number that a double can hold, have " + node->shown(),
                  error);
  }
  bool open(JsonNode::Type type, json::error_code& error) {
    if (open_.size() == kMostLevels) {
      return refuse("want at most " + std::to_string(kMostLevels) + " levels, have more", error);
    }
    const auto node = add(type, "", error);
    if (node) open_.push_back(node);
    return node != nullptr;
  }
  std::shared_ptr<JsonNode> add(JsonNode::Type type, std::string scalar, json::error_code& error) {
    if (++values_ > kMostValues) {
      refuse("want at most " + std::to_string(kMostValues) + " values, have more", error);
      return nullptr;
    }
    auto node = std::make_shared<JsonNode>();
    node->type = type;
    node->scalar = std::move(scalar);
    node->origin = origin_;
    if (open_.empty()) {
      node->path = path_;
      root_ = node;
    } else {
      JsonNode& parent = *open_.back();
      const bool list = parent.type == JsonNode::Type::kList;
      std::string key = list ? std::to_string(parent.members.size()) : std::move(key_);
      node->path = parent.path_to(key);
      parent.members.emplace_back(std::move(key), node);
    }
    return node;
  }

  std::string origin_, path_, gathered_, key_, problem_;
  std::shared_ptr<JsonNode> root_;
  std::vector<std::shared_ptr<JsonNode>> open_;
  std::size_t values_ = 0;
};

std::string place(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? at + 1 : at - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

std::shared_ptr<JsonNode> parse_json(std::string_view text, const std::string& origin,
                                     const std::string& path) {
  if (text.size() > kMostBytes) {
    throw UsageError(origin + ": JSON: want at most " + std::to_string(kMostBytes) +
                     " bytes, have " + std::to_string(text.size()));
  }
  if (!valid_utf8(text)) throw UsageError(origin + ": JSON: want UTF-8, have other bytes");
  json::parse_options options;
  options.max_depth = kMostLevels + 1;  // so that the builder, which says it better, comes first
  json::basic_parser<Builder> parser(options, origin, path);
  json::error_code error;
  std::size_t end = parser.write_some(false, text.data(), text.size(), error);
  if (!error) {
    end = std::min(text.find_first_not_of(" \t\r\n", end), text.size());
    if (end < text.size()) error = json::error::extra_data;
  }
  if (!error) return parser.handler().root();
  const std::string& problem = parser.handler().problem();
  throw UsageError(origin + ": " + (problem.empty() ? "JSON: " + error.message() : problem) + " (" +
                   place(text, end) + ")");
}

}  // namespace attune
