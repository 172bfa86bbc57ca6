// Transformer blocks: against plain loops, with padding, causal, with a memory, step by step.
#include "attention/transformer.hpp"

#include "attention/dense.hpp"
#include "autograd/check.hpp"

using namespace attune;
using namespace attune::dense;

namespace {

constexpr std::size_t kD = 4, kT = 5, kS = 3, kMemory = 6;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 2e-4;

struct Stack {
  Transformer layers;
  Params params;

  Stack(const std::string& config, Transformer::Settings settings)
      : layers(Config::parse(config, "test"), kD, "t", settings) {
    Rng rng(3, "transformer-test");
    layers.init(params, rng);
    params.change([&](std::size_t, const std::string&, Array& weight) {
      weight = kernel::add(weight, random_array(weight.shape(), rng, 0.2));
    });
  }
  Rows w(const std::string& name) const { return rows_of(params["t." + name].value()); }
  Row v(const std::string& name) const { return w(name)[0]; }
};

Array random_x(const Shape& shape, std::uint64_t seed = 5) {
  Rng rng(seed, "transformer-x");
  return random_array(shape, rng);
}

void check_close(const Array& a, const Array& b, double close = kClose) {
  REQUIRE(a.shape() == b.shape());
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK(std::abs(double(a.data()[i]) - double(b.data()[i])) < close);
}

// Attention of one item of x to y where `sees`, by several heads.
Row attend(const Stack& s, const std::string& name, const Row& x, const Rows& y, std::size_t heads,
           const std::function<bool(std::size_t)>& sees) {
  const std::size_t size = s.w(name + ".query.weight")[0].size() / heads;
  Row read;
  for (std::size_t h = 0; h < heads; ++h) {
    const auto head = [&](const Row& item, const std::string& part_name) {
      return part(times(item, s.w(name + "." + part_name + ".weight")), h * size, size);
    };
    Row weights;
    Rows values;
    double total = 0;
    for (std::size_t j = 0; j < y.size(); ++j) {
      const double score = dot(head(x, "query"), head(y[j], "key")) / std::sqrt(double(size));
      weights.push_back(sees(j) ? std::exp(score) : 0);
      total += weights.back();
      values.push_back(head(y[j], "value"));
    }
    for (double& weight : weights) weight /= total;
    read = joined(read, mixed(weights, values));
  }
  return plus(times(read, s.w(name + ".out.weight")), s.v(name + ".out.bias"));
}

Row normed(const Stack& s, const std::string& name, const Row& x) {
  return layer_norm(x, s.v(name + ".gamma"), s.v(name + ".beta"));
}

Row feed(const Stack& s, const Row& x) {
  Row inner = plus(times(x, s.w("block1.in.weight")), s.v("block1.in.bias"));
  for (double& value : inner) value = std::max(value, 0.0);
  return plus(times(inner, s.w("block1.out.weight")), s.v("block1.out.bias"));
}

// One block of two heads, one sequence, by Vaswani et al. 2017 (post) or Xiong et al. 2020 (pre).
Rows by_loops(const Stack& s, bool pre, const Rows& x, const Rows* memory, bool causal) {
  const auto wrap = [&](const Rows& rows, const std::string& norm,
                        const std::function<Row(std::size_t, const Rows&)>& part_of) {
    Rows in = rows, out;
    if (pre)
      for (Row& row : in) row = normed(s, "block1." + norm, row);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      out.push_back(plus(rows[i], part_of(i, in)));
      if (!pre) out.back() = normed(s, "block1." + norm, out.back());
    }
    return out;
  };
  Rows y = wrap(x, "self_norm", [&](std::size_t i, const Rows& in) {
    return attend(s, "block1.self", in[i], in, 2, [&](std::size_t j) { return !causal || j <= i; });
  });
  if (memory)
    y = wrap(y, "memory_norm", [&](std::size_t i, const Rows& in) {
      return attend(s, "block1.memory", in[i], *memory, 2, [](std::size_t) { return true; });
    });
  y = wrap(y, "feed_norm", [&](std::size_t i, const Rows& in) { return feed(s, in[i]); });
  if (pre)
    for (Row& row : y) row = normed(s, "norm", row);
  return y;
}

}  // namespace

