#include "nn/optimiser_state.hpp"

namespace attune {

void Moments::prepare(const Params& params) {
  const bool first = arrays_.empty();
  for (const std::string& name : params.names()) {
    const Shape& shape = params[name].shape();
    if (first) arrays_.emplace(name, Array::zeros(shape));
    const auto found = arrays_.find(name);
    if (found == arrays_.end() || !(found->second.shape() == shape)) {
      throw Error("optimiser: " + kind_ + "." + name + ": want shape " + shape.text() + ", have " +
                  (found == arrays_.end() ? "none" : found->second.shape().text()));
    }
  }
}

void Moments::save(std::map<std::string, Array>& state) const {
  for (const auto& [name, array] : arrays_) state[kind_ + "." + name] = array;
}

void Moments::restore(const std::map<std::string, Array>& state) {
  arrays_.clear();
  const std::string prefix = kind_ + ".";
  for (const auto& [name, array] : state) {
    if (name.starts_with(prefix)) arrays_[name.substr(prefix.size())] = array;
  }
}

void check_gradients(const Params& params, const std::vector<Array>& gradients) {
  const std::vector<std::string> names = params.names();
  if (names.size() != gradients.size()) {
    throw Error("optimiser: want " + std::to_string(names.size()) + " gradients, have " +
                std::to_string(gradients.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Shape& shape = params[names[i]].shape();
    if (!(gradients[i].shape() == shape)) {
      throw Error("optimiser: gradient of " + names[i] + ": want shape " + shape.text() +
                  ", have " + gradients[i].shape().text());
    }
  }
}

}  // namespace attune
