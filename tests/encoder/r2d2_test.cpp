#include <doctest/doctest.h>

#include <cmath>

#include "encoder/encoder.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

std::unique_ptr<Encoder> make(const std::string& options, const Shape& example) {
  return EncoderRegistry::make(Config::parse("{" + options + "}", "test"), "", InputShape{example},
                               "encoder");
}

}  // namespace

TEST_CASE("r2d2: sizes, and images that are too small") {
  const std::string kind = "\"kind\": \"r2d2\"";
  CHECK(make(kind, {3, 32, 32})->features() == 64 * (4 * 4 + 2 * 2));
  CHECK(make(kind + ", \"filters\": 6, \"blocks\": 2", {1, 13, 8})->features() ==
        6 * (6 * 4 + 3 * 2));
  CHECK_THROWS_AS(make(kind, {3, 32, 15}), UsageError);
  CHECK_THROWS_AS(make(kind, {64}), UsageError);
}

TEST_CASE("r2d2: its features are those of conv4 with one block less, then those of conv4") {
  for (const int filters : {5, 16}) {
    CAPTURE(filters);
    const std::string size = ", \"filters\": " + std::to_string(filters) + ", \"blocks\": ";
    const Shape example{2, 16, 11};
    const auto both = make("\"kind\": \"r2d2\"" + size + "3", example);
    const auto shallow = make("\"kind\": \"conv4\"" + size + "2", example);
    const auto deep = make("\"kind\": \"conv4\"" + size + "3", example);
    Params params;
    Rng rng(1, "init");
    both->init(params, rng);
    const Var x = constant(random_array({3, 2, 16, 11}, rng));
    for (const Mode mode : {Mode::evaluate, Mode::transductive}) {
      Context context;
      context.mode = mode;
      const Array joined = both->forward(params, x, context).value();
      const Array first = shallow->forward(params, x, context).value();
      const Array second = deep->forward(params, x, context).value();
      REQUIRE(joined.shape() == Shape{3, shallow->features() + deep->features()});
      REQUIRE(joined.shape()[1] == both->features());
      const std::vector<Array> parts{first, second};
      const Array wanted = kernel::concat(parts, 1);
      for (std::size_t i = 0; i < joined.size(); ++i)
        CHECK(double(joined.data()[i]) == doctest::Approx(double(wanted.data()[i])));
    }
  }
}

TEST_CASE("r2d2: dropout zeroes its share of both blocks in training, and nothing in evaluation") {
  const auto encoder =
      make("\"kind\": \"r2d2\", \"dropout\": 0.5, \"filters\": 16, \"blocks\": 2", {1, 16, 16});
  Params params;
  Rng rng(2, "init");
  encoder->init(params, rng);
  const Var x = constant(random_array({40, 1, 16, 16}, rng));
  const auto zeros = [&](Mode mode, std::size_t from, std::size_t to) {
    Context context;
    context.mode = mode;
    const Array y = encoder->forward(params, x, context).value();
    std::size_t count = 0;
    for (std::size_t s = 0; s < 40; ++s)
      for (std::size_t d = from; d < to; ++d) count += y.data()[s * y.shape()[1] + d] == 0;
    return double(count) / double(40 * (to - from));
  };
  const std::size_t first = 16 * 8 * 8, all = first + 16 * 4 * 4;
  REQUIRE(encoder->features() == all);
  // Max-pooled ReLU leaves few zeros; dropout adds half of the rest (standard error 0.5 %).
  const double before = zeros(Mode::transductive, 0, first);
  CHECK(zeros(Mode::train, 0, first) == doctest::Approx(before + (1 - before) / 2).epsilon(0.02));
  CHECK(zeros(Mode::train, first, all) > 0.45);
  CHECK(zeros(Mode::transductive, first, all) < 0.3);
}

TEST_CASE("r2d2: unit features are the same ones, with a root mean square of 1") {
  const std::string kind = "\"kind\": \"r2d2\", \"filters\": 5, \"blocks\": 2, \"unit\": ";
  const auto plain = make(kind + "false", {1, 12, 12}), unit = make(kind + "true", {1, 12, 12});
  Params params;
  Rng rng(3, "init");
  plain->init(params, rng);
  const Var x = constant(random_array({4, 1, 12, 12}, rng));
  Context context;
  context.mode = Mode::transductive;
  const Array a = plain->forward(params, x, context).value();
  const Array b = unit->forward(params, x, context).value();
  const std::size_t features = plain->features();
  for (std::size_t s = 0; s < 4; ++s) {
    double squares = 0;
    for (std::size_t d = 0; d < features; ++d)
      squares += std::pow(double(a.data()[s * features + d]), 2);
    const double size = std::sqrt(squares / double(features));
    for (std::size_t d = 0; d < features; ++d)
      CHECK(double(b.data()[s * features + d]) ==
            doctest::Approx(double(a.data()[s * features + d]) / size).epsilon(1e-4));
  }
}
