#include "array/onednn.hpp"

#include <omp.h>

#include <array>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/cli.hpp"

namespace attune::kernel::onednn {
namespace {

using dnnl::memory;

std::string version() {
  const dnnl::version_t* v = dnnl_version();
  return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

[[maybe_unused]] const bool kRecorded = record_version("oneDNN", version());

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

dnnl::stream& stream() {
  static thread_local dnnl::stream own(engine());
  return own;
}

// The number of threads is fixed when a primitive is made, and a weight gradient made for two and
// run in a parallel region is silently wrong.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

memory::dim dim(std::size_t value) { return static_cast<memory::dim>(value); }

memory::desc describe(const ImageShape& image) {
  return {{dim(image.images), dim(image.channels), dim(image.height), dim(image.width)},
          memory::data_type::f32,
          image.blocked ? memory::format_tag::nChw16c : memory::format_tag::nchw};
}

memory::desc in_any_format(const memory::desc& as) {
  return {as.dims(), as.data_type(), memory::format_tag::any};
}

// Memory of the calling thread that only grows.
class Scratch {
 public:
  void* at_least(std::size_t wanted) {
    if (wanted > bytes_) {
      buffer_ = storage::Buffer();
      buffer_ = storage::Buffer(wanted);
      bytes_ = wanted;
    }
    return buffer_.data();
  }

 private:
  storage::Buffer buffer_;
  std::size_t bytes_ = 0;
};

struct ThreadScratch {
  Scratch primitive, x, y;
};

ThreadScratch& scratch() {
  static thread_local ThreadScratch own;
  return own;
}

memory as_memory(const memory::desc& desc, const void* data) {
  return {desc, engine(), const_cast<void*>(data)};
}

class Reorder {
 public:
  Reorder() = default;
  Reorder(const memory::desc& from, const memory::desc& to)
      : from_(from),
        to_(to),
        primitive_(dnnl::reorder::primitive_desc(engine(), from, engine(), to)) {}
  void run(const void* from, void* to) const {
    primitive_.execute(
        stream(), {{DNNL_ARG_FROM, as_memory(from_, from)}, {DNNL_ARG_TO, as_memory(to_, to)}});
  }

 private:
  memory::desc from_, to_;
  dnnl::reorder primitive_;
};

// One image operand: the caller's layout and the primitive's, which may differ.
class Side {
 public:
  Side() = default;
  Side(const memory::desc& callers, const memory::desc& own)
      : own_(own), same_(callers == own), bytes_(own.get_size()) {
    if (same_) return;
    in_ = Reorder(callers, own);
    out_ = Reorder(own, callers);
  }
  memory input(const float* data, Scratch& space) const {
    if (same_) return as_memory(own_, data);
    void* const copy = space.at_least(bytes_);
    in_.run(data, copy);
    return as_memory(own_, copy);
  }
  memory output(float* data, Scratch& space) const {
    return as_memory(own_, same_ ? data : space.at_least(bytes_));
  }
  // After the primitive has run on output().
  void deliver(const memory& result, float* data) const {
    if (!same_) out_.run(result.get_data_handle(), data);
  }

 private:
  memory::desc own_;
  bool same_ = true;
  std::size_t bytes_ = 0;
  Reorder in_, out_;
};

// What the primitive descriptors of the three directions have in common.
struct Candidate {
  dnnl::primitive primitive;
  memory::desc x, weights, y, scratchpad;
  std::string implementation;
};

struct Problem {
  memory::desc x, weights, y;
  memory::dims strides, padding;
  dnnl::algorithm algorithm;
};

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr result;
  result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return result;
}

dnnl::convolution_forward::primitive_desc forward_desc(const Problem& p) {
  return {{dnnl::prop_kind::forward_training, p.algorithm, p.x, p.weights, p.y, p.strides,
           p.padding, p.padding},
          attributes(),
          engine()};
}

Candidate make_forward(const Problem& p) {
  const auto desc = forward_desc(p);
  return {
      dnnl::convolution_forward(desc), desc.src_desc(),     desc.weights_desc(), desc.dst_desc(),
      desc.scratchpad_desc(),          desc.impl_info_str()};
}

Candidate make_input_grad(const Problem& p) {
  const dnnl::convolution_backward_data::primitive_desc desc(
      {p.algorithm, p.x, p.weights, p.y, p.strides, p.padding, p.padding}, attributes(), engine(),
      forward_desc(p));
  return {dnnl::convolution_backward_data(desc),
          desc.diff_src_desc(),
          desc.weights_desc(),
          desc.diff_dst_desc(),
          desc.scratchpad_desc(),
          desc.impl_info_str()};
}

Candidate make_weight_grad(const Problem& p) {
  const dnnl::convolution_backward_weights::primitive_desc desc(
      {p.algorithm, p.x, p.weights, p.y, p.strides, p.padding, p.padding}, attributes(), engine(),
      forward_desc(p));
  return {dnnl::convolution_backward_weights(desc),
          desc.src_desc(),
          desc.diff_weights_desc(),
          desc.diff_dst_desc(),
          desc.scratchpad_desc(),
          desc.impl_info_str()};
}

Candidate make(const Problem& problem, Direction direction) {
  if (direction == Direction::forward) return make_forward(problem);
  if (direction == Direction::input_grad) return make_input_grad(problem);
  return make_weight_grad(problem);
}

// False where oneDNN has no such implementation; it says so by an exception. Another one, for lack
// of memory, must not choose other bits.
bool try_make(const Problem& problem, Direction direction, Candidate& result) {
  try {
    result = make(problem, direction);
  } catch (const dnnl::error& error) {
    if (error.status != dnnl_unimplemented) throw;
    return false;
  }
  return std::string_view(result.implementation).starts_with("jit");
}

memory::desc plain_weights(const ConvShape& shape) {
  return {{dim(shape.y.channels), dim(shape.x.channels), dim(shape.kernel_height),
           dim(shape.kernel_width)},
          memory::data_type::f32,
          memory::format_tag::oihw};
}

// Direct convolution in the caller's layout, or in whatever layout oneDNN is fast with on this
// processor (8 channels a block on AVX2), which costs a reorder. Never Winograd's: oneDNN cuts its
// sums by the sizes of the caches, so that its bits differ between processors of one class.
Candidate best(const ConvShape& shape, Direction direction) {
  const memory::dim stride = dim(shape.how.stride), pad = dim(shape.how.pad);
  Problem problem{describe(shape.x), in_any_format(plain_weights(shape)),
                  describe(shape.y), {stride, stride},
                  {pad, pad},        dnnl::algorithm::convolution_direct};
  Candidate result;
  if (try_make(problem, direction, result)) return result;
  problem.x = in_any_format(problem.x);
  problem.y = in_any_format(problem.y);
  return make(problem, direction);
}

}  // namespace

struct Convolution::State {
  State(const ConvShape& shape, Direction direction)
      : chosen(best(shape, direction)),
        x(describe(shape.x), chosen.x),
        y(describe(shape.y), chosen.y),
        pack(plain_weights(shape), chosen.weights),
        unpack(chosen.weights, plain_weights(shape)) {}

