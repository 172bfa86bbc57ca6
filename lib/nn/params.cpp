#include "nn/module.hpp"

namespace attune {

namespace {

[[noreturn]] void missing(const std::string& kind, const std::string& name) {
  throw Error("params: " + name + ": want a " + kind + " of that name, have none");
}

}  // namespace

void Params::add(const std::string& name, Array value) {
  if (!weights_.emplace(name, leaf(std::move(value))).second) {
    throw Error("params: " + name + ": want a new name, have a weight of that name");
  }
}

void Params::add_buffer(const std::string& name, Array value) {
  if (!buffers_.emplace(name, std::move(value)).second) {
    throw Error("params: " + name + ": want a new name, have a buffer of that name");
  }
}

const Var& Params::operator[](const std::string& name) const {
  const auto found = weights_.find(name);
  if (found == weights_.end()) missing("weight", name);
  return found->second;
}

const Array& Params::buffer(const std::string& name) const {
  const auto found = buffers_.find(name);
  if (found == buffers_.end()) missing("buffer", name);
  return found->second;
}

bool Params::has(const std::string& name) const { return weights_.count(name) != 0; }

void Params::set_buffer(const std::string& name, Array value) {
  const auto found = buffers_.find(name);
  if (found == buffers_.end()) missing("buffer", name);
  if (!(found->second.shape() == value.shape())) {
    throw Error("params: " + name + ": want shape " + found->second.shape().text() + ", have " +
                value.shape().text());
  }
  found->second = std::move(value);
}

Vars Params::weights() const {
  Vars result;
  for (const auto& [name, weight] : weights_) result.push_back(weight);
  return result;
}

std::vector<std::string> Params::names() const {
  std::vector<std::string> result;
  for (const auto& [name, weight] : weights_) result.push_back(name);
  return result;
}

Params Params::with(const Vars& weights) const {
  if (weights.size() != weights_.size()) {
    throw Error("params: want " + std::to_string(weights_.size()) + " weights, have " +
                std::to_string(weights.size()));
  }
  Params result = *this;
  std::size_t i = 0;
  for (auto& [name, weight] : result.weights_) {
    if (!(weights[i].shape() == weight.shape())) {
      throw Error("params: " + name + ": want shape " + weight.shape().text() + ", have " +
                  weights[i].shape().text());
    }
    weight = weights[i++];
  }
  return result;
}

std::size_t Params::count() const {
  std::size_t total = 0;
  for (const auto& [name, weight] : weights_) total += weight.shape().size();
  return total;
}

void Params::change(const std::function<void(std::size_t, const std::string&, Array&)>& change) {
  std::size_t i = 0;
  for (auto& [name, weight] : weights_) {
    Array value = std::move(weight).take();
    change(i++, name, value);
    weight = leaf(std::move(value));
  }
}

}  // namespace attune
