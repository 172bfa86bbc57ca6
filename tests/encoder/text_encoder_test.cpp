// What all encoders of texts promise: padding and neighbours change nothing, every token has its
// share; and the simple ones by plain loops.
#include <cmath>

#include "autograd/check.hpp"
#include "encoder/text_cases.hpp"

using namespace attune;

namespace {

constexpr double kClose = sizeof(Real) == 8 ? 1e-11 : 1e-5;

Array row_of(const Array& x, std::size_t i) { return kernel::slice(x, 0, i, i + 1); }

double difference(const Array& a, const Array& b) {
  REQUIRE(a.shape() == b.shape());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(double(a.data()[i]) - double(b.data()[i])));
  return most;
}

}  // namespace

TEST_CASE("a text is encoded alike alone, among others and with more padding") {
  for (const bool marks : {false, true})
    for (const std::string& config : text_encoders()) {
      CAPTURE(config);
      const TextCase c(config, marks, 40);
      const std::vector<std::size_t> all{0, 1, 2, 3, 4};
      const Array together = c.run(ids_of(all, 40, marks));
      REQUIRE(together.shape() == Shape{5, c.encoder->features()});
      CHECK(difference(together, c.run(ids_of(all, 7, marks))) == 0);
      const Array turned = c.run(ids_of({4, 3, 2, 1, 0}, 9, marks));
      for (std::size_t i = 0; i < 5; ++i) {
        CHECK(difference(row_of(together, i), c.run(ids_of({i}, 40, marks))) < kClose);
        CHECK(difference(row_of(together, i), row_of(turned, 4 - i)) < kClose);
      }
      CHECK(difference(row_of(together, 0), row_of(together, 1)) > 1e-3);
    }
}

TEST_CASE("marked parts matter") {
  const TextCase c(text_encoders()[3], true);
  Array x = ids_of({1}, 7, true);
  const Array before = c.run(x);
  std::swap(x.mutable_data()[7], x.mutable_data()[8]);
  CHECK(difference(before, c.run(x)) > 1e-3);
}

TEST_CASE("the shares of a text's tokens sum to 1, padding has none") {
  for (const std::string& config : text_encoders()) {
    CAPTURE(config);
    const TextCase c(config);
    Context context;
    const Array shares =
        c.encoder->token_weights(c.params, constant(ids_of({0, 1, 2, 3, 4})), context);
    REQUIRE(shares.shape() == Shape{5, 7});
    for (std::size_t i = 0; i < 5; ++i) {
      double total = 0;
      for (std::size_t t = 0; t < 7; ++t) {
        const double share = double(shares.data()[i * 7 + t]);
        CHECK((t < kTexts[i].size() || share == 0));
        total += share;
      }
      CHECK(total == doctest::Approx(1).epsilon(1e-5));
    }
  }
}

TEST_CASE("averages by plain loops, with and without idf") {
  for (const bool idf : {false, true}) {
    const TextCase c(idf ? text_encoders()[2] : text_encoders()[0]);
    const Array found = c.run(ids_of({1, 3}));
    for (std::size_t row = 0; row < 2; ++row) {
      const auto& text = kTexts[row ? 3 : 1];
      std::vector<double> sum(8);
      double weights = 0;
      for (const std::uint32_t id : text) {
        const double weight =
            idf ? c.text->vocabulary.inverse_document_frequency(c.text->place(id)) : 1;
        weights += weight;
        for (std::size_t d = 0; d < 8; ++d) sum[d] += weight * c.word(id)[d];
      }
      for (std::size_t d = 0; d < 8; ++d)
        CHECK(std::abs(double(found.data()[row * 8 + d]) - sum[d] / weights) < kClose);
    }
  }
}

TEST_CASE("sublinear: an average of distinct words, each weighing 1 + ln of its count") {
  for (const bool idf : {false, true}) {
    const TextCase c(std::string(R"({"kind": ")") + (idf ? "idf_average" : "average") +
                     R"(", "sublinear": true, "embedding": {"features": 8}})");
    Array x = ids_of({1, 3});
    const std::vector<std::uint32_t> text{kTexts[1][0], kTexts[1][1], kTexts[1][0], kTexts[1][0]};
    for (std::size_t t = 0; t < 7; ++t)
      x.mutable_data()[t] = t < text.size() ? static_cast<Real>(text[t]) : Real(-1);
    const Array found = c.run(x);
    std::vector<double> sum(8);
    double weights = 0;
    for (const std::size_t t : {0u, 1u}) {
      const double times = t == 0 ? 1 + std::log(3.0) : 1;
      const double weight =
          times * (idf ? c.text->vocabulary.inverse_document_frequency(c.text->place(text[t])) : 1);
      weights += weight;
      for (std::size_t d = 0; d < 8; ++d) sum[d] += weight * c.word(text[t])[d];
    }
    for (std::size_t d = 0; d < 8; ++d)
      CHECK(std::abs(double(found.data()[d]) - sum[d] / weights) < kClose);
  }
}

