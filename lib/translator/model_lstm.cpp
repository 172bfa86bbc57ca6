#include <algorithm>

#include "attention/masks.hpp"
#include "attention/multi_head_attention.hpp"
#include "nn/dropout.hpp"
#include "translator/answer_output.hpp"
#include "translator/pair_embedding.hpp"
#include "translator/translation_model.hpp"

namespace attune {
namespace {

const std::string kPrefix = "translator.";

// Target items of each pair as a sequence, (pairs of the support, items of the longest).
struct ItemGrid {
  explicit ItemGrid(const PairLayout& layout) {
    const TargetPlaces& item = layout.item;
    const auto nothing = static_cast<std::uint32_t>(item.place.size());
    steps = 1 + *std::ranges::max_element(item.place);
    for (std::size_t i = 0; i < item.place.size(); ++i) {
      if (item.place[i] == 0) from.resize(from.size() + steps, nothing);
      const std::size_t at = from.size() - steps + item.place[i];
      from[at] = static_cast<std::uint32_t>(i);
      place.push_back(static_cast<std::uint32_t>(at));
    }
    present = Array::zeros({from.size() / steps, steps});
    for (const std::uint32_t at : place) present.mutable_data()[at] = 1;
  }
  std::size_t steps;
  Indices from;   // item of each place of the grid, one past the last where nothing is
  Indices place;  // of each item
  Array present;
};

// Meta seq2seq (Lake 2019): the words of a query look up the support, and a decoder attends to what
// they found. Recurrent all through; beside Lake's model the memory has an entry for each target
// symbol, not for each pair, the decoder attends to it too, and a pointer copies from it.
class LstmModel : public TranslationModel {
 public:
  LstmModel(const Config& config, const KnownTokens& known)
      : features_(features_of(config)),
        embedding_(config, known, features_,
                   std::make_unique<TwoWayLstm>(kPrefix + "sentence", features_)),
        items_(kPrefix + "items", features_),
        recall_(config.child("recall"), features_, kPrefix + "recall", 4),
        recalled_(kPrefix + "recalled", 2 * features_, features_),
        start_(kPrefix + "start", features_, 2 * features_),
        cell_(kPrefix + "decoder", features_, features_, 2 * features_),
        words_(config.child("words"), features_, kPrefix + "words", 4),
        memory_(config.child("memory"), features_, kPrefix + "memory", 4),
        out_(kPrefix + "out", 3 * features_, features_),
        dropout_(config.real("dropout", 0.1, {0, 0.99}, "share of features set to 0 in training")),
        output_(config, features_, embedding_.symbols(), embedding_.fixed(), true,
                embedding_.window()) {}
  std::size_t alphabet() const override { return embedding_.alphabet(); }
  bool fixed() const override { return embedding_.fixed(); }
  Window window() const override { return embedding_.window(); }
  void init(Params& params, Rng& rng) const override {
    embedding_.init(params, rng);
    items_.init(params, rng);
    recall_.init(params, rng);
    recalled_.init(params, rng);
    start_.init(params, rng);
    cell_.init(params, rng);
    words_.init(params, rng);
    memory_.init(params, rng);
    out_.init(params, rng);
    output_.init(params, rng);
  }
  Var probabilities(const Params& params, const PairLayout& layout, Context& context,
                    TranslationMaps* maps) const override {
    Begun begun = begin(params, layout, context);
    const Var x = reshape(embedding_.steps(params, layout.forced, begun.sources),
                          {layout.queries, layout.steps, features_});
    const Vars projected = steps_of(cell_.project(params, dropout_.forward(params, x, context)));
    Vars each;
    for (const Var& one : projected) {
      advance(params, one, begun, context);
      each.push_back(reshape(begun.attended, {layout.queries, 1, features_}));
    }
    const Var h = dropout_.forward(params, concat(each, 1), context);
    return read(params, layout, h, layout.forced, begun.pointers, context, maps);
  }
  std::unique_ptr<AnswerWriter> start(const Params& params,
                                      const PairLayout& layout) const override {
    return std::make_unique<Writer>(*this, params, layout);
  }

 private:
  struct Begun {
    EncodedSources sources;
    KeyValues memory, words;
    Mask memory_mask, words_mask;
    PointerMemory pointers;
    LstmState state;  // (rows,D)
    Var attended;     // (rows,D): of the last step
  };

  // Each pair's target items, read from both ends.
  Var encoded_items(const Params& params, const PairLayout& layout, const EncodedSources& sources,
                    Context& context) const {
    const ItemGrid grid(layout);
    const Var items = embedding_.items(params, layout, sources);
    const Var nothing = constant(Array::zeros({1, features_}));
    const Var x = reshape(gather(concat({items, nothing}, 0), grid.from),
                          {grid.present.dim(0), grid.steps, features_});
    const Var y =
        items_.forward(params, dropout_.forward(params, x, context), grid.present, context);
    return gather(reshape(y, {grid.from.size(), features_}), grid.place);
  }