TEST_CASE("a transformer block equals plain loops") {
  for (const bool pre : {true, false})
    for (const bool memory : {false, true})
      for (const bool causal : {false, true}) {
        CAPTURE(pre);
        CAPTURE(memory);
        CAPTURE(causal);
        const std::string norm = pre ? "pre" : "post";
        const Stack s("{\"layers\": 1, \"norm\": \"" + norm +
                          "\", \"self\": {\"heads\": 2}, \"memory\": {\"heads\": 2}}",
                      {causal, memory ? kMemory : 0, 2});
        const Array x = random_x({2, kT, kD}), y = random_x({2, kS, kMemory}, 8);
        const Var of = constant(y);
        Context context;
        TransformerState state = s.layers.start(s.params, memory ? &of : nullptr, nullptr, context);
        const Array found =
            s.layers.advance(s.params, constant(x), nullptr, state, context).value();
        for (std::size_t b = 0; b < 2; ++b) {
          const Rows in = rows_of(kernel::slice(x, 0, b, b + 1));
          const Rows of_memory = rows_of(kernel::slice(y, 0, b, b + 1));
          check_rows(rows_of(kernel::slice(found, 0, b, b + 1)),
                     by_loops(s, pre, in, memory ? &of_memory : nullptr, causal), kClose);
        }
      }
}

TEST_CASE("transformer: padding holds no information, wherever it stands") {
  const Stack s("{}", {});
  Array x = random_x({2, kT, kD});
  const Array present = Array::of({2, kT}, {1, 1, 0, 0, 0, 0, 1, 1, 0, 1});
  const auto run = [&] {
    Context context;
    return s.layers.forward(s.params, constant(x), &present, context).value();
  };
  const Array before = run();
  for (std::size_t i = 0; i < 2 * kT; ++i)
    if (present.data()[i] == 0)
      for (std::size_t d = 0; d < kD; ++d) x.mutable_data()[i * kD + d] = Real(100 * d);
  const Array after = run();
  for (std::size_t i = 0; i < 2 * kT; ++i)
    for (std::size_t d = 0; d < kD; ++d) {
      CHECK(std::isfinite(after.data()[i * kD + d]));
      if (present.data()[i] != 0) CHECK(before.data()[i * kD + d] == after.data()[i * kD + d]);
    }
  // A sequence by itself, without padding.
  Context context;
  const Array alone =
      s.layers
          .forward(s.params, constant(kernel::slice(kernel::slice(x, 0, 0, 1), 1, 0, 2)), nullptr,
                   context)
          .value();
  check_close(alone, kernel::slice(kernel::slice(before, 0, 0, 1), 1, 0, 2));
}

TEST_CASE("transformer: a sequence without any item gives finite numbers and gradients") {
  const Stack s("{}", {});
  const Array present = Array::of({2, 2}, {0, 0, 1, 1});
  const Var x = leaf(random_x({2, 2, kD}));
  Context context;
  const Var y = s.layers.forward(s.params, x, &present, context);
  CHECK(kernel::all_finite(y.value()));
  for (const Var& g : grad(sum(square(y)), s.params.weights()))
    CHECK(kernel::all_finite(g.value()));
}

TEST_CASE("transformer: step by step as all at once, for every kind of normaliser") {
  for (const std::string& normaliser : NormaliserRegistry::names()) {
    CAPTURE(normaliser);
    const Stack s("{\"self\": {\"heads\": 2, \"normaliser\": {\"kind\": \"" + normaliser +
                      "\"}}, \"memory\": {\"heads\": 1}}",
                  {true, kMemory, 2});
    const Array x = random_x({2, kT, kD}), y = random_x({2, kS, kMemory}, 8);
    const Array there = Array::of({2, kS}, {1, 0, 0, 1, 1, 1});
    const Var memory = constant(y);
    Context context;
    TransformerState whole = s.layers.start(s.params, &memory, &there, context), steps = whole;
    const Array all = s.layers.advance(s.params, constant(x), nullptr, whole, context).value();
    for (std::size_t t = 0; t < kT; ++t) {
      const Var next = constant(kernel::slice(x, 1, t, t + 1));
      check_close(s.layers.advance(s.params, next, nullptr, steps, context).value(),
                  kernel::slice(all, 1, t, t + 1));
    }
    CHECK(steps.items == kT);
  }
}

