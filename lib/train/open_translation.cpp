#include "train/open_translation.hpp"

namespace attune {
namespace {

constexpr double kShown = 1e-4;

std::string shown(const std::string& token) {
  return token.empty() ? "∎" : token == " " ? "␣" : token;
}

// The mean over the heads of (H,R·T,S), for row r of T steps.
std::vector<double> mean_of_heads(const Array& map, std::size_t row, std::size_t steps) {
  const std::size_t heads = map.dim(0), rows = map.dim(1), items = map.dim(2);
  std::vector<double> mean(steps * items, 0);
  for (std::size_t h = 0; h < heads; ++h) {
    const Real* from = map.data() + (h * rows + row * steps) * items;
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += static_cast<double>(from[i]) / static_cast<double>(heads);
  }
  return mean;
}

std::vector<Translated::Item> items_of(const PairLayout& layout, const SentenceTokens& tokens,
                                       const PairPool& pool,
                                       const std::vector<std::uint32_t>& support) {
  std::vector<Translated::Item> items;
  std::size_t place = 0;
  for (std::size_t i = 0; i < layout.memory; ++i) {
    const std::uint32_t pair = layout.memory_pair[i], symbol = layout.memory_symbol[i];
    if (!items.empty() && (pair != items.back().pair || (symbol != kNone && !items.back().target)))
      place = 0;
    const auto own = symbol == kNone ? tokens.source_of(pool.source_of[support[pair]])
                                     : tokens.target_of(support[pair]);
    const auto& words = symbol == kNone ? tokens.word : tokens.piece;
    items.push_back({pair, symbol == kEnd ? std::string() : words.at(own[place]), symbol != kNone});
    ++place;
  }
  return items;
}

}  // namespace

std::shared_ptr<const PairPool> open_pairs(const std::string& path) {
  return std::make_shared<PairPool>(read_pairs(path));
}

TranslatorPlan::TranslatorPlan(const Config& root) : config_(root.child("translator")) {
  std::vector<std::string> kinds = TranslatorRegistry::names();
  for (const std::string& name : TranslationModelRegistry::names()) kinds.push_back(name);
  kind_ = config_.choice("kind", "analogy", kinds, "which part");
  if (const auto floor = TranslatorRegistry::entries().find(kind_);
      floor != TranslatorRegistry::entries().end()) {
    floor_ = floor->second.make(config_);
    return;
  }
  tokeniser_ = std::make_shared<SentenceTokeniser>(config_);
  decoding_.emplace(config_.child("decoding"));
  if (!model({})->reads_support()) inner_ = InnerSteps(config_.child("inner"));
}

std::shared_ptr<const TranslationModel> TranslatorPlan::model(const KnownTokens& known) const {
  return TranslationModelRegistry::entries().at(kind_).make(config_, known);
}

OpenTranslator::OpenTranslator(const TranslatorPlan& plan, std::shared_ptr<const PairPool> pool,
                               std::uint64_t seed, const std::string& split,
                               const Vocabulary* words)
    : plan_(plan), pool_(std::move(pool)), seed_(seed) {
  if (!plan_.learns()) return;
  tokens_ = std::make_shared<SentenceTokens>(plan_.cut(*pool_));
  words_ = words ? *words : source_vocabulary(*pool_, *tokens_, split);
  fixed_ = fixed_symbols(*pool_, *tokens_, split);
  model_ = plan_.model({words_.size(), fixed_.count});
  if (!model_->fixed()) fixed_ = {};
}

BoundTranslator OpenTranslator::bound(std::function<PairEpisode(std::uint64_t)> episodes,
                                      const std::string& stream, const PairAugment* augment) const {
  const auto symbols = std::make_shared<Symbols>(*pool_, *tokens_, words_, model_->alphabet(),
                                                 seed_, stream, fixed_.symbol_of);
  std::shared_ptr<PairAugment> change;
  if (augment) {
    change = std::make_shared<PairAugment>(*augment);
    change->find_words(words_);
    change->find_targets(tokens_->piece, fixed_.symbol_of, model_->alphabet());
  }
  return {model_,
          pool_,
          tokens_,
          plan_.decoding(),
          plan_.inner(),
          std::move(episodes),
          [symbols, change, rng = Rng(seed_, "augment")](const PairEpisode& episode,
                                                         std::uint64_t number) {
            SymbolEpisode seen = (*symbols)(episode, number);
            if (change) (*change)(seen, rng.at(number));
            return seen;
          }};
}

BoundTranslator OpenTranslator::bound(std::shared_ptr<const PairEpisodeFile> file) const {
  return bound([file](std::uint64_t number) { return file->episodes.at(number); }, "frozen",
               nullptr);
}

std::unique_ptr<Problem> OpenTranslator::frozen(std::shared_ptr<const PairEpisodeFile> file) const {
  if (!learns()) return translation_floor(plan_.floor(), pool_, file);
  return translator_problem(bound(std::move(file)));
}

Params OpenTranslator::initial(Rng& rng) const {
  Params params;
  if (learns()) model_->init(params, rng);
  return params;
}

OpenTranslation open_translation(const ModelFile& file, const std::string& pool,
                                 const std::string& episodes) {
  OpenTranslation open;
  const Model& model = file.header();
  const Config& config = file.config();
  const TranslatorPlan plan(config);
  open.kind = plan.kind();
  open.translator = std::make_shared<OpenTranslator>(
      plan, open_pairs(pool), model.seed,
      config.choice("split", "train", {"train", "train+val"}, "languages trained on"),
      &model.vocabulary);
  open.file = std::make_shared<PairEpisodeFile>(read_pair_episodes(episodes));
  check_pair_episodes(*open.file, *open.translator->pool());
  const std::string& own = open.translator->pool()->hash;
  if (open.translator->fixed() && model.pool_hash != own)
    throw Error(file.path() + ": want a test on pool " + model.pool_hash +
                ", whose target tokens are the model's, have " + own);
  Rng unused(0, "init");
  open.params = file.params(open.translator->initial(unused));
  open.model = model;
  return open;
}

Translated translated(const OpenTranslation& open, std::uint64_t number) {
  if (number >= open.file->episodes.size())
    throw Error("episode: want a number below " + std::to_string(open.file->episodes.size()) +
                ", have " + std::to_string(number));
  if (!open.translator->learns())
    throw Error("model: want one that attends to the support, have the floor " + open.kind);
  const NoGrad scope;
  const BoundTranslator bound = open.translator->bound(open.file);
  const PairEpisode pairs = bound.episodes(number);
  SymbolEpisode episode = bound.symbols(pairs, number);
  const auto answers = answers_of(bound, open.params, episode);
  for (std::size_t q = 0; q < answers.size(); ++q) episode.query[q].symbol = answers[q].symbols;
  const PairLayout layout({&episode, 1}, bound.model->window());
  TranslationMaps maps;
  Context context;
  bound.model->probabilities(open.params, layout, context, &maps);
  if (maps.copied.rank() != 3 && maps.memory.empty())
    throw Error("model: want one that attends to the support, have " + open.kind);
  Translated result;
  result.number = number;
  for (const std::uint32_t row : pairs.support)
    result.support.push_back({bound.pool->source_text(row), bound.pool->target[row]});
  result.items = items_of(layout, *bound.tokens, *bound.pool, pairs.support);
  for (std::size_t q = 0; q < answers.size(); ++q) {
    Translated::Query query{bound.pool->source_text(pairs.query[q]),
                            text_of(bound, episode, answers[q]),
                            bound.pool->target[pairs.query[q]],
                            {},
                            {},
                            {}};
    for (const std::uint32_t symbol : answers[q].symbols)
      query.step.push_back(bound.tokens->piece.at(episode.piece.at(symbol - kFirstSymbol)));
    query.step.emplace_back();
    const auto add = [&](const std::string& name, std::vector<double> weights) {
      weights.resize(query.step.size() * layout.memory);
      query.maps.push_back({name, std::move(weights)});
    };
    if (maps.copied.rank() == 3)
      add("pointer",
          mean_of_heads(maps.copied.reshaped({1, layout.queries * layout.steps, layout.memory}), q,
                        layout.steps));
    for (std::size_t layer = 0; layer < maps.memory.size(); ++layer)
      add("layer" + std::to_string(layer + 1), mean_of_heads(maps.memory[layer], q, layout.steps));
    if (maps.followed.rank() == 2) {
      const Real* const shares = maps.followed.data() + q * layout.steps;
      query.followed.assign(shares, shares + query.step.size());
    }
    result.queries.push_back(std::move(query));
  }
  return result;
}

Rows alignment_rows(const Translated& answers) {
  Rows rows;
  rows.columns = {"episode", "query", "map",  "step", "token",
                  "pair",    "side",  "item", "text", "weight"};
  const std::size_t items = answers.items.size();
  for (std::size_t q = 0; q < answers.queries.size(); ++q) {
    const Translated::Query& query = answers.queries[q];
    for (std::size_t step = 0; step < query.followed.size(); ++step) {
      if (query.followed[step] < kShown) continue;
      const std::string token = shown(query.step[step]);
      rows.lines.push_back({std::to_string(answers.number), std::to_string(q), "proposal",
                            std::to_string(step + 1), token, "-", "-", "-", token,
                            to_text(query.followed[step], 4)});
    }
    for (const Translated::Map& map : answers.queries[q].maps)
      for (std::size_t i = 0; i < map.w.size(); ++i) {
        if (map.w[i] < kShown) continue;
        const std::size_t step = i / items, at = i % items;
        const Translated::Item& item = answers.items[at];
        rows.lines.push_back({std::to_string(answers.number), std::to_string(q), map.name,
                              std::to_string(step + 1), shown(answers.queries[q].step[step]),
                              std::to_string(item.pair), item.target ? "target" : "source",
                              std::to_string(at), shown(item.text), to_text(map.w[i], 4)});
      }
  }
  return rows;
}

}  // namespace attune
