#include "nn/running_statistics.hpp"

namespace attune {

void apply_updates(Params& params, const BufferUpdates& updates, double momentum) {
  for (const auto& [name, batch] : updates) {
    const Array kept = kernel::scale(params.buffer(name), static_cast<Real>(1 - momentum));
    params.set_buffer(name, kernel::add(kept, kernel::scale(batch, static_cast<Real>(momentum))));
  }
}

}  // namespace attune
