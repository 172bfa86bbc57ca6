#pragma once
#include "base/config.hpp"

namespace attune {

// UsageError for the first key of a training's configuration that nothing reads, before any data is
// opened, so that a misspelt key is told before what does not fit the data. Says nothing of a
// configuration that is refused for other reasons: whoever reads it in earnest will.
void refuse_unknown_keys(const Config& config);

}  // namespace attune
