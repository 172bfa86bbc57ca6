// Learners on texts: floors by hand, attention to tokens, every learner with an encoder of texts.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <map>

#include "encoder/token_pooling.hpp"
#include "learner/episode_bag.hpp"
#include "learner/few_shot.hpp"
#include "learner/learner.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

struct Texts {
  std::shared_ptr<Pool> pool = tiny_text_pool();
  Episode episode = EpisodeSampler(*pool, classes_of_split(*pool, "train+val+test"),
                                   {3, 2, 4, false}, 3, "texts")(0);

  Array run(const FreshLearner& fresh, Trace* trace = nullptr) const {
    Context context;
    const auto encode = [&](const std::vector<std::uint32_t>& rows) {
      return fresh.learner->encode(fresh.params, constant(pool_rows(*pool, rows)), context);
    };
    return fresh.learner
        ->logits(fresh.params, {encode(episode.support), episode.support_labels, 3},
                 {encode(episode.query)}, context, trace)
        .value();
  }
  std::map<std::uint32_t, double> tfidf(std::uint32_t row) const {
    const Tokens& tokens = pool->tokens;
    const Vocabulary vocabulary = vocabulary_of(*pool, "train");
    std::map<std::uint32_t, double> bag;
    for (std::uint32_t t = tokens.begin[row]; t < tokens.begin[row + 1]; ++t)
      bag[tokens.token[t]] += 1;
    double squares = 0;
    for (auto& [word, weight] : bag) {
      const auto place = vocabulary.find(tokens.word[word]);
      const double seen = place ? vocabulary.examples()[*place] : 0;
      weight = (1 + std::log(weight)) * (std::log(49 / (1 + seen)) + 1);  // 6 classes of 8
      squares += weight * weight;
    }
    for (auto& [word, weight] : bag) weight /= std::sqrt(squares);
    return bag;
  }
};

}  // namespace

TEST_CASE("tfidf_neighbour equals brute force over bags of words") {
  const Texts texts;
  const FreshLearner fresh(R"({"kind": "tfidf_neighbour", "scale": 1})", shape_of(*texts.pool));
  const Array logits = texts.run(fresh);
  for (std::size_t q = 0; q < texts.episode.query.size(); ++q) {
    std::array<double, 3> best{-1, -1, -1};
    const auto query = texts.tfidf(texts.episode.query[q]);
    for (std::size_t s = 0; s < texts.episode.support.size(); ++s) {
      double cosine = 0;
      for (const auto& [word, weight] : texts.tfidf(texts.episode.support[s]))
        if (query.contains(word)) cosine += weight * query.at(word);
      double& cell = best[texts.episode.support_labels[s]];
      cell = std::max(cell, cosine);
    }
    for (std::size_t n = 0; n < 3; ++n)
      CHECK(std::abs(double(logits.data()[q * 3 + n]) - best[n]) < 1e-5);
  }
}

TEST_CASE("tokens in a row tell texts apart that have the same words") {
  auto pool = tiny_text_pool();
  Tokens& tokens = pool->tokens;
  tokens.token = {0, 1, 2, 2, 1, 0, 0, 1, 2};
  tokens.begin = {0, 3, 6, 9};
  pool->example_shape = {1, 3};
  const auto run = [&](int longest) {
    const FreshLearner fresh(
        "{\"kind\": \"tfidf_neighbour\", \"longest\": " + std::to_string(longest) + "}",
        input_shape(*pool));
    const Array x = pool_rows(*pool, std::vector<std::uint32_t>{0, 1, 2}).reshaped({3, 3});
    return fresh.logits(kernel::slice(x, 0, 0, 2), {0, 1}, 2, kernel::slice(x, 0, 2, 3));
  };
  CHECK(double(run(1).data()[0]) == doctest::Approx(double(run(1).data()[1])));
  CHECK(run(2).data()[0] > run(2).data()[1] + Real(0.1));
}

