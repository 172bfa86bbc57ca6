// What every attention structure promises, whichever kinds there are.
#include "attention/structure.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "random_array.hpp"

using namespace attune;

namespace {

constexpr std::size_t kWays = 3, kShots = 2, kQ = 4, kD = 6, kS = kWays * kShots;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-4;

struct Fixture {
  Rng rng{11, "structure-test"};
  std::unique_ptr<Structure> structure;
  Params params;
  Array support = random_array({kS, kD}, rng), query = random_array({kQ, kD}, rng);
  Indices labels{0, 0, 1, 1, 2, 2};

  explicit Fixture(const std::string& kind)
      : structure(StructureRegistry::make(Config::parse("{\"kind\": \"" + kind + "\"}", "test"), "",
                                          kD, "attention")) {
    structure->init(params, rng);
  }
  Array log_p(const Array& s, const Indices& y, const Array& q, Trace* trace = nullptr) const {
    Context context;
    return structure
        ->log_probabilities(params, {constant(s), y, kWays, constant(q)}, context, trace)
        .value();
  }
};

double farthest(const Array& a, const Array& b) {
  REQUIRE(a.shape() == b.shape());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(double(a.data()[i]) - double(b.data()[i])));
  return most;
}

}  // namespace

TEST_CASE("every structure gives log-probabilities and says what it attended to") {
  for (const std::string& kind : StructureRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    Trace trace;
    const Array log_p = f.log_p(f.support, f.labels, f.query, &trace);
    REQUIRE(log_p.shape() == Shape{kQ, kWays});
    REQUIRE(trace.weights.shape() == Shape{kQ, kS});
    for (std::size_t q = 0; q < kQ; ++q) {
      double p = 0, attended = 0;
      for (std::size_t n = 0; n < kWays; ++n) p += std::exp(double(log_p.data()[q * kWays + n]));
      for (std::size_t s = 0; s < kS; ++s) attended += double(trace.weights.data()[q * kS + s]);
      CHECK(p == doctest::Approx(1).epsilon(kClose));
      CHECK(attended == doctest::Approx(1).epsilon(kClose));
    }
    for (const Trace::Map& map : trace.maps) {
      CAPTURE(map.name);
      REQUIRE(map.weights.rank() == 3);
      const std::size_t columns = map.weights.dim(2);
      for (std::size_t row = 0; row < map.weights.size() / columns; ++row) {
        double sum = 0;
        for (std::size_t c = 0; c < columns; ++c)
          sum += double(map.weights.data()[row * columns + c]);
        CHECK(sum == doctest::Approx(1).epsilon(kClose));
      }
    }
  }
}

TEST_CASE("structures keep queries apart") {
  for (const std::string& kind : StructureRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    const Array all = f.log_p(f.support, f.labels, f.query);
    for (std::uint32_t q = 0; q < kQ; ++q) {
      const Array alone = f.log_p(f.support, f.labels, kernel::gather(f.query, Indices{q}));
      CHECK(farthest(alone, kernel::gather(all, Indices{q})) < 10 * kClose);
    }
  }
}

TEST_CASE("structures keep their claims about order and names, in both directions") {
  for (const std::string& kind : StructureRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    Trace trace, moved_trace;
    const Array before = f.log_p(f.support, f.labels, f.query, &trace);
    const Indices order{3, 5, 0, 4, 2, 1};
    Indices moved_labels;
    for (std::uint32_t i : order) moved_labels.push_back(f.labels[i]);
    const Array moved =
        f.log_p(kernel::gather(f.support, order), moved_labels, f.query, &moved_trace);
    CHECK((farthest(before, moved) < 10 * kClose) == f.structure->permutation_invariant());
    if (f.structure->permutation_invariant())
      for (std::size_t q = 0; q < kQ; ++q)
        for (std::size_t s = 0; s < kS; ++s)
          CHECK(double(moved_trace.weights.data()[q * kS + s]) ==
                doctest::Approx(double(trace.weights.data()[q * kS + order[s]])).epsilon(1e-3));

    const Indices rename{2, 0, 1};
    Indices renamed_labels;
    for (std::uint32_t label : f.labels) renamed_labels.push_back(rename[label]);
    const Array renamed = f.log_p(f.support, renamed_labels, f.query);
    double most = 0;
    for (std::size_t q = 0; q < kQ; ++q)
      for (std::size_t n = 0; n < kWays; ++n)
        most = std::max(most, std::abs(double(renamed.data()[q * kWays + rename[n]]) -
                                       double(before.data()[q * kWays + n])));
    CHECK((most < 10 * kClose) == f.structure->label_equivariant());
  }
}

TEST_CASE("what an item of the support may see: its window, or what came before and itself") {
  const auto map_of = [](const std::string& kind, const std::string& name) {
    const Fixture f(kind);
    Trace trace;
    f.log_p(f.support, f.labels, f.query, &trace);
    const auto found = std::ranges::find(trace.maps, name, &Trace::Map::name);
    REQUIRE(found != trace.maps.end());
    REQUIRE(found->weights.size() == kS * kS);
    return found->weights;
  };
  const Array window = map_of("windowed", "self"), past = map_of("causal", "attention1.support");
  for (std::size_t i = 0; i < kS; ++i)
    for (std::size_t j = 0; j < kS; ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK((window.data()[i * kS + j] > 0) == (i <= j + 2 && j <= i + 2));
      CHECK((past.data()[i * kS + j] > 0) == (j <= i));
    }
}
