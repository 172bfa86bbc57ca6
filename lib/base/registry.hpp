#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

// All parts of one interface, by name. A part registers itself in the last line of its file:
//   const Register<Score> part{"cosine", "q·k / |q||k| (…)", [](const Config& c) { … }};
// Factories get the part's Config node and whatever else the interface needs (Args).
template <typename Interface, typename... Args>
class Registry {
 public:
  using Factory = std::function<std::unique_ptr<Interface>(const Config&, Args...)>;
  struct Entry {
    std::string summary;
    Factory make;
  };
  static std::map<std::string, Entry>& entries() {
    static std::map<std::string, Entry> map;
    return map;
  }
  static std::vector<std::string> names() {
    std::vector<std::string> list;
    for (const auto& [name, entry] : entries()) list.push_back(name);
    return list;
  }
  // Reads "kind" of the node and builds that part. UsageError names the known kinds.
  static std::unique_ptr<Interface> make(const Config& config, const std::string& fallback,
                                         Args... args) {
    const std::string kind = config.choice("kind", fallback, names(), "which part");
    return entries().at(kind).make(config, args...);
  }
};

template <typename Interface, typename... Args>
struct Register {
  Register(const std::string& name, const std::string& summary,
           typename Registry<Interface, Args...>::Factory make) {
    Registry<Interface, Args...>::entries()[name] = {summary, std::move(make)};
  }
};

}  // namespace attune
