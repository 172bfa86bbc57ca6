#include "encoder/text_input.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "array/kernels.hpp"

namespace attune {
namespace {

constexpr std::size_t kBucketCost = 48;  // as so many tokens of padding

std::size_t tokens_of(const Real* ids, std::size_t length) {
  return static_cast<std::size_t>(std::find(ids, ids + length, Real(-1)) - ids);
}

// Ends of the buckets among examples sorted by length: least Σ size·longest + cost.
std::vector<std::size_t> cut(const std::vector<std::size_t>& length, std::size_t most) {
  std::vector<std::size_t> ends;  // where a length ends: buckets are whole lengths
  for (std::size_t i = 0; i < length.size(); ++i)
    if (i + 1 == length.size() || length[i + 1] != length[i]) ends.push_back(i + 1);
  const std::size_t groups = ends.size();
  constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
  // cost[k][g]: of the first g groups in k buckets, and where the last of those begins.
  std::vector<std::vector<std::size_t>> cost(most + 1,
                                             std::vector<std::size_t>(groups + 1, kNever));
  auto from = cost;
  cost[0][0] = 0;
  for (std::size_t k = 1; k <= most; ++k)
    for (std::size_t g = 1; g <= groups; ++g)
      for (std::size_t before = 0; before < g; ++before) {
        if (cost[k - 1][before] == kNever) continue;
        const std::size_t first = before ? ends[before - 1] : 0;
        const std::size_t total =
            cost[k - 1][before] + kBucketCost + (ends[g - 1] - first) * length[ends[g - 1] - 1];
        if (total < cost[k][g]) {
          cost[k][g] = total;
          from[k][g] = before;
        }
      }
  std::size_t best = 1;
  for (std::size_t k = 2; k <= most; ++k)
    if (cost[k][groups] < cost[best][groups]) best = k;
  std::vector<std::size_t> result;
  for (std::size_t k = best, g = groups; k > 0; g = from[k][g], --k) result.push_back(ends[g - 1]);
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace

std::shared_ptr<TextInput> make_text_input(std::vector<std::string> word, Vocabulary vocabulary) {
  auto input = std::make_shared<TextInput>();
  input->word = std::move(word);
  input->vocabulary = std::move(vocabulary);
  for (const std::string& one : input->word) {
    const auto place = input->vocabulary.find(one);
    input->known.push_back(place ? static_cast<std::int64_t>(*place) : -1);
  }
  return input;
}

std::vector<TokenBucket> token_buckets(const Array& x, std::size_t most) {
  if (x.rank() != 3 || x.size() == 0)
    throw Error("text: want tokens (S,C,T), have " + x.shape().text());
  const std::size_t examples = x.dim(0), channels = x.dim(1), widest = x.dim(2);
  const auto ids = [&](std::size_t i) { return x.data() + i * channels * widest; };
  std::vector<std::size_t> length(examples);
  for (std::size_t i = 0; i < examples; ++i) {
    length[i] = tokens_of(ids(i), widest);
    if (length[i] == 0) throw Error("text: want at least one token in each example, have none");
  }
  Indices order(examples);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return length[a] < length[b]; });
  std::vector<std::size_t> sorted;
  for (const std::uint32_t i : order) sorted.push_back(length[i]);
  std::vector<TokenBucket> buckets;
  std::size_t begin = 0;
  for (const std::size_t end : cut(sorted, most)) {
    TokenBucket bucket;
    bucket.length = sorted[end - 1];
    bucket.rows.assign(order.begin() + static_cast<std::ptrdiff_t>(begin),
                       order.begin() + static_cast<std::ptrdiff_t>(end));
    const std::size_t cells = bucket.size() * bucket.length;
    bucket.word.assign(cells, 0);
    bucket.present = Array::zeros({bucket.size(), bucket.length});
    if (channels > 1) bucket.mark.assign(cells, 0);
    Real* present = bucket.present.mutable_data();
    for (std::size_t b = 0; b < bucket.size(); ++b) {
      const Real* from = ids(bucket.rows[b]);
      for (std::size_t t = 0; t < length[bucket.rows[b]]; ++t) {
        const std::size_t at = b * bucket.length + t;
        bucket.word[at] = static_cast<std::uint32_t>(from[t]);
        present[at] = 1;
        if (channels > 1) bucket.mark[at] = static_cast<int>(from[widest + t]);
      }
    }
    buckets.push_back(std::move(bucket));
    begin = end;
  }
  return buckets;
}

Indices places_of(const std::vector<TokenBucket>& buckets) {
  std::size_t total = 0;
  for (const TokenBucket& bucket : buckets) total += bucket.size();
  Indices places(total);
  std::uint32_t next = 0;
  for (const TokenBucket& bucket : buckets)
    for (const std::uint32_t row : bucket.rows) places[row] = next++;
  return places;
}

Indices distinct_words(const std::vector<TokenBucket>& buckets) {
  Indices words;
  for (const TokenBucket& bucket : buckets) {
    const Real* present = bucket.present.data();
    for (std::size_t i = 0; i < bucket.word.size(); ++i)
      if (present[i] != 0) words.push_back(bucket.word[i]);
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace attune
