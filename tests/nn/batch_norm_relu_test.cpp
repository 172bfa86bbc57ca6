#include <doctest/doctest.h>

#include "nn/batch_norm.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

void check_same(const Array& have, const Array& want) {
  REQUIRE(have.shape() == want.shape());
  for (std::size_t i = 0; i < have.size(); ++i)
    CHECK(double(have.data()[i]) == doctest::Approx(double(want.data()[i])).epsilon(1e-3));
}

}  // namespace

TEST_CASE("batch-norm with ReLU equals one after the other in every mode, statistics too") {
  Rng rng(1, "norm");
  for (const std::size_t channels : {32, 6}) {
    const BatchNorm norm("norm", channels);
    Params params;
    norm.init(params, rng);
    params.set_buffer("norm.mean", random_array({channels}, rng));
    params.set_buffer("norm.var", Array::full({channels}, Real(2)));
    const Array features = random_array({9, channels}, rng);
    const Array images = random_array({9, channels, 4, 5}, rng);
    struct Way {
      Mode mode;
      std::size_t reference_rows;
    };
    for (const Way way : {Way{Mode::train, 0}, Way{Mode::evaluate, 0}, Way{Mode::transductive, 0},
                          Way{Mode::transductive, 4}}) {
      BufferUpdates fused, plain;
      Context a, b;
      a.mode = b.mode = way.mode;
      a.reference_rows = b.reference_rows = way.reference_rows;
      a.updates = &fused;
      b.updates = &plain;
      check_same(norm.relu(params, constant(features), a).value(),
                 relu(norm.forward(params, constant(features), b)).value());
      REQUIRE(fused.size() == plain.size());
      CHECK(fused.size() == (way.mode == Mode::train ? 2 : 0));
      for (const auto& [name, value] : fused) check_same(value, plain.at(name));
      if (channels % 16 != 0) continue;
      check_same(from_blocked(norm.relu_pool(params, to_blocked(constant(images)), 2, a)).value(),
                 max_pool(relu(norm.forward(params, constant(images), b)), 2).value());
    }
  }
}
