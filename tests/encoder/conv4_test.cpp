#include <doctest/doctest.h>

#include "encoder/encoder.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

std::unique_ptr<Encoder> conv4(const std::string& options, const Shape& example) {
  return EncoderRegistry::make(Config::parse("{\"kind\": \"conv4\"" + options + "}", "test"), "",
                               InputShape{example}, "encoder");
}

}  // namespace

TEST_CASE("conv4: features of the published sizes") {
  CHECK(conv4("", {1, 28, 28})->features() == 64);
  CHECK(conv4(", \"border\": [2]", {1, 28, 28})->features() == 256);
  CHECK(conv4(", \"border\": [0, 0, 1]", {1, 28, 28})->features() == 256);
  CHECK_THROWS_AS(conv4(", \"border\": [0, 0, 0, 0, 1]", {1, 28, 28}), UsageError);
  CHECK(conv4("", {3, 84, 84})->features() == 1600);  // Snell et al. 2017, §3.2
  CHECK(conv4("", {3, 84, 84})->map() == Shape{4, 5, 5, 16});
  CHECK(conv4(", \"filters\": 6, \"blocks\": 2", {1, 12, 20})->map() == Shape{6, 3, 5});
}

TEST_CASE("conv4: a border equals the same images with zeros put around them") {
  for (const int filters : {5, 16}) {
    CAPTURE(filters);
    const std::string options = ", \"blocks\": 2, \"filters\": " + std::to_string(filters);
    const auto bordered = conv4(options + ", \"border\": [3]", {2, 9, 8});
    const auto plain = conv4(options, {2, 15, 14});
    Params params;
    Rng rng(1, "init");
    plain->init(params, rng);
    const Array x = random_array({3, 2, 9, 8}, rng);
    const Array wide = kernel::pad(kernel::pad(x, 2, 3, 3), 3, 3, 3);
    Context train, again;
    train.mode = again.mode = Mode::train;
    const Array a = bordered->forward(params, constant(x), train).value();
    const Array b = plain->forward(params, constant(wide), again).value();
    REQUIRE(a.shape() == b.shape());
    for (std::size_t i = 0; i < a.size(); ++i)
      CHECK(double(a.data()[i]) == doctest::Approx(double(b.data()[i])).epsilon(1e-3));
  }
}
