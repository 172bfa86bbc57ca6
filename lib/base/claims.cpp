#include "base/claims.hpp"

#include <sys/stat.h>

#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "base/error.hpp"

namespace attune {
namespace {

// With the time of its last change, since a new file may get the number of one that is gone.
using FileId = std::tuple<dev_t, ino_t, time_t, long>;

FileId id_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

struct Claims {
  std::mutex guard;
  std::set<FileId> read;
  std::map<FileId, std::string> written;
  std::set<std::string> known_outputs;
};

Claims& claims() {
  static Claims all;
  return all;
}

[[noreturn]] void refuse(const std::string& output) {
  throw Error(output +
              ": want an output that is none of the inputs, have the same file on both sides; "
              "choose another name for the output");
}

}  // namespace

void note_input(const struct stat& status, const std::string& path) {
  if (!S_ISREG(status.st_mode)) return;
  Claims& all = claims();
  const std::lock_guard lock(all.guard);
  const FileId id = id_of(status);
  if (const auto found = all.written.find(id); found != all.written.end()) {
    // An output that has been replaced since gave its place away.
    struct stat now {};
    if (::stat(found->second.c_str(), &now) == 0 && id_of(now) == id)
      refuse(path.empty() ? found->second : path);
    all.written.erase(found);
  }
  all.read.insert(id);
}

void note_output(const std::string& path) {
  Claims& all = claims();
  const std::lock_guard lock(all.guard);
  if (!all.known_outputs.insert(path).second) return;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const FileId id = id_of(status);
  if (all.read.contains(id)) {
    all.known_outputs.erase(path);
    refuse(path);
  }
  all.written[id] = path;
}

}  // namespace attune
