#include "bench/attention_kinds.hpp"

#include <cmath>
#include <map>

#include "attention/structure.hpp"

namespace attune::bench {
namespace {

enum Stream : std::uint32_t { kQuery = 1, kKey, kValue, kGradient };

Array items_of(std::size_t items, Stream stream) {
  Array result(Shape{items, kFeatures});
  Real* const out = result.mutable_data();
  for (std::size_t i = 0; i < result.size(); ++i) out[i] = hashed(i, stream);
  return result;
}

Context context_of(Mode mode, std::vector<Sampled>* sampled = nullptr) {
  Context context;
  context.mode = mode;
  context.rng = Rng(1, "bench");
  context.sampled = sampled;
  return context;
}

std::vector<Array> with_answer(Array answer, Vars gradients) {
  std::vector<Array> result{std::move(answer)};
  for (Var& gradient : gradients) result.push_back(std::move(gradient).take());
  return result;
}

// softmax(QKᵀ/√D) V and its kin, as a function of three Vars.
class Product : public Subject {
 public:
  explicit Product(std::size_t items) {
    q_ = leaf(items_of(items, kQuery));
    k_ = leaf(items_of(items, kKey));
    v_ = leaf(items_of(items, kValue));
    g_ = constant(items_of(items, kGradient));
  }
  Array forward() override {
    const NoGrad off;
    Context context = context_of(Mode::evaluate);
    return attend(q_, k_, v_, context).value();
  }
  std::vector<Array> both() override {
    std::vector<Sampled> sampled;
    Context context = context_of(Mode::train, &sampled);
    Var out = attend(q_, k_, v_, context);
    Array answer = out.value();
    if (sampled.empty())
      return with_answer(std::move(answer), grad_along(std::move(out), g_, {q_, k_, v_}));
    // The score-function gradient needs the answer's own and that of the choices, here of reward 1.
    Var loss = sum(out * g_);
    for (Sampled& choice : sampled) loss = loss + sum(choice.log_probability);
    sampled.clear();
    return with_answer(std::move(answer), grad(std::move(loss), {q_, k_, v_}));
  }

 protected:
  virtual Var attend(const Var& q, const Var& k, const Var& v, Context& context) const = 0;

 private:
  Var q_, k_, v_, g_;
};

class Normalised : public Product {
 public:
  Normalised(const std::string& normaliser, std::size_t items)
      : Product(items),
        attention_(Config::parse(R"({"normaliser": )" + normaliser + "}", "bench"), kFeatures, "") {
  }

 private:
  Var attend(const Var& q, const Var& k, const Var& v, Context& context) const override {
    return attention_(Params(), q, k, v, {}, context);
  }
  Attention attention_;
};

class InTiles : public Product {
 public:
  using Product::Product;

 private:
  Var attend(const Var& q, const Var& k, const Var& v, Context&) const override {
    return tiled_attention(q, k, v, Real(1) / std::sqrt(static_cast<Real>(kFeatures)));
  }
};

class Structured : public Subject {
 public:
  Structured(const std::string& config, std::size_t items)
      : structure_(StructureRegistry::make(Config::parse(config, "bench"), "cross", kFeatures,
                                           "attention")),
        query_(leaf(items_of(items, kQuery))),
        support_(leaf(items_of(items, kKey))),
        labels_(items) {
    for (std::size_t i = 0; i < items; ++i) labels_[i] = static_cast<std::uint32_t>(i % kWays);
    Rng init(1, "init");
    structure_->init(params_, init);
  }
  Array forward() override {
    const NoGrad off;
    Context context = context_of(Mode::evaluate);
    return answer(context).value();
  }
  std::vector<Array> both() override {
    Context context = context_of(Mode::train);
    Var out = answer(context);
    Array value = out.value();
    Vars inputs = params_.weights();
    inputs.insert(inputs.end(), {query_, support_});
    Var loss = cross_entropy(out, labels_);
    out = Var();
    return with_answer(std::move(value), grad(std::move(loss), inputs));
  }

 private:
  Var answer(Context& context) const {
    return structure_->log_probabilities(params_, {support_, labels_, kWays, query_}, context,
                                         nullptr);
  }
  std::unique_ptr<Structure> structure_;
  Params params_;
  Var query_, support_;
  Indices labels_;
};

// What is measured of a part: configurations by name; its defaults where none are listed.
using Variants = std::vector<std::pair<std::string, std::string>>;
const std::map<std::string, Variants> kVariants{
    {"gumbel",
     {{"gumbel", R"({"kind": "gumbel"})"}, {"gumbel_hard", R"({"kind": "gumbel", "hard": true})"}}},
    {"multi_head", {{"multi_head", R"({"kind": "multi_head", "heads": 1})"}}},
    {"graph", {{"graph", R"({"kind": "graph", "heads": 1})"}}},
    {"linear",
     {{"linear_elu", R"({"kind": "linear", "heads": 1})"},
      {"linear_relu", R"({"kind": "linear", "heads": 1, "feature_map": {"kind": "relu"}})"},
      {"linear_random", R"({"kind": "linear", "heads": 1, "feature_map": {"kind": "random"}})"}}}};

Variants variants(const std::vector<std::string>& parts) {
  Variants all;
  for (const std::string& part : parts) {
    const auto found = kVariants.find(part);
    if (found == kVariants.end()) {
      all.emplace_back(part, R"({"kind": ")" + part + R"("})");
    } else {
      all.insert(all.end(), found->second.begin(), found->second.end());
    }
  }
  return all;
}

}  // namespace

Real hashed(std::size_t position, std::uint32_t stream) {
  std::uint32_t x = (static_cast<std::uint32_t>(position) + (stream << 27U)) * 2654435761U;
  x = (x ^ x >> 15U) * 2246822519U;
  x = (x ^ x >> 13U) * 3266489917U;
  x ^= x >> 16U;
  return static_cast<Real>((x * 0x1p-32 - 0.5) * std::sqrt(12.0));
}

std::vector<Kind> attention_kinds() {
  std::vector<Kind> kinds;
  for (const auto& [name, config] : variants(NormaliserRegistry::names()))
    kinds.push_back({"normalisers", name, [config = config](std::size_t items) {
                       return std::make_unique<Normalised>(config, items);
                     }});
  kinds.push_back({"normalisers", "softmax_tiled",
                   [](std::size_t items) { return std::make_unique<InTiles>(items); }});
  for (const auto& [name, config] : variants(StructureRegistry::names()))
    kinds.push_back({"structures", name, [config = config](std::size_t items) {
                       return std::make_unique<Structured>(config, items);
                     }});
  return kinds;
}

}  // namespace attune::bench
