#pragma once
// The one table of differentiable ops: every declaration of autograd/ops.hpp and gru.hpp with the
// shapes it is checked on. A new op needs one line here; op_cases_test.cpp notices a missing one.
#include <functional>
#include <string>
#include <vector>

#include "autograd/check.hpp"
#include "autograd/gru.hpp"
#include "autograd/lstm.hpp"
#include "autograd/ops.hpp"

namespace attune::test {

struct OpCase {
  std::string declaration;  // name(parameter types), without const and &
  std::string variant;
  std::vector<Shape> shapes;  // of the inputs
  std::function<Var(const Vars&)> f;
  double low = -1.3, high = 1.3;  // the inputs' range
};

inline Array alternating(const Shape& shape) {
  Array mask(shape);
  Real* values = mask.mutable_data();
  for (std::size_t i = 0; i < mask.size(); ++i) values[i] = i % 3 == 1 ? Real(1) : Real(0);
  return mask;
}

inline kernel::NormStats fixed_stats(std::size_t channels) {
  kernel::NormStats stats{Array(Shape{channels}), Array(Shape{channels})};
  for (std::size_t c = 0; c < channels; ++c) {
    stats.mean.mutable_data()[c] = static_cast<Real>(0.02) * static_cast<Real>(c);
    stats.var.mutable_data()[c] = static_cast<Real>(0.3) + static_cast<Real>(c % 4);
  }
  return stats;
}

inline void add_elementwise(std::vector<OpCase>& cases) {
  const std::vector<std::pair<std::string, std::vector<Shape>>> pairs = {
      {"equal shapes", {{2, 3}, {2, 3}}},
      {"second broadcast", {{2, 3}, {3}}},
      {"first broadcast", {{3, 1}, {2, 3, 4}}},
      {"both broadcast", {{2, 1}, {1, 3}}},
      {"scalar", {{2, 3}, {}}}};
  for (const auto& [variant, shapes] : pairs) {
    cases.push_back(
        {"operator+(Var,Var)", variant, shapes, [](const Vars& x) { return square(x[0] + x[1]); }});
    cases.push_back(
        {"operator-(Var,Var)", variant, shapes, [](const Vars& x) { return square(x[0] - x[1]); }});
    cases.push_back(
        {"operator*(Var,Var)", variant, shapes, [](const Vars& x) { return x[0] * x[1]; }});
    cases.push_back(
        {"operator/(Var,Var)", variant, shapes, [](const Vars& x) { return x[0] / x[1]; }, 0.4, 2});
    cases.push_back(
        {"maximum(Var,Var)", variant, shapes, [](const Vars& x) { return maximum(x[0], x[1]); }});
    cases.push_back({"where(Array,Var,Var)", variant, shapes, [](const Vars& x) {
                       const Shape shape = broadcast(x[0].shape(), x[1].shape());
                       return square(where(alternating(shape), x[0], x[1]));
                     }});
  }
  cases.push_back({"constant(Array)", "", {{2, 3}}, [](const Vars& x) {
                     return x[0] * constant(alternating({2, 3}));
                   }});
  cases.push_back(
      {"constant(Real)", "", {{2, 3}}, [](const Vars& x) { return x[0] * constant(Real(3)); }});
  const auto unary = [&cases](const std::string& declaration, const std::function<Var(Var)>& f,
                              double low = -1.3, double high = 1.3) {
    cases.push_back({declaration, "", {{3, 5}}, [f](const Vars& x) { return f(x[0]); }, low, high});
  };
  unary("operator-(Var)", [](const Var& x) { return square(-x); });
  unary("operator*(Var,Real)", [](const Var& x) { return square(x * Real(1.5)); });
  unary("operator+(Var,Real)", [](const Var& x) { return square(x + Real(0.7)); });
  unary("exp(Var)", [](const Var& x) { return exp(x); });
  unary(
      "log(Var)", [](const Var& x) { return log(x); }, 0.3, 2);
  unary(
      "sqrt(Var)", [](const Var& x) { return sqrt(x); }, 0.3, 2);
  unary("tanh(Var)", [](const Var& x) { return tanh(x); });
  unary(
      "sigmoid(Var)", [](const Var& x) { return sigmoid(x); }, -4, 4);
  unary("relu(Var)", [](const Var& x) { return square(relu(x)); });
  unary(
      "gelu(Var)", [](const Var& x) { return gelu(x); }, -3, 3);
  unary("elu(Var)", [](const Var& x) { return elu(x); });
  unary("leaky_relu(Var,Real)", [](const Var& x) { return square(leaky_relu(x, Real(0.2))); });
  unary(
      "softplus(Var)", [](const Var& x) { return softplus(x); }, -4, 4);
  unary(
      "sin(Var)", [](const Var& x) { return sin(x); }, -3, 3);
  unary(
      "cos(Var)", [](const Var& x) { return cos(x); }, -3, 3);
  unary("abs(Var)", [](const Var& x) { return exp(abs(x)); });
  unary("square(Var)", [](const Var& x) { return square(x); });
  unary(
      "pow(Var,Real)", [](const Var& x) { return pow(x, Real(2.5)); }, 0.3, 2);
}

inline void add_reductions(std::vector<OpCase>& cases) {
  const auto add = [&cases](const std::string& declaration, const std::string& variant,
                            const Shape& shape, const std::function<Var(Var)>& f) {
    cases.push_back({declaration, variant, {shape}, [f](const Vars& x) { return f(x[0]); }});
  };
  const std::string axes = "(Var,std::vector<std::size_t>,bool)";
  add("sum(Var)", "", {2, 3, 4}, [](const Var& x) { return square(sum(square(x))); });
  add("sum" + axes, "kept", {2, 3, 4}, [](const Var& x) { return square(sum(x, {0, 2}, true)); });
  add("sum" + axes, "dropped", {2, 3, 4}, [](const Var& x) { return square(sum(x, {1})); });
  add("mean(Var)", "", {2, 3}, [](const Var& x) { return square(mean(square(x))); });
  add("mean" + axes, "kept", {2, 3, 4}, [](const Var& x) { return square(mean(x, {2}, true)); });
  add("mean" + axes, "dropped", {2, 3, 4}, [](const Var& x) { return square(mean(x, {0, 1})); });
  add("max_last(Var)", "matrix", {3, 5}, [](const Var& x) { return square(max_last(x)); });
  add("max_last(Var)", "rank 3", {2, 3, 4}, [](const Var& x) { return square(max_last(x)); });
  add("sum_to(Var,Shape)", "", {2, 3, 4}, [](const Var& x) { return square(sum_to(x, {3, 1})); });
  add("broadcast_to(Var,Shape)", "", {3, 1}, [](const Var& x) {
    return square(broadcast_to(x, {2, 3, 4}));
  });
  add("cumsum_last(Var,bool)", "forward", {2, 5},
      [](const Var& x) { return square(cumsum_last(x)); });
  add("cumsum_last(Var,bool)", "reverse", {2, 2, 4},
      [](const Var& x) { return square(cumsum_last(x, true)); });
  add("softmax(Var)", "matrix", {3, 5}, [](const Var& x) { return softmax(x); });
  add("softmax(Var)", "rank 3", {2, 3, 4}, [](const Var& x) { return softmax(x * Real(3)); });
  add("log_softmax(Var)", "matrix", {3, 5}, [](const Var& x) { return log_softmax(x); });
  add("log_softmax(Var)", "vector", {5}, [](const Var& x) { return log_softmax(x * Real(3)); });
  add("logsumexp(Var)", "", {2, 2, 4}, [](const Var& x) { return logsumexp(x * Real(3)); });
  // Sparsemax is linear between its kinks; the square has a second derivative.
  add("sparsemax(Var)", "matrix", {3, 5}, [](const Var& x) { return square(sparsemax(x)); });
  add("sparsemax(Var)", "rank 3", {2, 3, 4}, [](const Var& x) { return square(sparsemax(x)); });
  add("entmax15(Var)", "matrix", {3, 5}, [](const Var& x) { return entmax15(x); });
  add("entmax15(Var)", "rank 3", {2, 3, 4}, [](const Var& x) { return entmax15(x * Real(0.7)); });
}

inline void add_rearranging(std::vector<OpCase>& cases) {
  const auto add = [&cases](const std::string& declaration, const Shape& shape,
                            const std::function<Var(Var)>& f) {
    // The square makes the second derivative of a linear op's test something else than 0.
    cases.push_back({declaration, "", {shape}, [f](const Vars& x) { return square(f(x[0])); }});
  };
  add("reshape(Var,Shape)", {2, 6}, [](const Var& x) { return reshape(x, {3, 4}); });
  add("permute(Var,std::vector<std::size_t>)", {2, 3, 4}, [](const Var& x) {
    return permute(x, {2, 0, 1});
  });
  add("transpose(Var)", {2, 3, 4}, [](const Var& x) { return transpose(x); });
  add("slice(Var,std::size_t,std::size_t,std::size_t)", {3, 5, 2},
      [](const Var& x) { return slice(x, 1, 1, 4); });
  add("pad(Var,std::size_t,std::size_t,std::size_t)", {2, 3},
      [](const Var& x) { return pad(x, 1, 2, 1) + Real(1); });
  cases.push_back(
      {"concat(Vars,std::size_t)", "inner", {{2, 3}, {2, 1}, {2, 2}}, [](const Vars& x) {
         return square(concat(x, 1));
       }});
  cases.push_back({"concat(Vars,std::size_t)", "outer", {{2, 3}, {1, 3}}, [](const Vars& x) {
                     return square(concat({x[0], x[1], x[0]}, 0));
                   }});
  add("gather(Var,Indices)", {3, 2, 2}, [](const Var& x) { return gather(x, {2, 0, 2, 2}); });
  add("scatter_add(Var,Indices,std::size_t)", {4, 2}, [](const Var& x) {
    return scatter_add(x, {2, 0, 2, 2}, 4);
  });
  add("take_last(Var,Indices)", {2, 4}, [](const Var& x) {
    return take_last(x, {3, 0, 3, 1, 1, 2});
  });
  add("put_last(Var,Indices,std::size_t)", {2, 3}, [](const Var& x) {
    return put_last(x, {3, 0, 3, 1, 1, 2}, 4);
  });
  add("to_blocked(Var)", {1, 32, 2, 1}, [](const Var& x) { return to_blocked(x); });
  add("from_blocked(Var)", {1, 2, 1, 2, 16}, [](const Var& x) { return from_blocked(x); });
}

inline void add_products(std::vector<OpCase>& cases) {
  for (const bool relu : {false, true}) {
    const std::string name = "affine(Var,Var,Var,bool)", what = relu ? ", relu" : "";
    const auto f = [relu](const Vars& x) { return square(affine(x[0], x[1], x[2], relu)); };
    cases.push_back({name, "rows" + what, {{3, 4}, {4, 2}, {2}}, f});
    cases.push_back({name, "several leading axes" + what, {{2, 3, 4}, {4, 5}, {5}}, f});
  }
  const std::string declaration = "matmul(Var,Var,bool,bool)";
  for (const bool ta : {false, true}) {
    for (const bool tb : {false, true}) {
      const std::string flags = std::string(ta ? "T" : "N") + (tb ? "T" : "N");
      const Shape a = ta ? Shape{3, 2} : Shape{2, 3};
      const Shape b = tb ? Shape{4, 3} : Shape{3, 4};
      const auto f = [ta, tb](const Vars& x) { return matmul(x[0], x[1], ta, tb); };
      const Shape many_a{2, 2, a[0], a[1]};
      const Shape many_b{2, 2, b[0], b[1]};
      cases.push_back({declaration, flags, {a, b}, f});
      cases.push_back({declaration, flags + " leading dims", {many_a, many_b}, f});
      cases.push_back({declaration, flags + " shared second", {many_a, b}, f});
    }
  }
}

// With a positive definite matrix made of the input.
inline void add_solve(std::vector<OpCase>& cases) {
  const auto f = [](const Vars& x) {
    const std::size_t size = x[1].shape().back(1);
    Array shift = Array::zeros({size, size});
    for (std::size_t i = 0; i < size; ++i) shift.mutable_data()[i * size + i] = Real(0.8);
    return solve(matmul(x[0], x[0], false, true) + constant(shift), x[1]);
  };
  cases.push_back({"solve(Var,Var)", "matrix", {{4, 3}, {4, 2}}, f});
  cases.push_back({"solve(Var,Var)", "one by one", {{1, 2}, {1, 1}}, f});
  cases.push_back({"solve(Var,Var)", "leading dims", {{2, 2, 3, 5}, {2, 2, 3, 2}}, f});
}

inline void add_convolution(std::vector<OpCase>& cases, const std::string& variant,
                            const Shape& x_shape, const Shape& w_shape, kernel::Conv2d how,
                            bool blocked) {
  const Shape g_shape =
      kernel::conv2d(Array::zeros(x_shape), Array::zeros(w_shape), how, blocked).shape();
  cases.push_back(
      {"conv2d(Var,Var,kernel::Conv2d,bool)", variant, {x_shape, w_shape}, [=](const Vars& v) {
         return conv2d(v[0], v[1], how, blocked);
       }});
  cases.push_back({"conv2d_input_grad(Var,Var,Shape,kernel::Conv2d)",
                   variant,
                   {g_shape, w_shape},
                   [=](const Vars& v) { return conv2d_input_grad(v[0], v[1], x_shape, how); }});
  cases.push_back({"conv2d_weight_grad(Var,Var,Shape,kernel::Conv2d)",
                   variant,
                   {x_shape, g_shape},
                   [=](const Vars& v) { return conv2d_weight_grad(v[0], v[1], w_shape, how); }});
}

inline void add_images(std::vector<OpCase>& cases) {
  add_convolution(cases, "plain", {2, 2, 5, 4}, {3, 2, 3, 3}, {1, 1}, false);
  add_convolution(cases, "plain, strided, no padding", {1, 2, 6, 5}, {2, 2, 3, 2}, {2, 0}, false);
  add_convolution(cases, "1×1", {2, 3, 3, 3}, {2, 3, 1, 1}, {1, 0}, false);
  add_convolution(cases, "plain to blocked", {2, 1, 4, 4}, {16, 1, 3, 3}, {1, 1}, true);
  add_convolution(cases, "blocked", {1, 1, 4, 3, 16}, {16, 16, 3, 3}, {1, 1}, true);
  const auto pool = [&cases](const std::string& name, const std::string& variant,
                             const Shape& shape, const std::function<Var(Var)>& f) {
    cases.push_back({name + "(Var,std::size_t)", variant, {shape}, [f](const Vars& x) {
                       return square(f(x[0]));
                     }});
  };
  pool("max_pool", "plain", {2, 2, 4, 4}, [](const Var& x) { return max_pool(x, 2); });
  pool("max_pool", "plain, rest dropped", {1, 2, 5, 7},
       [](const Var& x) { return max_pool(x, 2); });
  pool("max_pool", "blocked", {1, 1, 4, 4, 16}, [](const Var& x) { return max_pool(x, 2); });
  pool("avg_pool", "plain", {2, 2, 4, 4}, [](const Var& x) { return avg_pool(x, 2); });
  pool("avg_pool", "plain, rest dropped", {1, 2, 4, 7},
       [](const Var& x) { return avg_pool(x, 3); });
  pool("avg_pool", "blocked", {1, 1, 4, 4, 16}, [](const Var& x) { return avg_pool(x, 2); });
}

// Of a constant image, in windows that leave a rest, and of one that is differentiated too.
inline void add_conv_norm(std::vector<OpCase>& cases, const std::string& stats, bool fixed) {
  const std::string name =
      "conv_norm_relu_pool(Var,Var,kernel::Conv2d,Var,Var,Real,std::size_t,kernel::NormStats*,"
      "kernel::NormStats*)";
  const Shape image{9, 1, 5, 4}, weights{16, 1, 3, 3}, channels{16};
  const auto f = [=](const Var& x, const Var& w, const Var& gamma, const Var& beta) {
    const kernel::NormStats given = fixed_stats(16);
    return conv_norm_relu_pool(x, w, {1, 1}, gamma, beta, Real(1e-3), 2, fixed ? &given : nullptr,
                               nullptr);
  };
  Rng rng(13, "conv_norm");
  const Var x = constant(spread({image}, -1.5, 1.5, rng)[0]);
  cases.push_back(
      {name, stats + ", constant image", {weights, channels, channels}, [=](const Vars& v) {
         return f(x, v[0], v[1], v[2]);
       }});
  cases.push_back({name, stats, {{2, 1, 4, 4}, weights, channels, channels}, [=](const Vars& v) {
                     return f(v[0], v[1], v[2], v[3]);
                   }});
}

inline void add_norms_by_first(std::vector<OpCase>& cases) {
  const std::string fused =
      "conv_norm_relu_pool_by_first(Var,Var,kernel::Conv2d,Var,Var,Real,std::size_t,std::size_t)";
  const std::string plain = "batch_norm_by_first(Var,Var,Var,Real,std::size_t,std::size_t)";
  const Shape weights{16, 1, 3, 3}, channels{16};
  Rng rng(14, "norm_by_first");
  const Var x = constant(spread({{9, 1, 5, 4}}, -1.5, 1.5, rng)[0]);
  cases.push_back(
      {fused, "constant image", {weights, channels, channels}, [x](const Vars& v) {
         return conv_norm_relu_pool_by_first(x, v[0], {1, 1}, v[1], v[2], Real(1e-3), 2, 3);
       }});
  cases.push_back(
      {fused, "", {{3, 1, 4, 4}, weights, channels, channels}, [](const Vars& v) {
         return conv_norm_relu_pool_by_first(v[0], v[1], {1, 1}, v[2], v[3], Real(1e-3), 2, 2);
       }});
  const auto norm = [](const Vars& v) {
    return batch_norm_by_first(v[0], v[1], v[2], Real(1e-3), 1, 3);
  };
  cases.push_back({plain, "images", {{4, 3, 2, 3}, {3}, {3}}, norm});
  cases.push_back({plain, "features", {{5, 3}, {3}, {3}}, norm});
}

inline void add_norms(std::vector<OpCase>& cases) {
  const std::string blocked =
      "norm_relu_pool(Var,Var,Var,Real,std::size_t,kernel::NormStats*,kernel::NormStats*)";
  const std::string plain =
      "batch_norm(Var,Var,Var,Real,std::size_t,kernel::NormStats*,kernel::NormStats*)";
  for (const bool fixed : {false, true}) {
    const std::string stats = fixed ? "fixed statistics" : "batch statistics";
    for (const std::size_t pool : {1, 2}) {
      cases.push_back({blocked,
                       stats + (pool > 1 ? ", pooled" : ""),
                       {{2, 1, 4, 5, 16}, {16}, {16}},
                       [=](const Vars& x) {
                         const kernel::NormStats given = fixed_stats(16);
                         return norm_relu_pool(x[0], x[1], x[2], Real(1e-3), pool,
                                               fixed ? &given : nullptr, nullptr);
                       }});
    }
    add_conv_norm(cases, stats, fixed);
    const auto norm = [=](const Vars& x) {
      const kernel::NormStats given = fixed_stats(x[1].shape().size());
      return batch_norm(x[0], x[1], x[2], Real(1e-3), 1, fixed ? &given : nullptr, nullptr);
    };
    cases.push_back({plain, stats + ", images", {{2, 3, 2, 3}, {3}, {3}}, norm});
    cases.push_back({plain, stats + ", features", {{5, 3}, {3}, {3}}, norm});
  }
  cases.push_back(
      {"tiled_attention(Var,Var,Var,Real)",
       "",
       {{2, 3, 4}, {2, 5, 4}, {2, 5, 2}},
       [](const Vars& x) { return square(tiled_attention(x[0], x[1], x[2], Real(0.7))); }});
  cases.push_back(
      {"gru_gates(Var,Var,Var,Var)", "", {{3, 6}, {3, 6}, {2}, {3, 2}}, [](const Vars& x) {
         return square(gru_gates(x[0], x[1], x[2], x[3]));
       }});
  for (const bool back : {false, true})
    for (const bool masked : {false, true})
      cases.push_back(
          {"gru_sequence(Var,Var,Var,Var,bool,Array*)",
           std::string(back ? "back" : "") + (masked ? ", steps missing" : ""),
           {{2, 3, 6}, {2, 6}, {2}, {2, 2}},
           [=](const Vars& x) {
             const Array present = Array::of({2, 3}, {1, 0, 1, 1, 1, 0});
             return square(gru_sequence(x[0], x[1], x[2], x[3], back, masked ? &present : nullptr));
           }});
  cases.push_back({"lstm_gates(Var,Var)", "", {{3, 8}, {3, 2}}, [](const Vars& x) {
                     return square(lstm_gates(x[0], x[1]));
                   }});
  cases.push_back({"layer_norm(Var,Var,Var,Real)", "", {{2, 3, 5}, {5}, {5}}, [](const Vars& x) {
                     return layer_norm(x[0], x[1], x[2], Real(1e-3));
                   }});
}

inline void add_losses(std::vector<OpCase>& cases) {
  cases.push_back({"cross_entropy(Var,Indices)", "", {{4, 3}}, [](const Vars& x) {
                     return cross_entropy(x[0] * Real(2), {2, 0, 1, 2});
                   }});
  cases.push_back({"nll(Var,Indices,Real)",
                   "",
                   {{4, 3}},
                   [](const Vars& x) {
                     return nll(x[0], {2, 0, 1, 2}, Real(0.1));
                   },
                   0.1,
                   1});
}

inline std::vector<OpCase> op_cases() {
  std::vector<OpCase> cases;
  add_elementwise(cases);
  add_reductions(cases);
  add_rearranging(cases);
  add_products(cases);
  add_solve(cases);
  add_images(cases);
  add_norms(cases);
  add_norms_by_first(cases);
  add_losses(cases);
  return cases;
}

}  // namespace attune::test
