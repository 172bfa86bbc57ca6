// Both derivatives of every attention structure against central differences.
#include <doctest/doctest.h>

#include "attention/structure.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

struct Setting {
  std::unique_ptr<Structure> structure;
  Params params;
  Indices labels{0, 1, 1, 0, 2};
};

// A scalar that depends on every log-probability. The same stochastic choices in each call.
Var outcome(const Setting& s, const Vars& x) {
  const Vars weights(x.begin() + 2, x.end());
  Context context;
  const Var y = s.structure->log_probabilities(s.params.with(weights), {x[0], s.labels, 3, x[1]},
                                               context, nullptr);
  return sum(square(y + Real(0.3)));
}

Vars moved(const Vars& x, const std::vector<Array>& direction, double step) {
  Vars result;
  for (std::size_t i = 0; i < x.size(); ++i)
    result.push_back(leaf(kernel::add(x[i].value(), kernel::scale(direction[i], Real(step)))));
  return result;
}

Var slope(const Setting& s, const Vars& x, const std::vector<Array>& direction, bool again) {
  const Vars gradient = grad(outcome(s, x), x, again);
  Var total = constant(Real(0));
  for (std::size_t i = 0; i < x.size(); ++i)
    total = total + sum(gradient[i] * constant(direction[i]));
  return total;
}

}  // namespace

TEST_CASE("first and second derivatives of every structure") {
  Rng rng(5, "structure-derivatives");
  for (const std::string& kind : StructureRegistry::names()) {
    CAPTURE(kind);
    Setting s;
    s.structure = StructureRegistry::make(Config::parse("{\"kind\": \"" + kind + "\"}", "test"), "",
                                          4, "attention");
    s.structure->init(s.params, rng);
    Vars x{leaf(random_array({5, 4}, rng)), leaf(random_array({2, 4}, rng))};
    for (const Var& weight : s.params.weights()) x.push_back(leaf(weight.value()));
    std::vector<Array> u, v;
    for (const Var& part : x) {
      u.push_back(random_array(part.shape(), rng));
      v.push_back(random_array(part.shape(), rng));
    }
    const double h = 1e-5;
    const double first = double(slope(s, x, u, false).value().item());
    const double difference = (double(outcome(s, moved(x, u, h)).value().item()) -
                               double(outcome(s, moved(x, u, -h)).value().item())) /
                              (2 * h);
    CHECK(first == doctest::Approx(difference).epsilon(1e-5));

    const Vars second = grad(slope(s, x, u, true), x);
    double curvature = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      curvature += double(kernel::sum_all(kernel::mul(second[i].value(), v[i])).item());
    const double slopes = (double(slope(s, moved(x, v, h), u, false).value().item()) -
                           double(slope(s, moved(x, v, -h), u, false).value().item())) /
                          (2 * h);
    CHECK(curvature == doctest::Approx(slopes).epsilon(1e-4));
  }
}