// Outside recording() the stack makes room ahead for keys; a copy of its state goes on as its own.
TEST_CASE("transformer: what is kept without recording is what is kept with it, bit for bit") {
  constexpr std::size_t kLong = 40, kFork = 21;
  const Stack s("{\"self\": {\"heads\": 2}, \"memory\": {\"heads\": 1}}", {true, kMemory, 2});
  const Array x = random_x({2, kLong, kD}), y = random_x({2, kS, kMemory}, 8);
  const Var memory = constant(y);
  Context context;
  TransformerState recorded = s.layers.start(s.params, &memory, nullptr, context);
  TransformerState kept = recorded, fork;
  const auto step = [&](std::size_t t, TransformerState& state) {
    const Var next = constant(kernel::slice(x, 1, t, t + 1));
    return s.layers.advance(s.params, next, nullptr, state, context).value();
  };
  std::vector<Array> want;
  for (std::size_t t = 0; t < kLong; ++t) want.push_back(step(t, recorded));
  const NoGrad scope;
  for (std::size_t t = 0; t < kLong; ++t) {
    if (t == kFork) fork = kept;
    CHECK(std::ranges::equal(step(t, kept).values(), want[t].values()));
    CHECK(kept.seen[0].items() == t + 1);
  }
  step(kFork + 1, fork);  // another item than `kept` saw here
  CHECK(fork.seen[0].items() == kFork + 1);
  CHECK(std::ranges::equal(step(kLong - 1, kept).values(), step(kLong - 1, recorded).values()));
}

TEST_CASE("transformer: a causal item does not see later ones, a free one does") {
  for (const bool causal : {true, false}) {
    const Stack s("{}", {causal, 0, 2});
    Array x = random_x({1, kT, kD});
    Context context;
    const Array before = s.layers.forward(s.params, constant(x), nullptr, context).value();
    x.mutable_data()[(kT - 1) * kD] += 1;
    const Array after = s.layers.forward(s.params, constant(x), nullptr, context).value();
    CHECK((before.data()[0] == after.data()[0]) == causal);
    CHECK(before.data()[(kT - 1) * kD] != after.data()[(kT - 1) * kD]);
  }
}

TEST_CASE("transformer: the state of chosen sequences goes on as theirs") {
  const Stack s("{}", {true, kMemory, 2});
  const Array x = random_x({3, 2, kD}), y = random_x({3, kS, kMemory}, 8);
  const Array there = Array::of({3, kS}, {1, 0, 0, 1, 1, 1, 0, 1, 1});
  const Var memory = constant(y);
  Context context;
  TransformerState state = s.layers.start(s.params, &memory, &there, context);
  const auto step = [&](const Array& all, std::size_t t, TransformerState& at) {
    return s.layers
        .advance(s.params, constant(kernel::slice(all, 1, t, t + 1)), nullptr, at, context)
        .value();
  };
  step(x, 0, state);
  const Indices which{2, 0, 2};
  TransformerState chosen = state.sequences(which);
  const Array next = step(kernel::gather(x, which), 1, chosen);
  check_close(next, kernel::gather(step(x, 1, state), which));
}

