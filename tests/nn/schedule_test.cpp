#include <doctest/doctest.h>

#include "nn/optimiser.hpp"

namespace attune::test {

namespace {

std::unique_ptr<Schedule> make(const std::string& json) {
  return ScheduleRegistry::make(Config::parse(json, "test"), "constant");
}

}  // namespace

TEST_CASE("constant stays") {
  CHECK(make("{}")->rate(0, 100) == 1);
  CHECK(make("{}")->rate(99, 100) == 1);
}

TEST_CASE("halving halves at equally spaced steps") {
  const auto halving = make(R"({"kind": "halving", "times": 4})");
  const std::vector<double> want{1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625};
  for (std::size_t step = 0; step < 10; ++step) CHECK(halving->rate(step, 10) == want[step]);
  CHECK(halving->rate(50, 10) == 0.0625);
  CHECK_THROWS_AS(make(R"({"kind": "halving", "times": 0})"), UsageError);
}

TEST_CASE("cosine warms up, then falls to its end") {
  const auto cosine = make(R"({"kind": "cosine", "warmup": 4, "final": 0.1})");
  CHECK(cosine->rate(0, 104) == 0.25);
  CHECK(cosine->rate(3, 104) == 1);
  CHECK(cosine->rate(4, 104) == 1);
  CHECK(cosine->rate(54, 104) == doctest::Approx(0.55));
  CHECK(cosine->rate(104, 104) == doctest::Approx(0.1));
  CHECK(cosine->rate(29, 104) == doctest::Approx(0.1 + 0.9 * 0.853553391));
  CHECK(cosine->rate(3, 3) == 1);
  CHECK_THROWS_AS(make(R"({"kind": "cosine", "final": 2})"), UsageError);
}

}  // namespace attune::test
