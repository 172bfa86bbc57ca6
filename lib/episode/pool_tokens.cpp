#include "episode/pool_tokens.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

constexpr std::uint8_t kMostMark = 2;
constexpr std::size_t kMostWords = std::size_t{1} << 24;  // all that a float can number

// Begins of `examples` stretches of `values` values; the shortest has `least`.
void check_begins(const Pool& pool, const std::string& object,
                  const std::vector<std::uint32_t>& begin, std::size_t values,
                  std::uint32_t least) {
  want_pool_size(pool, object, pool.examples() + 1, begin.size());
  if (begin.front() != 0) fail_pool(pool, object, "a first value 0", std::to_string(begin.front()));
  for (std::size_t i = 0; i + 1 < begin.size(); ++i)
    if (begin[i + 1] < begin[i] || begin[i + 1] - begin[i] < least)
      fail_pool(pool, object, "values that grow by " + std::to_string(least) + " or more",
                std::to_string(begin[i + 1]) + " after " + std::to_string(begin[i]));
  if (begin.back() != values)
    fail_pool(pool, object, "a last value " + std::to_string(values), std::to_string(begin.back()));
}

std::vector<std::uint32_t> text_begins(const Tokens& tokens) {
  std::vector<std::uint32_t> begin{0};
  std::uint64_t end = 0;
  for (const std::string& text : tokens.text) {
    end += text.size();
    if (end > UINT32_MAX) throw Error("pool: /pool/text: want texts below 4 GiB, have more");
    begin.push_back(static_cast<std::uint32_t>(end));
  }
  return begin;
}

}  // namespace

std::size_t Tokens::longest() const {
  std::size_t most = 0;
  for (std::size_t i = 0; i + 1 < begin.size(); ++i)
    most = std::max<std::size_t>(most, begin[i + 1] - begin[i]);
  return most;
}

void check_tokens(const Pool& pool) {
  const Tokens& tokens = pool.tokens;
  if (pool.examples() == 0) fail_pool(pool, "token_begin", "examples", "none");
  if (pool.examples() >= UINT32_MAX || tokens.token.size() > UINT32_MAX)
    fail_pool(pool, "token", "at most 2^32 - 1 examples and tokens", "more");
  check_begins(pool, "token_begin", tokens.begin, tokens.token.size(), 1);
  for (const std::uint32_t word : tokens.token)
    if (word >= tokens.word.size())
      fail_pool(pool, "token", "words below " + std::to_string(tokens.word.size()),
                std::to_string(word));
  if (tokens.word.size() > kMostWords)
    fail_pool(pool, "word", "at most 2^24 words", std::to_string(tokens.word.size()));
  std::set<std::string> seen;
  for (const std::string& word : tokens.word) {
    if (!printable(word)) fail_pool(pool, "word", "printable UTF-8", "a word that is not");
    if (!seen.insert(word).second)
      fail_pool(pool, "word", "unique words", "two of \"" + word + '"');
  }
  if (!tokens.mark.empty())
    want_pool_size(pool, "token_mark", tokens.token.size(), tokens.mark.size());
  for (const std::uint8_t mark : tokens.mark)
    if (mark > kMostMark) fail_pool(pool, "token_mark", "0, 1 or 2", std::to_string(mark));
  want_pool_size(pool, "text_begin", pool.examples() + 1, tokens.text.size() + 1);
  for (const std::string& text : tokens.text)
    if (!valid_utf8(text)) fail_pool(pool, "text", "UTF-8", "other bytes");
  const std::vector<std::uint32_t> shape{tokens.mark.empty() ? 1u : 2u,
                                         static_cast<std::uint32_t>(tokens.longest())};
  if (pool.example_shape != shape)
    fail_pool(pool, "token",
              "examples of " + std::to_string(shape[0]) + " times " + std::to_string(shape[1]) +
                  " values",
              "another shape");
}

void write_tokens(store::Writer& writer, const Pool& pool) {
  const Tokens& tokens = pool.tokens;
  const auto put = [&]<typename T>(const std::string& name, const std::vector<T>& values,
                                   const std::string& note) {
    writer.write<T>("/pool/" + name, {values.size()}, values, note);
  };
  put("word", tokens.word, "all tokens of the pool, each once");
  put("token", tokens.token, "tokens of all examples one after the other, rows of word");
  put("token_begin", tokens.begin,
      "tokens of example i: those from token_begin[i] up to token_begin[i+1]");
  if (!tokens.mark.empty())
    put("token_mark", tokens.mark, "of each token: 0 none, 1 first entity, 2 second entity");
  std::vector<std::uint8_t> bytes;
  for (const std::string& text : tokens.text) bytes.insert(bytes.end(), text.begin(), text.end());
  put("text", bytes, "texts as they were read, UTF-8, one after the other");
  put("text_begin", text_begins(tokens),
      "text of example i: bytes from text_begin[i] up to text_begin[i+1]");
}

void read_tokens(const store::Reader& reader, Pool& pool) {
  Tokens& tokens = pool.tokens;
  const auto get = [&]<typename T>(const std::string& name, std::vector<T>& values) {
    const std::string path = "/pool/" + name;
    if (reader.has(path) && reader.dims(path).size() != 1)
      fail_pool(pool, name, "1 axis", std::to_string(reader.dims(path).size()));
    values = reader.read<T>(path);
  };
  get("word", tokens.word);
  get("token", tokens.token);
  get("token_begin", tokens.begin);
  if (reader.has("/pool/token_mark")) get("token_mark", tokens.mark);
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> begin;
  get("text", bytes);
  get("text_begin", begin);
  if (tokens.begin.empty()) fail_pool(pool, "token_begin", "values", "none");
  check_begins(pool, "text_begin", begin, bytes.size(), 0);
  for (std::size_t i = 0; i + 1 < begin.size(); ++i)
    tokens.text.emplace_back(bytes.begin() + begin[i], bytes.begin() + begin[i + 1]);
  pool.example_shape = {tokens.mark.empty() ? 1u : 2u,
                        static_cast<std::uint32_t>(tokens.longest())};
}

}  // namespace attune
