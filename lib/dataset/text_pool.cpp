#include "dataset/text_pool.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"

namespace attune {
namespace {

struct Broken {
  std::vector<std::string> tokens;
  std::vector<std::uint8_t> marks;
};

Broken broken(const TextExamples& examples, std::size_t i, const Tokeniser& tokeniser) {
  if (examples.tokens.empty()) return {tokeniser(examples.text[i]), {}};
  Broken result;
  for (std::size_t t = 0; t < examples.tokens[i].size(); ++t) {
    if (result.tokens.size() == tokeniser.limit()) break;
    std::string form = tokeniser.form(examples.tokens[i][t]);
    if (form.empty()) continue;
    result.tokens.push_back(std::move(form));
    if (!examples.marks.empty()) result.marks.push_back(examples.marks[i][t]);
  }
  if (result.tokens.empty()) {
    result.tokens.emplace_back();
    if (!examples.marks.empty()) result.marks.push_back(0);
  }
  return result;
}

void set_groups(const TextExamples& examples, const DealtClasses& dealt, Pool& pool) {
  pool.group.assign(pool.y.size(), 0);
  if (examples.group.empty()) return;
  const std::set<std::string> names(examples.group.begin(), examples.group.end());
  pool.group_name.assign(names.begin(), names.end());
  std::size_t next = 0;
  for (const auto& rows : dealt.rows)
    for (const std::size_t row : rows)
      pool.group[next++] =
          static_cast<std::uint32_t>(std::distance(names.begin(), names.find(examples.group[row])));
}

}  // namespace

Pool make_text_pool(const TextExamples& examples, const DealtClasses& dealt,
                    const Tokeniser& tokeniser) {
  Pool pool;
  fill_classes(pool, dealt);
  set_groups(examples, dealt, pool);
  Tokens& tokens = pool.tokens;
  std::vector<std::vector<std::string>> all;
  std::map<std::string, std::uint32_t> place;
  tokens.begin = {0};
  std::uint64_t total = 0;
  for (const auto& rows : dealt.rows)
    for (const std::size_t row : rows) {
      Broken one;
      try {
        one = broken(examples, row, tokeniser);
      } catch (const Error& error) {
        throw Error((examples.where.empty() ? "text" : examples.where[row]) + ": " + error.what());
      }
      total += one.tokens.size();
      if (total > UINT32_MAX) throw Error("text: want at most 2^32 - 1 tokens in all, have more");
      for (const std::string& token : one.tokens) place.emplace(token, 0);
      tokens.mark.insert(tokens.mark.end(), one.marks.begin(), one.marks.end());
      tokens.begin.push_back(static_cast<std::uint32_t>(total));
      tokens.text.push_back(examples.text[row]);
      all.push_back(std::move(one.tokens));
    }
  for (auto& [word, index] : place) {
    index = static_cast<std::uint32_t>(tokens.word.size());
    tokens.word.push_back(word);
  }
  for (const auto& one : all)
    for (const std::string& token : one) tokens.token.push_back(place.at(token));
  pool.example_shape = {tokens.mark.empty() ? 1u : 2u,
                        static_cast<std::uint32_t>(tokens.longest())};
  return pool;
}

struct JsonText {
  boost::json::object object;
};

void for_each_json_line(const std::string& text, const std::string& origin,
                        const std::function<void(const JsonText&, std::size_t)>& take) {
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trim(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    ++number;
    if (line.empty()) continue;
    boost::json::error_code code;
    boost::json::value value = boost::json::parse(line, code);
    if (code || !value.is_object())
      throw Error(origin + ": line " + std::to_string(number) + ": want a JSON object, have " +
                  (code ? code.message() : "another value"));
    take({std::move(value.as_object())}, number);
  }
}

namespace {

// By its very name, else by one that class_name() makes equal.
const boost::json::value* find_member(const boost::json::object& object, const std::string& name) {
  if (const boost::json::value* exact = object.if_contains(name)) return exact;
  const std::string form = class_name(name);
  for (const auto& member : object)
    if (class_name(std::string_view(member.key().data(), member.key().size())) == form)
      return &member.value();
  return nullptr;
}

}  // namespace

std::string json_member(const JsonText& object, const std::string& name, const std::string& where) {
  const boost::json::value* value = find_member(object.object, name);
  if (!value) {
    std::vector<std::string> names;
    for (const auto& member : object.object) names.emplace_back(member.key());
    const std::string near = nearest(name, names);
    throw Error(where + ": want a member \"" + name + "\", have " + join(names, ", ") +
                (near.empty() ? "" : " (did you mean " + near + "?)"));
  }
  if (value->is_string()) return std::string(value->as_string());
  if (value->is_int64() || value->is_uint64() || value->is_bool())
    return boost::json::serialize(*value);
  throw Error(where + ": " + name + ": want a text or a whole number, have something else");
}

}  // namespace attune
