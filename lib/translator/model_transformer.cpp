#include <cmath>
#include <optional>

#include "attention/transformer.hpp"
#include "translator/answer_output.hpp"
#include "translator/pair_embedding.hpp"
#include "translator/translation_model.hpp"

namespace attune {
namespace {

std::unique_ptr<SentenceEncoder> sentence_of(const Config& config, std::size_t features) {
  return transformer_encoder(config.child("sentence"), features, "translator.sentence");
}

// The support as one sequence, all of whose items look at each other, is the memory of a causal
// decoder of the query's words and of the answer so far. After Lake 2019 (meta seq2seq): what is
// looked for are sources, what is read are targets. Without the support it is a plain
// sequence-to-sequence model.
class TransformerModel : public TranslationModel {
 public:
  TransformerModel(const Config& config, const KnownTokens& known, bool support)
      : embedding_(config, known, features_of(config), sentence_of(config, features_of(config)),
                   support),
        decoder_(config.child("decoder"), embedding_.features(), "translator.decoder",
                 {.causal = true, .memory_features = support ? embedding_.features() : 0}),
        output_(config, embedding_.features(), embedding_.symbols(), embedding_.fixed(), support,
                embedding_.window()) {
    if (support)
      encoder_.emplace(config.child("encoder"), embedding_.features(), "translator.encoder",
                       Transformer::Settings{});
  }
  bool reads_support() const override { return encoder_.has_value(); }
  std::size_t alphabet() const override { return embedding_.alphabet(); }
  bool fixed() const override { return embedding_.fixed(); }
  Window window() const override { return embedding_.window(); }
  void init(Params& params, Rng& rng) const override {
    embedding_.init(params, rng);
    if (encoder_) encoder_->init(params, rng);
    decoder_.init(params, rng);
    output_.init(params, rng);
  }
  Var probabilities(const Params& params, const PairLayout& layout, Context& context,
                    TranslationMaps* maps) const override {
    Begun begun = begin(params, layout, context);
    const Var steps = reshape(embedding_.steps(params, layout.forced, begun.sources),
                              {layout.queries, layout.steps, embedding_.features()});
    const Var asked = embedding_.asked(params, layout, begun.sources);
    const Array parts[] = {asked_present(layout), Array::full({layout.queries, layout.steps}, 1)};
    const Array present = kernel::concat(parts, 1);
    TransformerMaps seen;
    const Var all = decoder_.advance(params, concat({asked, steps}, 1), &present, begun.state,
                                     context, maps ? &seen : nullptr);
    const Var h = slice(all, 1, layout.words, layout.words + layout.steps);
    const Var p = read(params, layout, h, layout.forced, begun.pointers, context, maps);
    if (maps) tell(layout, seen, *maps);
    return p;
  }
  std::unique_ptr<AnswerWriter> start(const Params& params,
                                      const PairLayout& layout) const override {
    return std::make_unique<Writer>(*this, params, layout);
  }

 private:
  struct Begun {
    EncodedSources sources;
    TransformerState state;
    PointerMemory pointers;
  };

  Begun begin(const Params& params, const PairLayout& layout, Context& context) const {
    Begun begun;
    begun.sources = embedding_.sources(params, layout, context);
    if (!encoder_) {
      begun.state = decoder_.start(params, nullptr, nullptr, context);
      begun.pointers = output_.remember(params, layout, Var(), context);
      return begun;
    }
    const Var items = embedding_.items(params, layout, begun.sources);
    const Var memory = encoder_->forward(
        params, embedding_.memory(params, layout, begun.sources, items), &layout.present, context);
    begun.state = decoder_.start(params, &memory, &layout.present, context);
    begun.pointers = output_.remember(params, layout, memory, context);
    return begun;
  }

  static Array asked_present(const PairLayout& layout) {
    return kernel::gather(layout.word_present, layout.query_pair);
  }

  // h (rows,T,D), rows of the episodes in order → (rows·T,V).
  Var read(const Params& params, const PairLayout& layout, const Var& h, const TargetPlaces& places,
           const PointerMemory& pointers, Context& context, TranslationMaps* maps) const {
    const Shape shape = h.shape();
    const std::size_t each = shape[0] / layout.episodes * shape[1];
    return output_(params, reshape(h, {layout.episodes, each, shape[2]}), places, pointers, context,
                   maps);
  }

  // Maps of one episode, without the steps that are the query's words.
  static void tell(const PairLayout& layout, const TransformerMaps& seen, TranslationMaps& maps) {
    const std::size_t rows = layout.queries, steps = layout.steps, items = layout.memory;
    for (const Array& all : seen.memory) {
      const std::size_t heads = all.dim(1);
      const Array whole = all.reshaped({heads * rows, layout.words + steps, items});
      maps.memory.push_back(kernel::slice(whole, 1, layout.words, layout.words + steps)
                                .reshaped({heads, rows * steps, items}));
    }
    if (maps.copied.rank() == 3) maps.copied = maps.copied.reshaped({rows, steps, items});
    if (maps.followed.rank() == 2) maps.followed = maps.followed.reshaped({rows, steps});
  }

  struct Writer : AnswerWriter {
    Writer(const TransformerModel& of, const Params& weights, const PairLayout& of_episode)
        : model(of), params(weights), layout(of_episode), places(layout, of.window()) {
      const NoGrad scope;
      begun = model.begin(params, layout, context);
      const Array present = asked_present(layout);
      model.decoder_.advance(params, model.embedding_.asked(params, layout, begun.sources),
                             &present, begun.state, context);
    }
    Array step(const Indices& last) override {
      const NoGrad scope;
      const TargetPlaces& next = places.after(last);
      const Var x = reshape(model.embedding_.steps(params, next, begun.sources),
                            {last.size(), 1, model.embedding_.features()});
      const Var h = model.decoder_.advance(params, x, nullptr, begun.state, context);
      const Var p = model.read(params, layout, h, next, begun.pointers, context, nullptr);
      return kernel::log(p.value());
    }
    void select(const Indices& rows) override {
      begun.state = begun.state.sequences(rows);
      places.select(rows);
    }
    const TransformerModel& model;
    const Params& params;
    const PairLayout& layout;
    Context context;
    Begun begun;
    WrittenPlaces places;
  };

  PairEmbedding embedding_;
  std::optional<Transformer> encoder_;
  Transformer decoder_;
  AnswerOutput output_;
};

const Register<TranslationModel, const KnownTokens&> transformer{
    "transformer",
    "transformer over the support, and one that answers from it with a pointer (Lake 2019; "
    "Vaswani et al. 2017)",
    [](const Config& config, const KnownTokens& known) {
      return std::make_unique<TransformerModel>(config, known, true);
    }};

const Register<TranslationModel, const KnownTokens&> seq2seq{
    "seq2seq", "the same transformer without the support, a floor",
    [](const Config& config, const KnownTokens& known) {
      return std::make_unique<TransformerModel>(config, known, false);
    }};

}  // namespace
}  // namespace attune