  void run(std::unordered_map<int, memory> operands) const {
    void* const space = scratch().primitive.at_least(chosen.scratchpad.get_size());
    operands.emplace(DNNL_ARG_SCRATCHPAD, as_memory(chosen.scratchpad, space));
    chosen.primitive.execute(stream(), operands);
  }

  Candidate chosen;
  Side x, y;
  Reorder pack, unpack;
};

Convolution::Convolution(const ConvShape& shape, Direction direction)
    : state_(std::make_unique<State>(shape, direction)) {}
Convolution::~Convolution() = default;

const Convolution& Convolution::of(const ConvShape& shape, Direction direction) {
  using Key = std::array<std::size_t, 12>;
  static std::mutex mutex;
  static std::map<Key, Convolution> made;
  const Key key{static_cast<std::size_t>(direction),
                shape.x.images,
                shape.x.channels,
                shape.x.height,
                shape.x.width,
                shape.x.blocked,
                shape.y.channels,
                shape.y.blocked,
                shape.kernel_height,
                shape.kernel_width,
                shape.how.stride,
                shape.how.pad};
  const std::lock_guard lock(mutex);
  if (const auto found = made.find(key); found != made.end()) return found->second;
  const OneThread guard;
  try {
    return made.try_emplace(key, shape, direction).first->second;
  } catch (const dnnl::error& error) {
    throw Error("conv2d: oneDNN has no convolution of " + shape.x.shape().text() + " with " +
                shape.weights().text() + ": " + error.what());
  }
}

std::size_t Convolution::packed_size() const {
  return (state_->chosen.weights.get_size() + sizeof(float) - 1) / sizeof(float);
}

void Convolution::pack(const float* weights, float* packed) const {
  state_->pack.run(weights, packed);
}

void Convolution::unpack(const float* packed, float* weights) const {
  state_->unpack.run(packed, weights);
}

void Convolution::forward(const float* x, const float* packed, float* y) const {
  const memory result = state_->y.output(y, scratch().y);
  state_->run({{DNNL_ARG_SRC, state_->x.input(x, scratch().x)},
               {DNNL_ARG_WEIGHTS, as_memory(state_->chosen.weights, packed)},
               {DNNL_ARG_DST, result}});
  state_->y.deliver(result, y);
}

void Convolution::input_grad(const float* g, const float* packed, float* dx) const {
  const memory result = state_->x.output(dx, scratch().x);
  state_->run({{DNNL_ARG_DIFF_DST, state_->y.input(g, scratch().y)},
               {DNNL_ARG_WEIGHTS, as_memory(state_->chosen.weights, packed)},
               {DNNL_ARG_DIFF_SRC, result}});
  state_->x.deliver(result, dx);
}

void Convolution::weight_grad(const float* x, const float* g, float* packed) const {
  state_->run({{DNNL_ARG_SRC, state_->x.input(x, scratch().x)},
               {DNNL_ARG_DIFF_DST, state_->y.input(g, scratch().y)},
               {DNNL_ARG_DIFF_WEIGHTS, as_memory(state_->chosen.weights, packed)}});
}

}  // namespace attune::kernel::onednn