TEST_CASE("a convolution by plain loops: windows reach over the ends, the largest counts") {
  const TextCase c(R"({"kind": "text_cnn", "filters": 3, "widths": [3],
                       "embedding": {"features": 8}})");
  const auto& text = kTexts[1];
  const Array& w = c.params["encoder.filter1.weight"].value();
  const Array found = c.run(ids_of({1}));
  for (std::size_t f = 0; f < 3; ++f) {
    double most = 0;  // ReLU
    for (std::size_t t = 0; t < text.size(); ++t) {
      double value = double(c.params["encoder.filter1.bias"].value().data()[f]);
      for (std::size_t i = 0; i < 3; ++i) {
        if (t + i < 1 || t + i - 1 >= text.size()) continue;
        const std::vector<double> x = c.word(text[t + i - 1]);
        for (std::size_t d = 0; d < 8; ++d) value += x[d] * double(w.data()[(i * 8 + d) * 3 + f]);
      }
      most = std::max(most, value);
    }
    CHECK(std::abs(double(found.data()[f]) - most) < kClose);
  }
}

TEST_CASE("unknown words: one vector for all, unless their spelling is seen") {
  const auto two = [](const std::string& config) {
    const TextCase c(config);
    Array x = ids_of({2, 2});
    x.mutable_data()[7] = 5;  // "odder" instead of "strange"
    const Array y = c.run(x);
    return difference(row_of(y, 0), row_of(y, 1));
  };
  CHECK(two(text_encoders()[0]) == 0);
  CHECK(two(text_encoders()[1]) > 1e-3);
}

TEST_CASE("texts of no known word, of no word at all, of any script: never a vector of zeros") {
  const std::vector<std::string> words{"", "x", "ja", "žluťoučký", "שלום", "नमस्ते", "中", "😀"};
  const auto text = make_text_input(words, Vocabulary({"known"}, {1}, {1}, 1, 1));
  // The last one is longer than any that is seen in training.
  std::vector<std::vector<std::uint32_t>> texts;
  for (std::uint32_t word = 0; word < words.size(); ++word) texts.push_back({word});
  texts.emplace_back(3000, 3);
  Array x = Array::full({texts.size(), 1, 3000}, Real(-1));
  for (std::size_t i = 0; i < texts.size(); ++i)
    std::copy(texts[i].begin(), texts[i].end(), x.mutable_data() + i * 3000);
  for (const std::string kind : {"average", "idf_average", "text_cnn", "recurrent", "transformer"})
    for (const std::string parts :
         {"", R"(, "ngrams": true)", R"(, "word": false, "ngrams": true, "shortest": 5)",
          R"(, "word": false, "characters": true)"}) {
      const std::string config = "{\"kind\": \"" + kind +
                                 R"(", "embedding": {"features": 8, "unknown": 0.2)" + parts + "}}";
      CAPTURE(config);
      const bool long_one = kind == "average" || kind == "text_cnn";
      const Array some = long_one ? x : kernel::slice(x, 0, 0, words.size());
      const auto encoder = EncoderRegistry::make(Config::parse(config, "test"), "",
                                                 InputShape{Shape{1, 3000}, text}, "encoder");
      Params params;
      Rng rng(3, "unknown");
      encoder->init(params, rng);
      Context context;
      const Array y = encoder->forward(params, constant(some), context).value();
      CHECK(kernel::all_finite(y));
      for (std::size_t i = 0; i < y.dim(0); ++i) {
        double size = 0;
        for (const Real value : row_of(y, i).values()) size += std::abs(double(value));
        CHECK(size > 1e-3);
      }
      // Without spelling all of them are one word, with it each is another.
      for (std::size_t i = 1; i < words.size(); ++i)
        CHECK((difference(row_of(y, 0), row_of(y, i)) > 1e-3) == !parts.empty());
    }
}

TEST_CASE("where spelling is seen, it is all that is known of an unknown word") {
  const auto run = [](bool word, std::size_t text) {
    const TextCase c(std::string(R"({"kind": "average", "embedding": {"features": 8, "word": )") +
                     (word ? "true" : "false") + R"(, "ngrams": true}})");
    return c.run(ids_of({text}));
  };
  CHECK(difference(run(true, 2), run(false, 2)) == 0);    // "strange"
  CHECK(difference(run(true, 0), run(false, 0)) > 1e-3);  // "lost card"
}

