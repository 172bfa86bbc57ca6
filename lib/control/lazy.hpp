#pragma once
#include <memory>
#include <mutex>

namespace attune {

// Made when it is first asked for, by whichever thread asks; so that a configuration is read before
// anything long begins.
template <typename Thing>
class Lazy {
 public:
  template <typename Make>
  std::shared_ptr<const Thing> get(const Make& make) const {
    std::call_once(once_, [&] { thing_ = make(); });
    return thing_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::shared_ptr<const Thing> thing_;
};

}  // namespace attune