TEST_CASE("transformer: consecutive sequences share a memory as if each had its own") {
  const Stack s(R"({"memory": {"heads": 2}})", {true, kMemory, 2});
  const Array x = random_x({4, 3, kD}), y = random_x({2, kS, kMemory}, 8);
  const Array there = Array::of({2, kS}, {1, 0, 0, 1, 1, 1});
  const Indices repeated{0, 0, 1, 1}, which{1, 1, 1, 2, 3, 2};
  const Var memory = constant(y), own = constant(kernel::gather(y, repeated));
  const Array own_there = kernel::gather(there, repeated);
  Context context;
  TransformerState shared = s.layers.start(s.params, &memory, &there, context);
  TransformerState separate = s.layers.start(s.params, &own, &own_there, context);
  const auto step = [&](const Array& items, TransformerState& at) {
    return s.layers.advance(s.params, constant(items), nullptr, at, context).value();
  };
  const Array first = kernel::slice(x, 1, 0, 2);
  check_close(step(first, shared), step(first, separate));
  TransformerState chosen = shared.sequences(which), other = separate.sequences(which);
  const Array next = kernel::gather(kernel::slice(x, 1, 2, 3), which);
  check_close(step(next, chosen), step(next, other));
}

TEST_CASE("transformer: maps have a row of weights for each head and item") {
  const Stack s(R"({"self": {"heads": 2}})", {});
  TransformerMaps maps;
  Context context;
  const Array present = Array::of({2, 3}, {1, 1, 0, 1, 1, 1});
  s.layers.forward(s.params, constant(random_x({2, 3, kD})), &present, context, &maps);
  REQUIRE(maps.self.size() == 2);
  CHECK(maps.memory.empty());
  REQUIRE(maps.self[0].shape() == Shape{2, 2, 3, 3});
  const std::vector<std::size_t> last{3};
  const Array totals = kernel::sum(maps.self[1], last, false);
  for (const Real total : totals.values()) CHECK(double(total) == doctest::Approx(1));
  CHECK(maps.self[0].data()[2] == 0);  // to what the first sequence does not have
}

TEST_CASE("transformer: dropout in training alone, and misfits are errors") {
  const Stack s(R"({"dropout": 0.5})", {});
  const Array x = random_x({1, kT, kD});
  Context evaluate, train;
  train.mode = Mode::train;
  const Array calm = s.layers.forward(s.params, constant(x), nullptr, evaluate).value();
  const Array noisy = s.layers.forward(s.params, constant(x), nullptr, train).value();
  CHECK(calm.data()[0] != noisy.data()[0]);
  const Var memory = constant(x);
  const Array wrong = Array::full({kT, 1}, 1);
  CHECK_THROWS_AS(s.layers.start(s.params, &memory, nullptr, evaluate), Error);
  CHECK_THROWS_AS(s.layers.forward(s.params, constant(x), &wrong, evaluate), Error);
  CHECK_THROWS_AS(s.layers.forward(s.params, constant(random_x({kT, kD})), nullptr, evaluate),
                  Error);
}

#ifdef ATTUNE_REAL_DOUBLE
TEST_CASE("transformer: both derivatives, with padding, a memory and every activation and norm") {
  for (const std::string options :
       {R"("norm": "pre", "activation": "gelu")", R"("norm": "post", "activation": "relu")"}) {
    CAPTURE(options);
    const Stack s("{\"layers\": 1, \"hidden\": 5, \"dropout\": 0, " + options + "}",
                  {true, kMemory, 2});
    const Array present = Array::of({2, 3}, {1, 1, 0, 1, 1, 1});
    const Array there = Array::of({2, kS}, {1, 0, 1, 1, 1, 1});
    Rng rng(9, "transformer-derivatives");
    std::vector<Array> at{random_x({2, 3, kD}), random_x({2, kS, kMemory}, 8)};
    for (const Var& weight : s.params.weights()) at.push_back(weight.value());
    const DerivativeErrors errors = check_derivatives(
        [&](const Vars& x) {
          const Params params = s.params.with(Vars(x.begin() + 2, x.end()));
          Context context;
          TransformerState state = s.layers.start(params, &x[1], &there, context);
          return s.layers.advance(params, x[0], &present, state, context);
        },
        at, rng);
    CHECK(errors.first < 1e-6);
    CHECK(errors.second < 1e-5);
  }
}
#endif
