// Pools, episodes, models and checkpoints: refused, or all of it can be read. The content hash is
// checked when a file is opened, so nearly all of this is the HDF5 library and lib/store.
#include "base/error.hpp"
#include "episode/episodes.hpp"
#include "memory_file.hpp"
#include "store/h5.hpp"

using namespace attune;

namespace {

void read_all(const std::string& path, const store::FileKind& kind) {
  const store::Reader reader(path, kind.kind, static_cast<int>(kind.version));
  for (const std::string& name : reader.names()) {
    if (reader.type(name) == store::Type::text) reader.read<std::string>(name);
    if (reader.type(name) == store::Type::f32) reader.read<float>(name);
    if (reader.type(name) == store::Type::f64) reader.read<double>(name);
    reader.describe(name);
  }
  for (const std::string& name : reader.attribute_names()) reader.attribute_is_text(name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  try {
    const store::FileKind kind = store::identify(file.path());
    read_all(file.path(), kind);
    if (kind.kind == "attune-pool") read_pool(file.path());
    if (kind.kind == "attune-episodes") read_episodes(file.path());
  } catch (const Error&) {
  }
  return 0;
}
