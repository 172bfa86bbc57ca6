#include "translator/pair_embedding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nn/positions.hpp"

namespace attune {
namespace {

constexpr std::uint32_t kItem = 0, kWord = 1, kStep = 2;

std::size_t count(const Config& config, std::string_view key, std::int64_t fallback,
                  Config::IntegerRange range, std::string_view doc) {
  return static_cast<std::size_t>(config.integer(key, fallback, range, doc));
}

// Sinusoids of some places, (places,D).
Var placed(const Indices& places, std::size_t features) {
  if (places.empty()) return constant(Array(Shape{0, features}));
  const std::size_t most = *std::ranges::max_element(places);
  return constant(kernel::gather(sinusoids(0, most + 1, features), places));
}

// Mean of the items that are present: x (P,W,D), present (P,W) → (P,D).
Var mean_present(const Var& x, const Array& present) {
  const std::size_t pairs = present.dim(0), words = present.dim(1);
  Array share(Shape{pairs, words, 1});
  Real* out = share.mutable_data();
  for (std::size_t p = 0; p < pairs; ++p) {
    Real total = 0;
    for (std::size_t w = 0; w < words; ++w) total += present.data()[p * words + w];
    for (std::size_t w = 0; w < words; ++w)
      out[p * words + w] = present.data()[p * words + w] / std::max(total, Real(1));
  }
  return sum(x * constant(std::move(share)), {1});
}

// present (N,W), with every word where a row has none.
Array some_present(Array present) {
  const std::size_t words = present.dim(1);
  Real* row = present.mutable_data();
  for (std::size_t i = 0; i < present.dim(0); ++i, row += words)
    if (std::all_of(row, row + words, [](Real one) { return one == 0; }))
      std::fill_n(row, words, Real(1));
  return present;
}

}  // namespace

Aligned::Aligned(std::string name, std::size_t values, std::size_t features)
    : name_(std::move(name)), values_(values), bind_(name_, features, features, false) {}

void Aligned::init(Params& params, Rng& rng) const {
  params.add(name_ + ".score", Array::full({values_, 1}, kSharp));
  bind_.init(params, rng);
}

Var Aligned::operator()(const Params& params, const TargetPlaces& places,
                        const EncodedSources& sources) const {
  const std::size_t count = places.pair.size(), words = places.association.dim(1);
  const std::size_t features = sources.each.shape().back();
  const Var flat = constant(places.association.reshaped({count * words, values_}));
  const Var scores = reshape(matmul(flat, params[name_ + ".score"]), {count, words});
  const Var weights = softmax(where(some_present(kernel::gather(sources.present, places.pair)),
                                    scores, constant(-std::numeric_limits<Real>::infinity())));
  const Var read = matmul(reshape(weights, {count, 1, words}), gather(sources.each, places.pair));
  Context plain;
  return bind_.forward(params, reshape(read, {count, features}), plain);
}

bool fixed_symbols(const Config& config) {
  return config.child("target").choice(
             "symbols", "anonymous", {"anonymous", "fixed"},
             "whether target tokens have other symbols in every episode, or always the same") ==
         "fixed";
}

std::size_t features_of(const Config& config) {
  return count(config, "features", 64, {2, 65536}, "D, of every item; even");
}

PairEmbedding::PairEmbedding(const Config& config, const KnownTokens& known, std::size_t features,
                             std::unique_ptr<SentenceEncoder> sentence, bool memory)
    : features_(features),
      fixed_(fixed_symbols(config)),
      alphabet_(fixed_ ? known.pieces
                       : count(config, "alphabet", 40, {1, 65536},
                               "symbols for the different target tokens of an episode")),
      word_("translator.word", known.words + 1, features_),
      symbol_("translator.symbol", symbols(), features_),
      side_("translator.side", 3, features_),
      sentence_(std::move(sentence)),
      memory_(memory),
      bind_("translator.bind", features_, features_),
      from_end_("translator.from_end", features_, features_, false),
      association_(memory && config.flag("association", false,
                                         "items and steps are told which words of their source the "
                                         "symbols around them come with in the support")),
      around_("translator.around", Association::kAround, features_),
      before_("translator.before", Association::kBefore, features_),
      proposals_(memory &&
                 config.choice("proposals", "none", {"none", "analogy"},
                               "answers to queries that steps are told of: those of proportional "
                               "analogy among the support, to follow or not") == "analogy"),
      agreement_(memory && config.flag("agreement", false,
                                       "the pointer is told for how many symbols what was written "
                                       "last agrees with what stands before an item")),
      proposed_("translator.proposed", symbols(), features_),
      votes_("translator.votes", Proposal::kMostVotes + 1, features_) {
  const std::size_t window =
      count(config, "window", 3, {1, 16}, "earlier symbols that a step is told of");
  for (std::size_t w = 1; w <= window; ++w)
    earlier_.emplace_back("translator.earlier" + std::to_string(w), symbols(), features_);
  if (!memory_) return;
  const std::size_t later = count(config, "later", 1, {1, 16},
                                  "symbols behind its own that an item of the support tells");
  for (std::size_t w = 1; w <= later; ++w)
    later_.emplace_back(w == 1 ? "translator.next" : "translator.later" + std::to_string(w),
                        symbols(), features_);
}

void PairEmbedding::init(Params& params, Rng& rng) const {
  word_.init(params, rng);
  side_.init(params, rng);
  for (const Embedding& one : earlier_) one.init(params, rng);
  sentence_->init(params, rng);
  bind_.init(params, rng);
  if (!memory_) return;
  symbol_.init(params, rng);
  for (const Embedding& one : later_) one.init(params, rng);
  from_end_.init(params, rng);
  if (association_) {
    around_.init(params, rng);
    before_.init(params, rng);
  }
  if (!proposals_) return;
  proposed_.init(params, rng);
  votes_.init(params, rng);
}

Var PairEmbedding::side(const Params& params, std::uint32_t which) const {
  return side_.forward(params, {which});
}

EncodedSources PairEmbedding::sources(const Params& params, const PairLayout& layout,
                                      Context& context) const {
  const std::size_t pairs = layout.word_present.dim(0);
  const Real scale = std::sqrt(static_cast<Real>(features_));
  const Var x =
      reshape(word_.forward(params, layout.word) * scale, {pairs, layout.words, features_}) +
      constant(sinusoids(0, layout.words, features_));
  EncodedSources sources;
  sources.each = sentence_->forward(params, x, layout.word_present, context);
  sources.present = layout.word_present;
  sources.whole = bind_.forward(params, mean_present(sources.each, layout.word_present), context);
  return sources;
}

// What stands before each place, the place itself, and the source that is translated.
Var PairEmbedding::around(const Params& params, const TargetPlaces& places,
                          const EncodedSources& sources) const {
  Var symbols = earlier_[0].forward(params, places.earlier.at(0));
  for (std::size_t w = 1; w < earlier_.size(); ++w)
    symbols = symbols + earlier_[w].forward(params, places.earlier.at(w));
  return symbols * std::sqrt(static_cast<Real>(features_)) + placed(places.place, features_) +
         gather(sources.whole, places.pair);
}

Var PairEmbedding::items(const Params& params, const PairLayout& layout,
                         const EncodedSources& sources) const {
  Context plain;
  Var own = symbol_.forward(params, layout.symbol);
  for (std::size_t w = 0; w < later_.size(); ++w)
    own = own + later_[w].forward(params, layout.later.at(w));
  own = (own + side(params, kItem)) * std::sqrt(static_cast<Real>(features_));
  const Var back = from_end_.forward(params, placed(layout.from_end, features_), plain);
  const Var all = around(params, layout.item, sources) + own + back;
  return association_ ? all + around_(params, layout.item, sources) : all;
}

Var PairEmbedding::memory(const Params& params, const PairLayout& layout,
                          const EncodedSources& sources, const Var& items) const {
  const Var words = reshape(sources.each, {layout.word.size(), features_}) +
                    side(params, kWord) * std::sqrt(static_cast<Real>(features_));
  const Var nothing = constant(Array::zeros({1, features_}));
  return reshape(gather(concat({items, words, nothing}, 0), layout.slot),
                 {layout.episodes, layout.memory, features_});
}

Var PairEmbedding::asked(const Params& params, const PairLayout& layout,
                         const EncodedSources& sources) const {
  return gather(sources.each, layout.query_pair) +
         side(params, kWord) * std::sqrt(static_cast<Real>(features_));
}

Var PairEmbedding::steps(const Params& params, const TargetPlaces& places,
                         const EncodedSources& sources) const {
  const Real scale = std::sqrt(static_cast<Real>(features_));
  Var all = around(params, places, sources) + side(params, kStep) * scale;
  if (association_) all = all + before_(params, places, sources);
  if (!proposals_) return all;
  return all + (proposed_.forward(params, places.proposed) + votes_.forward(params, places.votes)) *
                   scale;
}

}  // namespace attune
