// Both derivatives of every score and normaliser against central differences, but for those that
// claim another gradient: normaliser_f64_test.cpp tests what they promise.
#include <doctest/doctest.h>

#include "attention/attention.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

struct Setting {
  Params params;
  std::unique_ptr<Attention> attention;
  Array values;
};

// A scalar that depends on every weight: Σ of the readout times fixed numbers, squared.
Var outcome(const Setting& s, const Vars& x) {
  Vars weights(x.begin() + 2, x.end());
  Context context;
  const Var y = (*s.attention)(s.params.with(weights), x[0], x[1], constant(s.values), {}, context);
  return sum(square(y + Real(0.3)));
}

Vars moved(const Vars& x, const std::vector<Array>& direction, double step) {
  Vars result;
  for (std::size_t i = 0; i < x.size(); ++i)
    result.push_back(leaf(kernel::add(x[i].value(), kernel::scale(direction[i], Real(step)))));
  return result;
}

// d outcome / d direction, differentiable.
Var slope(const Setting& s, const Vars& x, const std::vector<Array>& direction, bool again) {
  const Vars gradient = grad(outcome(s, x), x, again);
  Var total = constant(Real(0));
  for (std::size_t i = 0; i < x.size(); ++i)
    total = total + sum(gradient[i] * constant(direction[i]));
  return total;
}

}  // namespace

TEST_CASE("first and second derivatives of every kind") {
  Rng rng(5, "attention-derivatives");
  for (const std::string& score : ScoreRegistry::names())
    for (const std::string& normaliser : NormaliserRegistry::names()) {
      CAPTURE(score);
      CAPTURE(normaliser);
      Setting s;
      const Config config =
          Config::parse("{\"score\": {\"kind\": \"" + score + "\"}, \"normaliser\": {\"kind\": \"" +
                            normaliser + "\"}}",
                        "test");
      s.attention = std::make_unique<Attention>(config, 3, "attention");
      s.attention->init(s.params, rng);
      s.values = random_array({4, 2}, rng);
      Vars x{leaf(random_array({2, 3}, rng)), leaf(random_array({4, 3}, rng))};
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
      const bool straight_through =
          NormaliserRegistry::make(config.child("normaliser"), "")->straight_through_gradient();
      CHECK((first == doctest::Approx(difference).epsilon(1e-6)) == !straight_through);
      if (straight_through) continue;

      const Vars second = grad(slope(s, x, u, true), x);
      double curvature = 0;
      for (std::size_t i = 0; i < x.size(); ++i)
        curvature += double(kernel::sum_all(kernel::mul(second[i].value(), v[i])).item());
      const double slopes = (double(slope(s, moved(x, v, h), u, false).value().item()) -
                             double(slope(s, moved(x, v, -h), u, false).value().item())) /
                            (2 * h);
      CHECK(curvature == doctest::Approx(slopes).epsilon(1e-5));
    }
}
