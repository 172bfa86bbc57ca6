#include "translator/decode.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/rng.hpp"

using namespace attune;

namespace {

constexpr std::size_t kSymbols = 7;

// The next symbol hangs on the last two and on the query, by a table drawn at random.
struct Table : AnswerWriter {
  explicit Table(std::size_t queries) {
    for (std::uint32_t q = 0; q < queries; ++q) rows.push_back({q, kNone, kNone});
  }
  struct Row {
    std::uint32_t query, last, before;
  };
  static std::vector<double> probabilities(const Row& row) {
    Rng rng(row.query, "table", row.last, row.before);
    std::vector<double> p(kSymbols);
    double total = 0;
    for (std::size_t s = 0; s < kSymbols; ++s) total += p[s] = std::exp(2 * rng.normal());
    for (double& one : p) one /= total;
    return p;
  }
  Array step(const Indices& last) override {
    REQUIRE(last.size() == rows.size());
    Array log_p(Shape{rows.size(), kSymbols});
    for (std::size_t r = 0; r < rows.size(); ++r) {
      rows[r] = {rows[r].query, last[r], rows[r].last};
      const auto p = probabilities(rows[r]);
      for (std::size_t s = 0; s < kSymbols; ++s)
        log_p.mutable_data()[r * kSymbols + s] = static_cast<Real>(std::log(p[s]));
    }
    return log_p;
  }
  void select(const Indices& which) override {
    std::vector<Row> next;
    for (const std::uint32_t row : which) next.push_back(rows.at(row));
    rows = next;
  }
  std::vector<Row> rows;
};

double log_probability(std::uint32_t query, std::vector<std::uint32_t> symbols) {
  symbols.push_back(kEnd);
  double total = 0;
  std::uint32_t last = kBegin, before = kNone;
  for (const std::uint32_t symbol : symbols) {
    total += std::log(Table::probabilities({query, last, before})[symbol]);
    before = last;
    last = symbol;
  }
  return total;
}

double penalty(std::size_t length, double alpha) {
  return std::pow((5 + double(length)) / 6, alpha);
}

// The best ended answer of at most `longest` symbols, by trying all.
std::vector<std::uint32_t> best_of_all(std::uint32_t query, std::size_t longest, double alpha) {
  std::vector<std::vector<std::uint32_t>> all = {{}};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::uint32_t s = kFirstSymbol; all[i].size() < longest && s < kSymbols; ++s) {
      auto longer = all[i];
      longer.push_back(s);
      all.push_back(longer);
    }
  double most = -std::numeric_limits<double>::infinity();
  std::vector<std::uint32_t> best;
  for (const auto& symbols : all) {
    const double score = log_probability(query, symbols) / penalty(symbols.size() + 1, alpha);
    if (score <= most) continue;
    most = score;
    best = symbols;
  }
  return best;
}

}  // namespace

TEST_CASE("greedy decoding takes the most probable symbol at each step") {
  Table table(6);
  const auto answers = decode(table, 6, 4, {1, 0.6});
  REQUIRE(answers.size() == 6);
  for (std::uint32_t q = 0; q < 6; ++q) {
    std::vector<std::uint32_t> want;
    std::uint32_t last = kBegin, before = kNone;
    while (want.size() < 4) {
      const auto p = Table::probabilities({q, last, before});
      std::uint32_t best = kEnd;
      for (std::uint32_t s = kFirstSymbol; s < kSymbols; ++s)
        if (p[s] > p[best]) best = s;
      if (best == kEnd) break;
      want.push_back(best);
      before = last;
      last = best;
    }
    CHECK(answers[q].symbols == want);
    CHECK(answers[q].ended);
    CHECK(answers[q].log_probability == doctest::Approx(log_probability(q, want)).epsilon(1e-5));
  }
}

TEST_CASE("a beam as wide as all hypotheses finds the best answer, with and without a penalty") {
  for (const double alpha : {0.0, 0.6, 1.5}) {
    CAPTURE(alpha);
    Table table(8);
    const auto answers = decode(table, 8, 3, {40, alpha});
    for (std::uint32_t q = 0; q < 8; ++q) {
      const auto want = best_of_all(q, 3, alpha);
      CHECK(answers[q].symbols == want);
      CHECK(answers[q].ended);
      CHECK(answers[q].log_probability == doctest::Approx(log_probability(q, want)).epsilon(1e-5));
    }
  }
}

TEST_CASE("a wider beam finds answers that greedy decoding misses") {
  std::size_t better = 0;
  for (const std::size_t beam : {1u, 3u}) {
    Table table(20);
    const auto answers = decode(table, 20, 5, {beam, 0});
    std::size_t best = 0;
    for (std::uint32_t q = 0; q < 20; ++q)
      best += answers[q].symbols == best_of_all(q, 5, 0) ? 1 : 0;
    if (beam == 1)
      better = best;
    else
      CHECK(best > better);
  }
}

TEST_CASE("an answer whose end has no probability is cut") {
  struct Endless : AnswerWriter {
    Array step(const Indices& last) override {
      Array log_p = Array::full({last.size(), kSymbols}, -std::numeric_limits<Real>::infinity());
      for (std::size_t r = 0; r < last.size(); ++r)
        log_p.mutable_data()[r * kSymbols + kFirstSymbol + 1] = Real(-0.5);
      return log_p;
    }
    void select(const Indices&) override {}
  } endless;
  const auto answers = decode(endless, 1, 3, {2, 0.6});
  CHECK(answers[0].symbols == std::vector<std::uint32_t>(3, kFirstSymbol + 1));
  CHECK(!answers[0].ended);
}

TEST_CASE("settings of decoding are read") {
  const Decoding how(Config::parse(R"({"beam": 4, "length_penalty": 1, "longest": 7})", "test"));
  CHECK(how.beam == 4);
  CHECK(how.length_penalty == 1);
  CHECK(how.longest == 7);
  CHECK_THROWS_AS(Decoding(Config::parse(R"({"beam": 0})", "test")), UsageError);
}
