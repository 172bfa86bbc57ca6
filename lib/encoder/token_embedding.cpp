#include "encoder/token_embedding.hpp"

#include <algorithm>
#include <cmath>

#include "nn/initialise.hpp"
#include "text/ngrams.hpp"

namespace attune {
namespace {

constexpr std::size_t kCharacterBuckets = 1024, kLongestWord = 24;

std::size_t size(const Config& config, const std::string& key, std::int64_t fallback,
                 std::int64_t most, const std::string& doc) {
  return static_cast<std::size_t>(config.integer(key, fallback, {1, most}, doc));
}

}  // namespace

const std::shared_ptr<const TextInput>& want_text(const Config& config, const InputShape& input) {
  if (!input.text)
    throw UsageError(config.origin() + ": " + config.path() +
                     ".kind: this kind wants texts, have " + "examples " + input.example.text());
  return input.text;
}

Var with_neighbours(const Var& x, std::size_t width) {
  const std::size_t steps = x.shape()[1], before = (width - 1) / 2;
  Vars shifted;
  for (std::size_t i = 0; i < width; ++i) {
    // Step t of the part is x's step t + i − before.
    const std::size_t back = i < before ? before - i : 0, ahead = i < before ? 0 : i - before;
    if (std::max(back, ahead) >= steps) {
      shifted.push_back(constant(Array::zeros(x.shape())));
    } else if (back > 0) {
      shifted.push_back(pad(slice(x, 1, 0, steps - back), 1, back, 0));
    } else {
      shifted.push_back(ahead ? pad(slice(x, 1, ahead, steps), 1, 0, ahead) : x);
    }
  }
  return width == 1 ? x : concat(shifted, 2);
}

TokenEmbedding::TokenEmbedding(const Config& config, const InputShape& input,
                               const std::string& name)
    : name_(name),
      word_(config.flag("word", true, "a vector for each known word")),
      ngrams_(config.flag("ngrams", false, "vectors of hashed character n-grams")),
      characters_(config.flag("characters", false, "a convolution over characters")),
      frozen_(config.flag("frozen", false, "words keep the vectors they start from")),
      features_(size(config, "features", 128, 4096, "size of a token's vector")),
      unknown_(config.real("unknown", 0.05, {0, 0.9},
                           "share of known words that training takes for unknown")),
      dropout_(config.real("dropout", 0.1, {0, 0.99},
                           "share of the vectors' features set to 0 in training")) {
  if (ngrams_) {
    shortest_ = size(config, "shortest", 3, 16, "code points of the shortest n-gram");
    longest_ = size(config, "longest", 5, 16, "code points of the longest n-gram");
    buckets_ = size(config, "buckets", 8192, 1 << 24, "vectors that n-grams share");
    if (longest_ < shortest_)
      throw UsageError(config.origin() + ": " + config.path() + ".longest: want at least " +
                       std::to_string(shortest_) + ", have " + std::to_string(longest_));
  }
  if (word_)
    hashed_ = config.choice("unknown_words", "shared", {"shared", "hashed"},
                            "one vector for all (none where spelling is seen), or a random one "
                            "for each, told by its spelling") == "hashed";
  if (characters_) width_ = size(config, "width", 3, 16, "characters that a filter sees");
  if (!word_ && !ngrams_ && !characters_)
    throw UsageError(config.origin() + ": " + config.path() +
                     ": want word, ngrams or characters switched on, have none");
  input_ = want_text(config, input);
  marks_ = input.example[0] > 1;
  if (marks_)
    distance_ = size(config, "distance", 40, 1024, "tokens from a marked part that are told apart");
  if (input_->vectors && input_->vectors->features != features_)
    throw UsageError(config.origin() + ": " + config.path() + ".features: want " +
                     std::to_string(input_->vectors->features) + " as the vectors have, have " +
                     std::to_string(features_));
  for (const std::string& word : input_->word) {
    if (ngrams_)
      ngrams_of_.push_back(
          ngram_buckets(word, shortest_, longest_, static_cast<std::uint32_t>(buckets_)));
    if (!characters_) continue;
    Indices& places = characters_of_.emplace_back();
    for (const std::string& point : utf8_points("<" + word + ">"))
      if (places.size() < kLongestWord) places.push_back(fasttext_hash(point) % kCharacterBuckets);
  }
}

// (1 + vocabulary, features)
Array TokenEmbedding::start(Rng& rng) const {
  const Vocabulary& vocabulary = input_->vocabulary;
  Array weight = normal({1 + vocabulary.size(), features_}, 1 / std::sqrt(double(features_)), rng);
  if (!input_->vectors) return weight;
  Real* out = weight.mutable_data();
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    const auto found = input_->vectors->of.find(vocabulary.words()[i]);
    if (found == input_->vectors->of.end()) continue;
    std::transform(found->second.begin(), found->second.end(), out + (1 + i) * features_,
                   [](float value) { return static_cast<Real>(value); });
  }
  return weight;
}

