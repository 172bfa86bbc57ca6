// Projections of queries and keys: drawn apart, or alike at first.
#include "attention/query_key.hpp"

#include <doctest/doctest.h>

#include "array/kernels.hpp"
#include "base/error.hpp"

using namespace attune;

namespace {

struct Projected {
  Params params;
  Array q, k;

  Projected(const std::string& config, std::uint64_t seed) {
    const QueryKey both(Config::parse(config, "test"), 16, 16, 8, "p");
    Rng rng(seed, "query-key");
    both.init(params, rng);
    Array x(Shape{16, 16});
    for (std::size_t i = 0; i < 16; ++i)
      for (std::size_t j = 0; j < 16; ++j) x.mutable_data()[i * 16 + j] = i == j ? 1 : 0;
    Context context;
    q = both.query.forward(params, constant(x), context).value();
    k = both.key.forward(params, constant(x), context).value();
  }
  // Mean over items of: own score less the mean score of all.
  double own_beyond_all() const {
    const Array scores = kernel::matmul(q, k, false, true);
    double own = 0, all = 0;
    for (std::size_t i = 0; i < 16; ++i)
      for (std::size_t j = 0; j < 16; ++j) {
        const double score = static_cast<double>(scores.data()[i * 16 + j]);
        all += score / 256;
        if (i == j) own += score / 16;
      }
    return own - all;
  }
};

}  // namespace

TEST_CASE("alike: the same projection at first, in weights of their own; like attends to like") {
  double apart = 0, alike = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Projected one(R"({"start": "alike"})", seed), other("{}", seed);
    CHECK(one.q.values().size() == one.k.values().size());
    CHECK(std::ranges::equal(one.q.values(), one.k.values()));
    CHECK_FALSE(std::ranges::equal(other.q.values(), other.k.values()));
    CHECK(one.params.names() == std::vector<std::string>{"p.key.weight", "p.query.weight"});
    // The start of one kind does not move another part's random numbers.
    CHECK(std::ranges::equal(one.q.values(), other.q.values()));
    alike += one.own_beyond_all() / 20;
    apart += other.own_beyond_all() / 20;
  }
  // W·Wᵀ of Glorot's weights, (16,8): 8·2/24 on the diagonal in expectation, 0 beside it.
  CHECK(alike == doctest::Approx(8 * 2.0 / 24 * 15 / 16).epsilon(0.1));
  CHECK(std::abs(apart) < 0.1);
}

TEST_CASE("alike wants features of one size") {
  const Config config = Config::parse(R"({"start": "alike"})", "test");
  CHECK_THROWS_WITH_AS(QueryKey(config, 4, 6, 4, "p"),
                       doctest::Contains("as many features of keys as of queries, 4, have 6"),
                       UsageError);
}