TEST_CASE(
    "distributional signatures: shares of tokens sum to 1 and are uniform when switched off") {
  const Texts texts;
  for (const std::string use : {"both", "rarity", "certainty", "neither"}) {
    CAPTURE(use);
    const FreshLearner fresh("{\"kind\": \"distributional_signature\", \"use\": \"" + use + "\"}",
                             shape_of(*texts.pool));
    Trace trace;
    texts.run(fresh, &trace);
    REQUIRE(trace.query_tokens.shape() ==
            Shape{texts.episode.query.size(), texts.pool->example_shape[1]});
    for (std::size_t q = 0; q < texts.episode.query.size(); ++q) {
      const std::uint32_t row = texts.episode.query[q];
      const std::size_t count = texts.pool->tokens.begin[row + 1] - texts.pool->tokens.begin[row];
      double total = 0, most = 0;
      for (std::size_t t = 0; t < trace.query_tokens.dim(1); ++t) {
        const double weight = double(trace.query_tokens.data()[q * trace.query_tokens.dim(1) + t]);
        CHECK((t < count || weight == 0));
        total += weight;
        most = std::max(most, weight);
      }
      CHECK(total == doctest::Approx(1).epsilon(1e-5));
      CHECK((most * double(count) < 1.0001) == (use == "neither"));
    }
  }
}

TEST_CASE("exact bags of evenly weighted words have the cosines of TF-IDF") {
  const Texts texts;
  const Episode& episode = texts.episode;
  std::vector<std::uint32_t> rows = episode.support;
  rows.insert(rows.end(), episode.query.begin(), episode.query.end());
  const auto buckets = token_buckets(pool_rows(*texts.pool, rows));
  Vars weights;
  for (const TokenBucket& bucket : buckets)
    weights.push_back(constant(token_shares(bucket.present, {})));
  const std::size_t items = episode.support.size();
  const Array bags =
      episode_bags(buckets, weights, places_of(buckets), items, *shape_of(*texts.pool).text)
          .value();
  const auto dot = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t d = 0; d < bags.dim(1); ++d)
      sum += double(bags.data()[a * bags.dim(1) + d]) * double(bags.data()[b * bags.dim(1) + d]);
    return sum;
  };
  for (std::size_t s = 0; s < items; ++s)
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double cosine = 0;
      const auto other = texts.tfidf(rows[i]);
      for (const auto& [word, weight] : texts.tfidf(rows[s]))
        if (other.contains(word)) cosine += weight * other.at(word);
      CHECK(std::abs(dot(s, i) - cosine) < 1e-5);
    }
}

TEST_CASE("exact: a query's answer hangs on no other query") {
  const Texts texts;
  const FreshLearner fresh(R"({"kind": "distributional_signature", "exact": true})",
                           shape_of(*texts.pool));
  Context context;
  const auto rows = [&](const std::vector<std::uint32_t>& of) {
    return constant(pool_rows(*texts.pool, of));
  };
  const auto run = [&](const std::vector<std::uint32_t>& queries) {
    const Support support{fresh.learner->encode(fresh.params, rows(texts.episode.support), context),
                          texts.episode.support_labels, 3};
    return fresh.learner
        ->logits(fresh.params, support,
                 {fresh.learner->encode(fresh.params, rows(queries), context)}, context, nullptr)
        .value();
  };
  const Array all = run(texts.episode.query), one = run({texts.episode.query[4]});
  for (std::size_t n = 0; n < 3; ++n)
    CHECK(std::abs(double(all.data()[12 + n]) - double(one.data()[n])) < 1e-4);
}

TEST_CASE("induction and hybrid attention: weights of support items sum to 1") {
  const Texts texts;
  for (const std::string kind : {"induction", "hybrid_attention", "matching"}) {
    CAPTURE(kind);
    const FreshLearner fresh(
        "{\"kind\": \"" + kind +
            "\", \"encoder\": {\"kind\": \"average\", \"embedding\": {\"features\": 8}}}",
        shape_of(*texts.pool));
    Trace trace;
    texts.run(fresh, &trace);
    REQUIRE(trace.weights.shape() ==
            Shape{texts.episode.query.size(), texts.episode.support.size()});
    const std::size_t last[] = {1};
    const Array totals = kernel::sum(trace.weights, last, false);
    for (const Real total : totals.values()) CHECK(double(total) == doctest::Approx(1));
    Context context;
    CHECK(fresh.learner
              ->token_weights(fresh.params, constant(pool_rows(*texts.pool, texts.episode.query)),
                              context)
              .rank() == 2);
  }
}