void TokenEmbedding::init(Params& params, Rng& rng) const {
  const double deviation = 1 / std::sqrt(static_cast<double>(features_));
  const auto add = [&](const std::string& part, std::size_t rows) {
    Rng own = rng.fork(name_ + part);
    params.add(name_ + part, normal({rows, features_}, deviation, own));
  };
  if (word_) {
    Rng own = rng.fork(name_ + ".word");
    params.add(name_ + ".word", start(own));
    if (hashed_) params.add(name_ + ".unknown", Array::full({1, 1}, Real(1)));
  }
  if (ngrams_) add(".ngram", buckets_);
  if (characters_) {
    add(".character", kCharacterBuckets);
    Rng own = rng.fork(name_ + ".character_filter");
    params.add(name_ + ".character_filter",
               glorot_uniform({width_ * features_, features_}, width_ * features_, features_, own));
  }
  if (marks_) {
    add(".mark", 3);
    add(".distance", 2 * (2 * distance_ + 1));
  }
}

Var TokenEmbedding::by_word(const Params& params, const Indices& words, Context& context) const {
  Indices rows;
  const bool apart = hashed_ || ngrams_ || characters_;
  Array known = Array::full({words.size(), 1}, Real(1));
  Rng draw = context.rng.fork("unknown");
  const bool training = context.mode == Mode::train && unknown_ > 0;
  for (const std::uint32_t word : words) {
    const auto place = input_->place(word);
    const bool dropped = training && draw.bernoulli(unknown_);
    rows.push_back(place && !dropped ? 1 + *place : 0);
    if (apart && rows.back() == 0) known.mutable_data()[rows.size() - 1] = 0;
  }
  if (training) context.rng.bits();  // the next batch of this context draws others
  const Var& weight = params[name_ + ".word"];
  Var vectors = gather(frozen_ ? weight.detach() : weight, rows);
  if (apart) vectors = vectors * constant(std::move(known));
  return hashed_ ? vectors + constant(hashed(words, rows)) * params[name_ + ".unknown"] : vectors;
}

Array TokenEmbedding::hashed(const Indices& words, const Indices& rows) const {
  Array vectors = Array::zeros({words.size(), features_});
  const double deviation = 1 / std::sqrt(static_cast<double>(features_));
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (rows[i] != 0) continue;
    Rng own(fasttext_hash(input_->word[words[i]]), "unknown word");
    Real* out = vectors.mutable_data() + i * features_;
    for (std::size_t d = 0; d < features_; ++d)
      out[d] = static_cast<Real>(deviation * own.normal());
  }
  return vectors;
}

Var TokenEmbedding::by_ngrams(const Params& params, const Indices& words) const {
  Indices rows, of;
  Array share(Shape{words.size(), 1});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Indices& grams = ngrams_of_[words[i]];
    rows.insert(rows.end(), grams.begin(), grams.end());
    of.insert(of.end(), grams.size(), static_cast<std::uint32_t>(i));
    share.mutable_data()[i] = Real(1) / std::sqrt(static_cast<Real>(grams.size()));
  }
  const Var all = gather(params[name_ + ".ngram"], rows);
  return scatter_add(all, of, words.size()) * constant(std::move(share));
}

