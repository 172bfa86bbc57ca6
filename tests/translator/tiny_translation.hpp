#pragma once
#include "random_array.hpp"
#include "translation/tiny_pairs.hpp"
#include "translator/translator_problem.hpp"

namespace attune {

// Three languages whose names of 0 … 8 are two words of their own, one of the tens and one of the
// ones of base 3: language a calls 5 "kq|lo" or the like. Words have one to three letters.
inline PairPool base_three() {
  PairPool pool;
  for (std::uint32_t i = 0; i < 9; ++i) {
    pool.source.push_back(std::string(1, static_cast<char>('0' + i / 3)) +
                          static_cast<char>('0' + i % 3));
    pool.held_out.push_back(i % 4 == 0 ? 1 : 0);
  }
  pool.language_name = {"a", "b", "c"};
  pool.language_split = {0, 1, 2};
  pool.language_group = {0, 1, 2};
  const std::vector<std::vector<std::string>> words = {{"k", "lo", "mia", "x", "yz", "q"},
                                                       {"ab", "c", "de", "fa", "gh", "ii"},
                                                       {"u", "vw", "x", "yyy", "z", "tu"}};
  for (std::uint32_t l = 0; l < 3; ++l)
    for (std::uint32_t i = 0; i < 9; ++i) {
      pool.language.push_back(l);
      pool.source_of.push_back(i);
      pool.target.push_back(words[l][i / 3] + words[l][3 + i % 3]);
    }
  pool.title = "base three";
  pool.provenance = "{}";
  return pool;
}

// A model of a kind with random weights for such a pool, and its episodes.
struct TinyTranslation {
  std::shared_ptr<PairPool> pool = std::make_shared<PairPool>(base_three());
  std::shared_ptr<SentenceTokens> tokens;
  Vocabulary words;
  std::shared_ptr<const TranslationModel> model;
  std::shared_ptr<Symbols> symbols;
  Params params;

  explicit TinyTranslation(const std::string& config, std::uint64_t seed = 4) {
    const Config settings = Config::parse(config, "test");
    tokens = std::make_shared<SentenceTokens>(SentenceTokeniser(settings)(*pool));
    words = source_vocabulary(*pool, *tokens, "train");
    FixedSymbols fixed = fixed_symbols(*pool, *tokens, "train");
    model = TranslationModelRegistry::make(settings, "transformer", {words.size(), fixed.count});
    if (!model->fixed()) fixed = {};
    symbols = std::make_shared<Symbols>(*pool, *tokens, words, model->alphabet(), 3, "test",
                                        fixed.symbol_of);
    Rng rng(seed, "tiny-translation");
    model->init(params, rng);
  }
  // Episodes of language 0 in which every pair is once a query or a support.
  PairEpisode pairs(std::uint64_t number, std::uint32_t shots, std::uint32_t queries) const {
    return PairSampler(*pool, {0}, {shots, queries, "all"}, 5, "test")(number);
  }
  SymbolEpisode episode(std::uint64_t number, std::uint32_t shots, std::uint32_t queries) const {
    return (*symbols)(pairs(number, shots, queries), number);
  }
  BoundTranslator bound(std::uint32_t shots, std::uint32_t queries, Decoding decoding,
                        InnerSteps inner = {}) const {
    const auto sampler = std::make_shared<PairSampler>(*pool, std::vector<std::uint32_t>{0},
                                                       PairShape{shots, queries, "all"}, 5, "test");
    return {model,
            pool,
            tokens,
            decoding,
            inner,
            [sampler](std::uint64_t number) { return (*sampler)(number); },
            [known = symbols](const PairEpisode& of, std::uint64_t number) {
              return (*known)(of, number);
            }};
  }
};

// Small, without dropout. `more`: further keys, instead of those of their names.
inline std::string tiny_model(const std::string& kind, const std::string& more = "{}") {
  Config config = Config::parse(R"({"alphabet": 12, "window": 2, "features": 8,
                                    "decoding": {"beam": 1}})",
                                "test");
  config.set("kind=" + kind);
  if (kind == "lstm") {
    for (const char* part : {"recall", "words", "memory"})
      config.set(std::string(part) + ".heads=2");
    config.set("dropout=0");
  } else {
    for (const char* part : {"sentence", "encoder", "decoder"}) {
      if (kind == "seq2seq" && part == std::string("encoder")) continue;
      config.set(std::string(part) + ".dropout=0");
      config.set(std::string(part) + ".self.heads=2");
    }
    config.set("decoder.layers=2");
    if (kind == "transformer") {
      config.set("encoder.layers=1");
      config.set("decoder.memory.heads=2");
    }
  }
  config.merge(Config::parse(more, "test"));
  return config.given();
}

}  // namespace attune
