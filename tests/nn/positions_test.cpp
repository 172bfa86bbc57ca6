#include "nn/positions.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace attune;

namespace {

Array places(const std::string& config, std::size_t count, std::size_t first) {
  const Positions positions(Config::parse(config, "test"), 6, "places");
  Params params;
  Rng rng(1, "init");
  positions.init(params, rng);
  return positions(params, constant(Array::zeros({2, count, 6})), first).value();
}

}  // namespace

TEST_CASE("sinusoidal positions are those of Vaswani et al. 2017") {
  const Array x = places("{}", 4, 3);
  for (std::size_t t = 0; t < 4; ++t)
    for (std::size_t i = 0; i < 3; ++i) {
      const double angle = double(3 + t) / std::pow(10000, double(2 * i) / 6);
      for (std::size_t b = 0; b < 2; ++b) {
        CHECK(double(x.data()[(b * 4 + t) * 6 + 2 * i]) == doctest::Approx(std::sin(angle)));
        CHECK(double(x.data()[(b * 4 + t) * 6 + 2 * i + 1]) == doctest::Approx(std::cos(angle)));
      }
    }
}

TEST_CASE("positions asked for one by one are those asked for together") {
  for (const std::string kind : {"sinusoidal", "learned", "none"}) {
    CAPTURE(kind);
    const std::string config = "{\"kind\": \"" + kind + "\"}";
    const Array all = places(config, 5, 0), last = places(config, 1, 4);
    for (std::size_t d = 0; d < 6; ++d) CHECK(all.data()[4 * 6 + d] == last.data()[d]);
    CHECK((all.data()[6] == all.data()[0]) == (kind == "none"));
  }
}

TEST_CASE("learned positions end somewhere, and say so") {
  const std::string config = R"({"kind": "learned", "length": 4})";
  CHECK_NOTHROW(places(config, 2, 2));
  CHECK_THROWS_WITH_AS(places(config, 3, 2), doctest::Contains("at least the 5"), UsageError);
}
