#include "learner/class_parts.hpp"
#include "learner/neural_process.hpp"

namespace attune {
namespace {

// Conditional neural process: r_n, the mean of h(x_i) over the support items of class n, is all
// that is kept of the class; the logit of class n for a query x is g(x, r_n, mean of all r)
// (Garnelo et al. 2018, eq. 1–3 and §4.3; the form of g is neural_process.hpp's).
class ConditionalProcess : public Learner {
 public:
  ConditionalProcess(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        hidden_(process_hidden(config)),
        size_(static_cast<std::size_t>(config.integer(
            "representation", 128, {1, 65536}, "features of what h says of a support item"))),
        items_(encoder_->features(), hidden_, size_),
        decoder_(encoder_->features(), size_, hidden_) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    items_.init(params, rng);
    decoder_.init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    const Var r = class_means(support, items_(params, support.x, context));
    return decoder_(params, query.x, reshape(r, {1, support.ways, size_}), context);
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::size_t hidden_, size_;
  ItemEncoder items_;
  ClassDecoder decoder_;
};

const Register<Learner, const InputShape&> part{
    "cnp", "conditional neural process, one decoder for all classes (Garnelo et al. 2018)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<ConditionalProcess>(config, input);
    }};

}  // namespace
}  // namespace attune
