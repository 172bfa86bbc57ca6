#include "train/answers.hpp"

#include <cmath>

namespace attune {

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
  Context context;
  const Support support{constant(pool.features(episode.support)), episode.support_labels,
                        model.file->shape.ways};
  const Query query{constant(pool.features(episode.query))};
  const Var logits = model.learner->logits(pool.params(), support, query, context, &answers.trace);
  if (answers.trace.weights.rank() != 2)
    throw Error("model: want attention over the support, have none in learner " +
                model.config.child("learner").text("kind", "matching", ""));
  answers.log_p = kernel::log_softmax(logits.value());
  answers.called = kernel::argmax_last(answers.log_p);
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

}  // namespace attune
