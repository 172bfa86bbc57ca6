#include "train/answers.hpp"

#include <cmath>

#include "array/product.hpp"
#include "learner/classification_evaluator.hpp"

namespace attune {
namespace {

// Of texts: the share of each token as the encoder tells it, where the learner does not.
void add_tokens(const OpenModel& model, Answers& answers) {
  Trace& trace = answers.trace;
  if (!model.pool->is_text() || trace.query_tokens.rank() == 2) return;
  const auto of = [&](const std::vector<std::uint32_t>& rows) {
    Context context;
    return model.learner->token_weights(model.params, constant(pool_rows(*model.pool, rows)),
                                        context);
  };
  trace.support_tokens = of(answers.episode.support);
  trace.query_tokens = of(answers.episode.query);
}

}  // namespace

std::size_t Answers::right() const {
  std::size_t count = 0;
  for (std::size_t q = 0; q < called.size(); ++q) count += called[q] == episode.query_labels[q];
  return count;
}

double Answers::probability(std::size_t query) const {
  return std::exp(static_cast<double>(log_p.data()[query * log_p.dim(1) + called[query]]));
}

std::span<const Real> Answers::weights(std::size_t query) const {
  const std::size_t items = trace.weights.dim(1);
  return trace.weights.values().subspan(query * items, items);
}

Answers answer_episode(const OpenModel& model, EncodedPool& pool, std::uint64_t number) {
  Answers answers{number, model.file->episode(number), {}, {}, {}};
  const Episode& episode = answers.episode;
  pool.encode(episode.support);
  pool.encode(episode.query);
  const NoGrad scope;
  const RowsAlone alone;
  Context context;
  const Support support{constant(pool.features(episode.support)), episode.support_labels,
                        model.file->shape.ways};
  const Query query{constant(pool.features(episode.query))};
  const Var logits = model.learner->logits(pool.params(), support, query, context, &answers.trace);
  add_tokens(model, answers);
  if (answers.trace.weights.rank() != 2 && answers.trace.query_tokens.rank() != 2)
    throw Error("model: want attention over the support, have none in learner " +
                model.config.child("learner").text("kind", "matching", ""));
  answers.log_p = kernel::log_softmax(logits.value());
  answers.called = answers_of(answers.log_p);
  return answers;
}

Rows weight_rows(const Answers& answers) {
  Rows rows;
  rows.columns = {"episode", "query",       "query_row", "is",    "called",
                  "support", "support_row", "label",     "weight"};
  const Episode& episode = answers.episode;
  for (std::size_t q = 0; q < episode.query.size(); ++q)
    for (std::size_t s = 0; s < episode.support.size(); ++s) {
      std::vector<std::string> line;
      for (const std::uint64_t field :
           {answers.number, std::uint64_t{q}, std::uint64_t{episode.query[q]},
            std::uint64_t{episode.query_labels[q]}, std::uint64_t{answers.called[q]},
            std::uint64_t{s}, std::uint64_t{episode.support[s]},
            std::uint64_t{episode.support_labels[s]}})
        line.push_back(std::to_string(field));
      line.push_back(to_text(static_cast<double>(answers.weights(q)[s]), 6));
      rows.lines.push_back(std::move(line));
    }
  return rows;
}

Rows token_rows(const OpenModel& model, const Answers& answers) {
  const Tokens& tokens = model.pool->tokens;
  if (answers.trace.query_tokens.rank() != 2)
    throw Error("model: want weights of tokens, have none");
  Rows rows;
  rows.columns = {"episode", "side", "item", "row", "token", "word", "known", "weight"};
  const auto add = [&](const std::string& side, const std::vector<std::uint32_t>& items,
                       const Array& weights) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::uint32_t begin = tokens.begin[items[i]], end = tokens.begin[items[i] + 1];
      for (std::uint32_t t = begin; t < end; ++t) {
        const std::string& word = tokens.word[tokens.token[t]];
        const double weight = static_cast<double>(weights.data()[i * weights.dim(1) + t - begin]);
        rows.lines.push_back({std::to_string(answers.number), side, std::to_string(i),
                              std::to_string(items[i]), std::to_string(t - begin), word,
                              model.model.vocabulary.find(word) ? "1" : "0", to_text(weight, 6)});
      }
    }
  };
  add("support", answers.episode.support, answers.trace.support_tokens);
  add("query", answers.episode.query, answers.trace.query_tokens);
  return rows;
}

}  // namespace attune
