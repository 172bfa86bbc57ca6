#include "translator/answer_output.hpp"

#include <algorithm>

namespace attune {
namespace {

const std::string kPrefix = "translator.output", kAgree = kPrefix + ".agree";
constexpr Real kSlope = Real(0.5);

Array one_hot_of(const PairLayout& layout, std::size_t symbols) {
  Array result = Array::zeros({layout.episodes, layout.memory, symbols});
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < layout.memory_symbol.size(); ++i)
    if (layout.memory_symbol[i] != kNone) out[i * symbols + layout.memory_symbol[i]] = 1;
  return result;
}

Mask known_of(const PairLayout& layout, std::size_t symbols, bool all) {
  Mask mask{Array::zeros({layout.episodes, 1, symbols}), false};
  Real* out = mask.allowed.mutable_data();
  for (std::size_t b = 0; all && b < layout.episodes; ++b) {
    out[b * symbols + kEnd] = 1;
    std::fill_n(out + b * symbols + kFirstSymbol, symbols - kFirstSymbol, Real(1));
  }
  for (std::size_t i = 0; i < layout.memory_symbol.size(); ++i) {
    const std::uint32_t symbol = layout.memory_symbol[i];
    if (symbol == kEnd || symbol >= kFirstSymbol) out[i / layout.memory * symbols + symbol] = 1;
  }
  return mask;
}

}  // namespace

AnswerOutput::AnswerOutput(const Config& config, std::size_t features, std::size_t symbols,
                           bool fixed, bool memory, Window told)
    : kind_(memory ? config.choice("output", "mixed", {"mixed", "copy", "generate"},
                                   "where symbols of an answer come from: the support's targets, "
                                   "a softmax over symbols, or both")
                   : "generate"),
      symbols_(symbols),
      fixed_(fixed),
      told_(told),
      gate_(kPrefix + ".gate", features, 1),
      generate_(kPrefix + ".generate", features, symbols),
      follow_(kPrefix + ".follow", features, 1) {
  if (!memory) return;
  pointer_.emplace(config.child("pointer"), features, kPrefix + ".pointer");
  projections_.emplace(config.child("pointer"), features, features, features, kPrefix);
}

void AnswerOutput::init(Params& params, Rng& rng) const {
  if (kind_ != "generate") {
    pointer_->init(params, rng);
    projections_->init(params, rng);
    if (told_.agreement) {
      Array slope(Shape{told_.earlier + 1, 1});
      for (std::size_t n = 0; n <= told_.earlier; ++n)
        slope.mutable_data()[n] = static_cast<Real>(n) * kSlope;
      params.add(kAgree, std::move(slope));
    }
  }
  if (kind_ != "copy") generate_.init(params, rng);
  if (kind_ == "mixed") gate_.init(params, rng);
  if (told_.proposals) follow_.init(params, rng);
}

PointerMemory AnswerOutput::remember(const Params& params, const PairLayout& layout,
                                     const Var& memory, Context& context) const {
  PointerMemory pointers;
  if (kind_ != "generate") {
    pointers.keys = projections_->key.forward(params, memory, context);
    pointers.targets = {layout.target.reshaped({layout.episodes, 1, layout.memory}), false};
    pointers.symbols = constant(one_hot_of(layout, symbols_));
  }
  pointers.known = known_of(layout, symbols_, fixed_);
  return pointers;
}

Var AnswerOutput::operator()(const Params& params, const Var& h, const TargetPlaces& places,
                             const PointerMemory& memory, Context& context,
                             TranslationMaps* maps) const {
  const Var p = mixed(params, h, places, memory, context, maps);
  return told_.proposals ? with_proposed(params, h, places, p, maps) : p;
}

Var AnswerOutput::with_proposed(const Params& params, const Var& h, const TargetPlaces& places,
                                Var p, TranslationMaps* maps) const {
  const std::size_t count = places.proposed.size();
  Array there = Array::zeros({count, 1}), symbol = Array::zeros({count, symbols_});
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t proposed = places.proposed[i];
    if (proposed != kEnd && proposed < kFirstSymbol) continue;
    there.mutable_data()[i] = 1;
    symbol.mutable_data()[i * symbols_ + proposed] = 1;
  }
  Context plain;
  const Var follow =
      reshape(sigmoid(follow_.forward(params, h, plain)), {count, 1}) * constant(std::move(there));
  if (maps) maps->followed = follow.value();
  return p + follow * (constant(std::move(symbol)) - p);
}

Var AnswerOutput::looked(const Params& params, const Var& h, const TargetPlaces& places,
                         const PointerMemory& memory, Context& context) const {
  Var scores = pointer_->scores(params, projections_->query.forward(params, h, context),
                                memory.keys, context);
  if (told_.agreement)
    scores = scores + reshape(gather(params[kAgree], places.agreement), scores.shape());
  return pointer_->normalise(scores, memory.targets, context);
}

Var AnswerOutput::mixed(const Params& params, const Var& h, const TargetPlaces& places,
                        const PointerMemory& memory, Context& context,
                        TranslationMaps* maps) const {
  const Shape flat{h.shape()[0] * h.shape()[1], symbols_};
  Var copied, generated;
  if (kind_ != "generate") {
    const Var a = looked(params, h, places, memory, context);
    if (maps) maps->copied = a.value();
    copied = matmul(a, memory.symbols);
    if (kind_ == "copy") return reshape(copied, flat);
  }
  const Var logits = generate_.forward(params, h, context);
  generated = softmax(
      where(memory.known.allowed, logits, constant(-std::numeric_limits<Real>::infinity())));
  if (kind_ == "generate") return reshape(generated, flat);
  const Var gate = sigmoid(gate_.forward(params, h, context));
  return reshape(generated + gate * (copied - generated), flat);
}

}  // namespace attune
