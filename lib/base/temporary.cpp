#include "base/temporary.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace attune {
namespace {

// Read by a signal handler: plain memory that is never given back while its flag is up.
struct Slot {
  std::atomic<bool> taken{false}, armed{false}, if_empty{false};
  std::array<char, 4096> name{};
};
constexpr int kSlots = 64;
std::array<Slot, kSlots> slots;

// No slot, or a name too long for it: the file is then only removed by its destructor.
int take_slot(const std::string& name, bool if_empty = false) {
  for (int i = 0; i < kSlots; ++i) {
    Slot& slot = slots[static_cast<std::size_t>(i)];
    bool free = false;
    if (name.size() >= slot.name.size() || !slot.taken.compare_exchange_strong(free, true))
      continue;
    std::memcpy(slot.name.data(), name.c_str(), name.size() + 1);
    slot.if_empty = if_empty;
    slot.armed = true;
    return i;
  }
  return -1;
}

void free_slot(int index) {
  if (index < 0) return;
  Slot& slot = slots[static_cast<std::size_t>(index)];
  slot.armed = false;
  slot.taken = false;
}

std::string stem_of(const std::string& path) {
  return ".attune-" + sha256(name_of(path)).substr(0, 8) + "-";
}

std::string random_letters() {
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::array<unsigned char, 6> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw Error(std::string("random letters: ") + std::generic_category().message(errno));
  std::string letters;
  for (const unsigned char byte : bytes) letters += kLetters[byte % 32];
  return letters;
}

std::string beside(const std::string& path, const std::string& name) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? name : path.substr(0, slash + 1) + name;
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

TemporaryFile::TemporaryFile(const std::string& path) {
  constexpr int kTries = 100;
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  for (int attempt = 0; descriptor_ < 0 && attempt < kTries; ++attempt) {
    name_ = beside(path, stem_of(path) + random_letters());
    slot_ = take_slot(name_);
    descriptor_ = ::open(name_.c_str(), kFlags, 0666);
    if (descriptor_ >= 0) break;
    const int reason = errno;
    free_slot(slot_);
    if (reason != EEXIST)
      throw Error(path + ": can't create " + name_ + ": " +
                  std::generic_category().message(reason));
  }
  if (descriptor_ < 0) throw Error(path + ": can't create a temporary file beside it");
  // Who replaces a file keeps who may read it.
  struct stat old {};
  if (::stat(path.c_str(), &old) == 0 && S_ISREG(old.st_mode))
    static_cast<void>(::fchmod(descriptor_, old.st_mode & 0777));
  // Tells remove_stale of other processes that we live; where nothing can be locked, nothing is.
  static_cast<void>(::flock(descriptor_, LOCK_EX | LOCK_NB));
}

TemporaryFile::~TemporaryFile() {
  if (!name_.empty()) ::unlink(name_.c_str());
  free_slot(slot_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

void TemporaryFile::rename_to(const std::string& to) {
  if (::rename(name_.c_str(), to.c_str()) != 0)
    throw Error(to + ": can't rename " + name_ + ": " + std::generic_category().message(errno));
  name_.clear();
  free_slot(slot_);
  slot_ = -1;
}

bool TemporaryFile::close() {
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  return closed == 0;
}

void remove_stale(const std::string& path) {
  const std::string stem = stem_of(path);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(folder_of(path).c_str()), ::closedir);
  if (!folder) return;
  std::vector<std::string> found;
  while (const dirent* entry = ::readdir(folder.get()))
    if (std::string_view(entry->d_name).starts_with(stem)) found.emplace_back(entry->d_name);
  for (const std::string& name : found) {
    const std::string stale = beside(path, name);
    const int descriptor = ::open(stale.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) continue;
    struct stat status {};
    const bool ours = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
                      status.st_nlink == 1 && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (ours) ::unlink(stale.c_str());
    ::close(descriptor);
  }
}

void remove_temporaries() {
  for (const Slot& slot : slots) {
    if (!slot.armed) continue;
    struct stat status {};
    if (!slot.if_empty || (::stat(slot.name.data(), &status) == 0 && status.st_size == 0))
      ::unlink(slot.name.data());
  }
}

EndingWith::EndingWith(const std::string& name) : slot_(take_slot(name, true)) {}
EndingWith::~EndingWith() { free_slot(slot_); }

}  // namespace attune