TEST_CASE("hashed: every unknown word has a vector of its own, of length about 1") {
  const TextCase c(R"({"kind": "average", "embedding": {"features": 512,
                       "unknown_words": "hashed"}})");
  Array x = ids_of({2, 2});
  x.mutable_data()[7] = 5;  // "odder" instead of "strange"
  const Array y = c.run(x);
  double own = 0, common = 0;
  for (std::size_t d = 0; d < 512; ++d) {
    own += double(y.data()[d]) * double(y.data()[d]);
    common += double(y.data()[d]) * double(y.data()[512 + d]);
  }
  CHECK(own == doctest::Approx(1).epsilon(0.25));
  CHECK(std::abs(common) < 0.25);
  // Beside spelling it is one part more.
  const auto spelt = [](const char* unknown) {
    const TextCase other(std::string(R"({"kind": "average", "embedding": {"features": 512,
        "ngrams": true, "unknown_words": ")") +
                         unknown + "\"}}");
    return other.run(ids_of({2}));
  };
  const Array with = spelt("hashed"), without = spelt("shared");
  for (std::size_t d = 0; d < 512; ++d)
    CHECK(std::abs(double(with.data()[d]) - double(without.data()[d]) - double(y.data()[d])) <
          kClose);
}

TEST_CASE("training takes some known words for unknown, evaluation none") {
  const TextCase c(R"({"kind": "average", "embedding": {"features": 8, "unknown": 0.5,
                       "dropout": 0}})");
  const Array x = ids_of({4});
  CHECK(difference(c.run(x), c.run(x)) == 0);
  CHECK(difference(c.run(x), c.run(x, Mode::train)) > 1e-3);
}

TEST_CASE("known words start from pretrained vectors, and stay there when frozen") {
  auto text = some_text();
  auto vectors = std::make_shared<WordVectors>();
  vectors->features = 2;
  vectors->of = {{"bank", {3, 4}}, {"strange", {9, 9}}};
  text->vectors = vectors;
  const auto make = [&](const std::string& more) {
    return EncoderRegistry::make(
        Config::parse(R"({"kind": "average", "embedding": {"features": 2)" + more + "}}", "test"),
        "", InputShape{Shape{1, 7}, text}, "encoder");
  };
  Params params;
  Rng rng(1, "init");
  const auto encoder = make(", \"frozen\": true");
  encoder->init(params, rng);
  const Array weight = params["encoder.embedding.word"].value();
  CHECK(weight.data()[3 * 2] == 3);  // row 0 is for unknown words, "bank" is word 2
  CHECK(weight.data()[3 * 2 + 1] == 4);
  Context context;
  const Var y = encoder->forward(params, constant(ids_of({1})), context);
  CHECK(!y.tracked());
  CHECK_THROWS_AS(EncoderRegistry::make(Config::parse(R"({"kind": "average"})", "test"), "",
                                        InputShape{Shape{1, 7}, text}, "encoder"),
                  UsageError);
}

TEST_CASE("encoders of texts refuse other examples, and no part of the embedding") {
  CHECK_THROWS_WITH_AS(EncoderRegistry::make(Config::parse(R"({"kind": "text_cnn"})", "test"), "",
                                             InputShape{Shape{1, 28, 28}}, "encoder"),
                       doctest::Contains("wants texts"), UsageError);
  CHECK_THROWS_AS(TextCase(R"({"kind": "average", "embedding": {"word": false}})"), UsageError);
}

TEST_CASE("buckets hold every example once, and little padding") {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < 40; ++i) rows.push_back(i % 5);
  const Array x = ids_of(rows, 300);
  const auto buckets = token_buckets(x);
  CHECK(buckets.size() > 1);
  std::size_t cells = 0, tokens = 0, examples = 0;
  const Indices places = places_of(buckets);
  for (const TokenBucket& bucket : buckets) {
    cells += bucket.size() * bucket.length;
    for (std::size_t b = 0; b < bucket.size(); ++b) {
      CHECK(places[bucket.rows[b]] == examples++);
      tokens += kTexts[rows[bucket.rows[b]]].size();
      CHECK(bucket.word[b * bucket.length] == kTexts[rows[bucket.rows[b]]][0]);
    }
  }
  CHECK(examples == 40);
  CHECK(double(cells) < 1.3 * double(tokens));
  CHECK(token_buckets(ids_of({0, 0}, 300)).size() == 1);
  CHECK_THROWS_AS(token_buckets(Array::full({1, 1, 4}, -1)), Error);
}

#ifdef ATTUNE_REAL_DOUBLE
TEST_CASE("both derivatives of every encoder of texts, in all its weights") {
  for (const bool marks : {false, true})
    for (const std::string& config : text_encoders()) {
      CAPTURE(config);
      const TextCase c(config, marks);
      Rng rng(9, "text-derivatives");
      std::vector<Array> at;
      for (const Var& weight : c.params.weights())
        at.push_back(kernel::add(weight.value(), random_array(weight.shape(), rng, 0.1)));
      const DerivativeErrors errors = check_derivatives(
          [&](const Vars& weights) {
            Context context;
            return c.encoder->forward(c.params.with(weights), constant(ids_of({0, 1, 3}, 7, marks)),
                                      context);
          },
          at, rng);
      CHECK(errors.first < 1e-5);
      CHECK(errors.second < 1e-4);
    }
}
#endif