Var TokenEmbedding::by_characters(const Params& params, const Indices& words, Context&) const {
  std::size_t longest = 1;
  for (const std::uint32_t word : words) longest = std::max(longest, characters_of_[word].size());
  Indices rows(words.size() * longest);
  Array present = Array::zeros({words.size(), longest, 1});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Indices& places = characters_of_[words[i]];
    std::copy(places.begin(), places.end(),
              rows.begin() + static_cast<std::ptrdiff_t>(i * longest));
    std::fill_n(present.mutable_data() + i * longest, places.size(), Real(1));
  }
  const Var x =
      reshape(gather(params[name_ + ".character"], rows), {words.size(), longest, features_}) *
      constant(present);
  // tanh is above −1, so that what is filled up never wins.
  const Var seen = tanh(matmul(with_neighbours(x, width_), params[name_ + ".character_filter"]));
  const Var kept = where(present, seen, constant(Real(-1)));
  return reshape(max_last(permute(kept, {0, 2, 1})), {words.size(), features_});
}

Var TokenEmbedding::of_words(const Params& params, const Indices& words, Context& context) const {
  Var total;
  const auto add = [&](const Var& part) { total = total.empty() ? part : total + part; };
  if (word_) add(by_word(params, words, context));
  if (ngrams_) add(by_ngrams(params, words));
  if (characters_) add(by_characters(params, words, context));
  return total;
}

Var TokenEmbedding::of_marks(const Params& params, const TokenBucket& bucket) const {
  const std::size_t length = bucket.length, span = 2 * distance_ + 1;
  Indices marks, distances[2];
  for (std::size_t b = 0; b < bucket.size(); ++b) {
    const auto first = bucket.mark.begin() + static_cast<std::ptrdiff_t>(b * length);
    std::size_t begin[2];
    for (int part = 0; part < 2; ++part) {
      const auto end = first + static_cast<std::ptrdiff_t>(length);
      const auto found = std::find(first, end, part + 1);
      // A part that a cut text has lost is as far ahead as can be told.
      begin[part] = found == end ? length + distance_ : static_cast<std::size_t>(found - first);
    }
    for (std::size_t t = 0; t < length; ++t) {
      marks.push_back(static_cast<std::uint32_t>(bucket.mark[b * length + t]));
      for (std::size_t part = 0; part < 2; ++part) {
        const auto away = static_cast<std::ptrdiff_t>(t) - static_cast<std::ptrdiff_t>(begin[part]);
        const auto most = static_cast<std::ptrdiff_t>(distance_);
        distances[part].push_back(static_cast<std::uint32_t>(
            std::clamp(away, -most, most) + most + static_cast<std::ptrdiff_t>(part * span)));
      }
    }
  }
  const Var& by_distance = params[name_ + ".distance"];
  return gather(params[name_ + ".mark"], marks) + gather(by_distance, distances[0]) +
         gather(by_distance, distances[1]);
}

Vars TokenEmbedding::operator()(const Params& params, const std::vector<TokenBucket>& buckets,
                                Context& context) const {
  const Indices words = distinct_words(buckets);
  const Var table = of_words(params, words, context);
  Vars result;
  for (const TokenBucket& bucket : buckets) {
    Indices rows;
    for (const std::uint32_t word : bucket.word) {
      const auto found = std::lower_bound(words.begin(), words.end(), word);
      // Padding carries word 0, which need not occur.
      rows.push_back(found == words.end() || *found != word
                         ? 0
                         : static_cast<std::uint32_t>(found - words.begin()));
    }
    Var x = gather(table, rows);
    if (marks_) x = x + of_marks(params, bucket);
    x = dropout_.forward(params, x, context);
    const Array present = bucket.present.reshaped({rows.size(), 1});
    result.push_back(reshape(x * constant(present), {bucket.size(), bucket.length, features_}));
  }
  return result;
}

}  // namespace attune
