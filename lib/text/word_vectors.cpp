#include "text/word_vectors.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

constexpr std::size_t kLongestLine = 1u << 20;

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return fields;
}

std::optional<float> number(std::string_view text) {
  float value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<std::size_t> count(std::string_view text) {
  std::size_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

WordVectorParser::WordVectorParser(std::string origin,
                                   std::function<bool(const std::string&)> wanted)
    : origin_(std::move(origin)), wanted_(std::move(wanted)) {}

void WordVectorParser::fail(const std::string& what) const {
  throw Error(origin_ + ": line " + std::to_string(line_) + ": " + what);
}

void WordVectorParser::take(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t end = piece.find('\n');
    rest_ += piece.substr(0, end);
    if (rest_.size() > kLongestLine) {
      ++line_;
      fail("want a line up to 1 MiB, have more");
    }
    if (end == std::string_view::npos) return;
    line(rest_);
    rest_.clear();
    piece.remove_prefix(end + 1);
  }
}

bool WordVectorParser::header(const std::vector<std::string_view>& fields) {
  if (line_ != 1 || fields.size() != 2) return false;
  const auto words = count(fields[0]), features = count(fields[1]);
  if (!words || !features) return false;
  if (*features == 0 || *features > 65536)
    fail("want vectors of 1 to 65536 numbers, have " + std::to_string(*features));
  has_header_ = true;
  promised_ = *words;
  result_.features = *features;
  return true;
}

void WordVectorParser::line(std::string_view text) {
  ++line_;
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  if (text.empty()) return;
  const std::vector<std::string_view> fields = fields_of(text);
  if (header(fields)) return;
  if (result_.features == 0) {  // the first of a file without a header
    for (std::size_t i = fields.size(); i > 1 && number(fields[i - 1]); --i) ++result_.features;
    if (result_.features == 0) fail("want a word and numbers, have \"" + std::string(text) + "\"");
  }
  // Words of files without a header may have spaces in them.
  const std::size_t size = result_.features;
  const bool longer = fields.size() > size + 1;
  if (fields.size() <= size ||
      (longer && (has_header_ || number(fields[fields.size() - size - 1]))))
    fail("want a word and " + std::to_string(size) + " numbers, have " +
         std::to_string(fields.size()) + " fields");
  std::string word(fields[0]);
  for (std::size_t i = 1; i + size < fields.size(); ++i) word += ' ' + std::string(fields[i]);
  if (!valid_utf8(word)) fail("want UTF-8, have other bytes");
  ++vectors_;
  const bool kept = wanted_(word) && !result_.of.contains(word);
  std::vector<float> values;
  for (std::size_t i = fields.size() - size; i < fields.size(); ++i) {
    const auto value = number(fields[i]);
    if (!value) fail("want a finite number, have \"" + std::string(fields[i]) + "\"");
    if (kept) values.push_back(*value);
  }
  if (kept) result_.of.emplace(std::move(word), std::move(values));
}

WordVectors WordVectorParser::finish() {
  if (!rest_.empty()) line(std::exchange(rest_, {}));
  if (vectors_ == 0) throw Error(origin_ + ": want word vectors, have none");
  if (has_header_ && vectors_ != promised_)
    throw Error(origin_ + ": want the " + std::to_string(promised_) +
                " vectors that the first line tells of, have " + std::to_string(vectors_));
  return std::move(result_);
}

WordVectors read_word_vectors(const std::string& path,
                              const std::function<bool(const std::string&)>& wanted) {
  WordVectorParser parser(path == "-" ? "stdin" : path, wanted);
  Sha256 hash;
  read_blocks(path, [&](std::string_view block) {
    hash.add(block);
    parser.take(block);
  });
  WordVectors result = parser.finish();
  result.hash = hash.hex();
  return result;
}

}  // namespace attune