  Begun begin(const Params& params, const PairLayout& layout, Context& context) const {
    Begun begun;
    begun.sources = embedding_.sources(params, layout, context);
    const Var memory = embedding_.memory(params, layout, begun.sources,
                                         encoded_items(params, layout, begun.sources, context));
    begun.memory_mask = present_mask(layout.present);
    const Var asked = embedding_.asked(params, layout, begun.sources);
    const Var found = recall_(params, asked, recall_.keys_values(params, memory, context),
                              begun.memory_mask, context);
    const Var words = tanh(recalled_.forward(params, concat({asked, found}, 2), context));
    begun.words = words_.keys_values(params, words, context);
    begun.words_mask = present_mask(kernel::gather(layout.word_present, layout.query_pair));
    begun.memory = memory_.keys_values(params, memory, context);
    begun.pointers = output_.remember(params, layout, memory, context);
    const Var first =
        start_.forward(params, gather(begun.sources.whole, layout.query_pair), context);
    begun.state = {tanh(slice(first, 1, 0, features_)), slice(first, 1, features_, 2 * features_)};
    begun.attended = constant(Array::zeros({layout.queries, features_}));
    return begun;
  }

  // One step of each row: the cell, then what it attends to (Luong et al. 2015, eq. 5, with the
  // last step's fed back, §3.3).
  void advance(const Params& params, const Var& projected, Begun& begun, Context& context) const {
    begun.state =
        cell_.step(params, projected, concat({begun.state.h, begun.attended}, 1), begun.state.c);
    const Shape flat = begun.state.h.shape(), one{flat[0], 1, flat[1]};
    const Var h = reshape(begun.state.h, one);
    const Var words = words_(params, h, begun.words, begun.words_mask, context);
    const Var memory = memory_(params, h, begun.memory, begun.memory_mask, context);
    begun.attended = tanh(out_.forward(
        params, concat({begun.state.h, reshape(words, flat), reshape(memory, flat)}, 1), context));
  }

  // h (rows,T,D), rows of the episodes in order → (rows·T,V).
  Var read(const Params& params, const PairLayout& layout, const Var& h, const TargetPlaces& places,
           const PointerMemory& pointers, Context& context, TranslationMaps* maps) const {
    const Shape shape = h.shape();
    const std::size_t each = shape[0] / layout.episodes * shape[1];
    const Var p = output_(params, reshape(h, {layout.episodes, each, shape[2]}), places, pointers,
                          context, maps);
    if (maps && maps->copied.rank() == 3)
      maps->copied = maps->copied.reshaped({shape[0], shape[1], layout.memory});
    if (maps && maps->followed.rank() == 2)
      maps->followed = maps->followed.reshaped({shape[0], shape[1]});
    return p;
  }

  struct Writer : AnswerWriter {
    Writer(const LstmModel& of, const Params& weights, const PairLayout& of_episode)
        : model(of), params(weights), layout(of_episode), places(layout, of.window()) {
      const NoGrad scope;
      begun = model.begin(params, layout, context);
    }
    Array step(const Indices& last) override {
      const NoGrad scope;
      const TargetPlaces& next = places.after(last);
      const Var x = model.embedding_.steps(params, next, begun.sources);
      model.advance(params, model.cell_.project(params, x), begun, context);
      const Var h = reshape(begun.attended, {last.size(), 1, model.features_});
      const Var p = model.read(params, layout, h, next, begun.pointers, context, nullptr);
      return kernel::log(p.value());
    }
    void select(const Indices& rows) override {
      begun.state = {gather(begun.state.h, rows), gather(begun.state.c, rows)};
      begun.attended = gather(begun.attended, rows);
      begun.words = begun.words.sequences(rows);
      begun.words_mask.allowed = kernel::gather(begun.words_mask.allowed, rows);
      places.select(rows);
    }
    const LstmModel& model;
    const Params& params;
    const PairLayout& layout;
    Context context;
    Begun begun;
    WrittenPlaces places;
  };

  std::size_t features_;
  PairEmbedding embedding_;
  TwoWayLstm items_;
  MultiHeadAttention recall_;
  Linear recalled_, start_;
  LstmCell cell_;
  MultiHeadAttention words_, memory_;
  Linear out_;
  Dropout dropout_;
  AnswerOutput output_;
};

const Register<TranslationModel, const KnownTokens&> part{
    "lstm", "recurrent: words of the query look up the support, a decoder attends (Lake 2019)",
    [](const Config& config, const KnownTokens& known) {
      return std::make_unique<LstmModel>(config, known);
    }};

}  // namespace
}  // namespace attune
