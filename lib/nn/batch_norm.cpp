#include "nn/batch_norm.hpp"

#include "array/conv_shape.hpp"

namespace attune {

BatchNorm::BatchNorm(std::string name, std::size_t channels, std::size_t axis)
    : name_(std::move(name)), channels_(channels), axis_(axis) {}

void BatchNorm::init(Params& params, Rng&) const {
  const Shape shape{channels_};
  params.add(name_ + ".gamma", Array::full(shape, 1));
  params.add(name_ + ".beta", Array::zeros(shape));
  params.add_buffer(name_ + ".mean", Array::zeros(shape));
  params.add_buffer(name_ + ".var", Array::full(shape, 1));
}

Var BatchNorm::forward(const Params& params, const Var& x, Context& context) const {
  const Var& gamma = params[name_ + ".gamma"];
  const Var& beta = params[name_ + ".beta"];
  if (context.mode == Mode::evaluate) {
    const kernel::NormStats fixed = running(params);
    return batch_norm(x, gamma, beta, kEps, axis_, &fixed, nullptr);
  }
  if (context.reference_rows > 0)
    return batch_norm_by_first(x, gamma, beta, kEps, axis_, context.reference_rows);
  kernel::NormStats used;
  const Var y = batch_norm(x, gamma, beta, kEps, axis_, nullptr, &used);
  note(used, x.shape().size() / channels_, context);
  return y;
}

Var BatchNorm::conv_relu_pool(const Params& params, const Var& x, const Var& w, kernel::Conv2d how,
                              std::size_t pool, Context& context) const {
  const Var& gamma = params[name_ + ".gamma"];
  const Var& beta = params[name_ + ".beta"];
  if (context.mode == Mode::evaluate) {
    const kernel::NormStats fixed = running(params);
    return conv_norm_relu_pool(x, w, how, gamma, beta, kEps, pool, &fixed, nullptr);
  }
  if (context.reference_rows > 0)
    return conv_norm_relu_pool_by_first(x, w, how, gamma, beta, kEps, pool, context.reference_rows);
  kernel::NormStats used;
  const Var y = conv_norm_relu_pool(x, w, how, gamma, beta, kEps, pool, nullptr, &used);
  const kernel::ImageShape image = kernel::ConvShape(x.shape(), w.shape(), how, true).y;
  note(used, image.images * image.height * image.width, context);
  return y;
}

Var BatchNorm::relu_pool(const Params& params, const Var& x, std::size_t pool,
                         Context& context) const {
  const Var& gamma = params[name_ + ".gamma"];
  const Var& beta = params[name_ + ".beta"];
  if (context.mode == Mode::evaluate) {
    const kernel::NormStats fixed = running(params);
    return norm_relu_pool(x, gamma, beta, kEps, pool, &fixed, nullptr);
  }
  if (context.reference_rows > 0) {
    const Var plain =
        batch_norm_by_first(from_blocked(x), gamma, beta, kEps, 1, context.reference_rows);
    return to_blocked(max_pool(attune::relu(plain), pool));
  }
  kernel::NormStats used;
  const Var y = norm_relu_pool(x, gamma, beta, kEps, pool, nullptr, &used);
  note(used, x.shape().size() / channels_, context);
  return y;
}

Var BatchNorm::relu(const Params& params, const Var& x, Context& context) const {
  if (channels_ % 16 != 0) return attune::relu(forward(params, x, context));
  const Var points = reshape(x, {x.shape()[0], channels_ / 16, 1, 1, 16});
  return reshape(relu_pool(params, points, 1, context), x.shape());
}

kernel::NormStats BatchNorm::running(const Params& params) const {
  return {params.buffer(name_ + ".mean"), params.buffer(name_ + ".var")};
}

void BatchNorm::note(const kernel::NormStats& used, std::size_t count, Context& context) const {
  if (context.mode != Mode::train || context.updates == nullptr) return;
  const double n = static_cast<double>(count);
  const Real unbiased = static_cast<Real>(count > 1 ? n / (n - 1) : 1.0);
  (*context.updates)[name_ + ".mean"] = used.mean;
  (*context.updates)[name_ + ".var"] = kernel::scale(used.var, unbiased);
}

}  // namespace attune
