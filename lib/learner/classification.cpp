#include "learner/classification.hpp"

#include <algorithm>

#include "array/parallel.hpp"
#include "learner/classification_evaluator.hpp"

namespace attune {
namespace {

// As TextInput says.
void copy_tokens(const Pool& pool, std::uint32_t row, Real* out) {
  const Tokens& tokens = pool.tokens;
  const std::size_t longest = pool.example_shape[1];
  const std::uint32_t begin = tokens.begin[row], count = tokens.begin[row + 1] - begin;
  std::fill_n(out, pool.example_size(), Real(-1));
  for (std::uint32_t t = 0; t < count; ++t) {
    out[t] = static_cast<Real>(tokens.token[begin + t]);
    if (!tokens.mark.empty()) out[longest + t] = static_cast<Real>(tokens.mark[begin + t]);
  }
}

void copy_row(const Pool& pool, std::uint32_t row, Real* out) {
  const std::size_t size = pool.example_size();
  if (row >= pool.examples())
    throw Error("episode: want pool rows below " + std::to_string(pool.examples()) + ", have " +
                std::to_string(row));
  if (pool.is_text()) return copy_tokens(pool, row, out);
  if (pool.pixels.empty()) {
    for (std::size_t i = 0; i < size; ++i)
      out[i] = static_cast<Real>(pool.features[row * size + i]);
    return;
  }
  const std::uint8_t* pixels = pool.pixels.data() + row * size;
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<Real>(pixels[i]) / Real(255);
}

Shape rows_shape(const Pool& pool, std::size_t rows) {
  Shape shape{rows};
  for (std::uint32_t extent : pool.example_shape) shape.push_back(extent);
  return shape;
}

}  // namespace

Array pool_rows(const Pool& pool, std::span<const std::uint32_t> rows) {
  Array result(rows_shape(pool, rows.size()));
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < rows.size(); ++i)
    copy_row(pool, rows[i], out + i * pool.example_size());
  return result;
}

InputShape input_shape(const Pool& pool, std::shared_ptr<const TextInput> text) {
  InputShape input;
  for (std::uint32_t extent : pool.example_shape) input.example.push_back(extent);
  if (pool.is_text()) input.text = text ? std::move(text) : make_text_input(pool.tokens.word, {});
  return input;
}

Vocabulary vocabulary_of(const Pool& pool, const std::string& split) {
  std::vector<std::uint32_t> rows;
  const std::vector<std::uint32_t> begin = pool.class_begin();
  for (const std::uint32_t c : classes_of_split(pool, split))
    for (std::uint32_t row = begin[c]; row < begin[c + 1]; ++row) rows.push_back(row);
  return Vocabulary::of({pool.tokens.word, pool.tokens.begin, pool.tokens.token}, rows);
}

Classification::Classification(std::shared_ptr<const Learner> learner,
                               std::shared_ptr<const Pool> pool, EpisodeSource episodes,
                               std::size_t ways, std::shared_ptr<const Augment> augment,
                               std::uint64_t seed, std::size_t partitions, Mode answers)
    : learner_(std::move(learner)),
      pool_(std::move(pool)),
      episodes_(std::move(episodes)),
      ways_(ways),
      partitions_(partitions),
      answers_(answers),
      augment_(std::move(augment)),
      augment_rng_(seed, "augment") {
  if (augment_ && augment_->active() && pool_->example_shape.size() != 3)
    throw UsageError("augment: wants images (C,Y,X), have feature vectors or texts");
}

Params Classification::init(Rng& rng) const {
  Params params;
  learner_->init(params, rng);
  return params;
}

// All support and query rows of all episodes, in order; augmented by (episode, position) and, for
// whole classes, by (episode, label).
Array Classification::batch(std::span<const Episode> episodes,
                            std::span<const std::uint64_t> numbers) const {
  struct Address {
    std::uint64_t episode, position, label;
  };
  std::vector<std::uint32_t> rows;
  std::vector<Address> addresses;
  const auto add = [&](std::uint64_t number, const std::vector<std::uint32_t>& part,
                       const std::vector<std::uint32_t>& labels, std::size_t first) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      rows.push_back(part[i]);
      addresses.push_back({number, first + i, labels[i]});
    }
  };
  for (std::size_t e = 0; e < episodes.size(); ++e) {
    const Episode& episode = episodes[e];
    add(numbers[e], episode.support, episode.support_labels, 0);
    add(numbers[e], episode.query, episode.query_labels, episode.support.size());
  }
  Array result = pool_rows(*pool_, rows);
  if (!augment_ || !augment_->active()) return result;
  const std::size_t size = pool_->example_size();
  Array changed(result.shape());
  const Real* in = result.data();
  Real* out = changed.mutable_data();
  const auto& shape = pool_->example_shape;
  const Rng of_classes = augment_rng_.fork("classes");
  kernel::parallel_for(rows.size(), [&](std::size_t i) {
    const Address& at = addresses[i];
    (*augment_)({in + i * size, size}, {out + i * size, size}, shape[0], shape[1], shape[2],
                augment_rng_.at(at.episode, at.position), of_classes.at(at.episode, at.label));
  });
  return changed;
}

// Mean over the partitions. features: the episode's support, then its queries.
Var Classification::episode_loss(const Params& params, const Var& features, const Episode& episode,
                                 Context& context) const {
  const std::size_t s = episode.support.size(), q = episode.query.size();
  const std::size_t shots = s / ways_, members = (s + q) / ways_;
  Var total = constant(Real(0));
  for (std::size_t p = 0; p < partitions_; ++p) {
    Indices support, query;
    for (std::size_t n = 0; n < ways_; ++n)
      for (std::size_t i = 0; i < members; ++i) {
        const std::size_t k = (i + p * shots) % members;
        const std::size_t row = k < shots ? n * shots + k : s + n * (members - shots) + k - shots;
        (i < shots ? support : query).push_back(static_cast<std::uint32_t>(row));
      }
    total = total + learner_->loss(
                        params,
                        {gather(features, support), episode.support_labels, ways_, episode.classes},
                        {gather(features, query)}, episode.query_labels, context);
  }
  return total * (Real(1) / static_cast<Real>(partitions_));
}

// Mean over the episodes. A function of its own, so that nothing but the result holds the graph.
Var Classification::loss(const Params& params, std::span<const std::uint64_t> numbers,
                         Context& context) const {
  std::vector<Episode> episodes;
  for (std::uint64_t number : numbers) episodes.push_back(episodes_(number));
  const Var features = learner_->encode(params, constant(batch(episodes, numbers)), context);
  Var total = constant(Real(0));
  std::size_t begin = 0;
  for (const Episode& episode : episodes) {
    const std::size_t end = begin + episode.support.size() + episode.query.size();
    total = total + episode_loss(params, slice(features, 0, begin, end), episode, context);
    begin = end;
  }
  return total * (Real(1) / static_cast<Real>(episodes.size()));
}

Step Classification::gradients(const Params& params, std::span<const std::uint64_t> numbers,
                               Context& context) {
  Step step;
  context.updates = &step.updates;
  Var mean_loss = loss(params, numbers, context);
  context.updates = nullptr;
  step.loss = static_cast<double>(mean_loss.value().item());
  for (Var& gradient : grad(std::move(mean_loss), params.weights()))
    step.gradients.push_back(std::move(gradient).take());
  return step;
}

std::unique_ptr<Evaluator> Classification::evaluator(const Params& params) const {
  return classification_evaluator({learner_, pool_, episodes_, ways_, answers_}, params);
}

}  // namespace attune