TEST_CASE("hybrid attention without its two attentions is the prototypical network") {
  const Texts texts;
  const std::string encoder = R"("encoder": {"kind": "average", "embedding": {"features": 8}})";
  const FreshLearner plain(
      R"({"kind": "prototypical", "score": {"kind": "squared_euclidean", "scaled": false}, )" +
          encoder + "}",
      shape_of(*texts.pool));
  const FreshLearner hybrid(
      R"({"kind": "hybrid_attention", "instances": false, "features": false, )" + encoder + "}",
      shape_of(*texts.pool));
  const Array a = texts.run(plain), b = texts.run(hybrid);
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK(double(a.data()[i]) == doctest::Approx(double(b.data()[i])).epsilon(1e-3).scale(1));
}

TEST_CASE("induction: one item is its own class, however often it is routed") {
  const auto run = [](int rounds) {
    const FreshLearner fresh("{\"kind\": \"induction\", \"rounds\": " + std::to_string(rounds) +
                                 ", \"encoder\": {\"kind\": \"mlp\", \"features\": 6}}",
                             InputShape{{6}});
    Rng rng(5, "items");
    return fresh.logits(random_array({2, 6}, rng), {0, 1}, 2, random_array({3, 6}, rng));
  };
  const Array once = run(1), thrice = run(3);
  for (std::size_t i = 0; i < once.size(); ++i)
    CHECK(double(once.data()[i]) == doctest::Approx(double(thrice.data()[i])));
}

TEST_CASE("every learner that takes any encoder learns from texts without changes") {
  for (const std::string& kind : LearnerRegistry::names()) {
    if (wants_text(kind) || kind == "nearest_neighbour" || kind == "logistic_regression") continue;
    CAPTURE(kind);
    const Texts texts;
    const FreshLearner fresh(
        "{\"kind\": \"" + kind +
            "\", \"encoder\": {\"kind\": \"recurrent\", \"hidden\": 4, \"embedding\": "
            "{\"features\": 8}}}",
        shape_of(*texts.pool));
    auto sampler =
        std::make_shared<EpisodeSampler>(*texts.pool, classes_of_split(*texts.pool, "train"),
                                         EpisodeShape{3, 2, 2, false}, 3, "texts");
    Classification problem(
        fresh.learner, texts.pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, 3, nullptr,
        0);
    Context context;
    context.mode = Mode::train;
    const std::uint64_t numbers[] = {0};
    const Step step = problem.gradients(fresh.params, numbers, context);
    CHECK(std::isfinite(step.loss));
    double moved = 0;
    for (const Array& gradient : step.gradients)
      for (const Real value : gradient.values()) moved += std::abs(double(value));
    CHECK(moved > 0);
    const auto scores = (*problem.evaluator(fresh.params))(numbers);
    CHECK(scores[0].at("accuracy") >= 0);
  }
}

TEST_CASE("where no word is known, every learner of texts still answers with probabilities") {
  const Texts texts;
  for (const std::string& kind : LearnerRegistry::names()) {
    if (kind == "nearest_neighbour" || kind == "logistic_regression") continue;
    CAPTURE(kind);
    // A vocabulary without words: all of them are unknown and, but for their number, alike.
    const FreshLearner fresh(
        "{\"kind\": \"" + kind + "\"" +
            (wants_text(kind)
                 ? ""
                 : R"(, "encoder": {"kind": "average", "embedding": {"features": 8}})") +
            "}",
        input_shape(*texts.pool));
    Classification problem(
        fresh.learner, texts.pool, [&](std::uint64_t) { return texts.episode; }, 3, nullptr, 0);
    const std::uint64_t numbers[] = {0};
    const auto scores = (*problem.evaluator(fresh.params))(numbers);
    CHECK(std::isfinite(scores[0].at("loss")));
    CHECK(scores[0].at("accuracy") >= 0);
  }
}

TEST_CASE("floors of pixels refuse texts, floors of texts refuse pixels") {
  CHECK_THROWS_AS(FreshLearner(R"({"kind": "tfidf_logistic"})", input_shape(*tiny_pool())),
                  UsageError);
  CHECK_THROWS_AS(FreshLearner(R"({"kind": "nearest_neighbour"})", shape_of(*tiny_text_pool())),
                  UsageError);
  CHECK_THROWS_AS(FreshLearner(R"({"kind": "matching", "encoder": {"kind": "conv4"}})",
                               shape_of(*tiny_text_pool())),
                  UsageError);
  CHECK_THROWS_AS(FreshLearner(R"({"kind": "matching", "encoder": {"kind": "mlp"}})",
                               shape_of(*tiny_text_pool())),
                  UsageError);
}
