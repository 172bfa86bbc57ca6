#include <cmath>

#include "control/mdp.hpp"
#include "control/random_numbers.hpp"

namespace attune {
namespace {

// Plans each episode with a process drawn from what is believed.
class Sampler : public MdpPlanner {
  MdpModel<double> believed(const MdpTrial& trial, Rng& rng) const override {
    MdpModel<double> model = posterior_mean(trial);
    const std::size_t states = trial.shape().states;
    for (std::size_t i = 0; i < model.reward.size(); ++i) {
      model.reward[i] += rng.normal() / std::sqrt(1.0 + trial.visits()[i]);
      double sum = 0;
      double* row = model.transition.data() + i * states;
      for (std::size_t s = 0; s < states; ++s)
        sum += row[s] = gamma_number(1.0 + trial.arrivals()[i * states + s], rng);
      for (std::size_t s = 0; s < states; ++s) row[s] /= sum;
    }
    return model;
  }
};

struct Psrl : Policy {
  std::unique_ptr<Advisor> advisor(double) const override { return std::make_unique<Sampler>(); }
};

const Register<Policy, const MdpShape&> part{
    "psrl", "posterior sampling (Strens 2000; Osband et al. 2013)",
    [](const Config&, const MdpShape&) { return std::make_unique<Psrl>(); }};

}  // namespace
}  // namespace attune
