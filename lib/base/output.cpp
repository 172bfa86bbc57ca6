#include "base/output.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/claims.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/temporary.hpp"

namespace attune {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what, int reason = errno) {
  throw Error(path + ": " + what + ": " + std::generic_category().message(reason));
}

void write_all(int descriptor, std::string_view bytes, const std::string& name) {
  // A call may be interrupted by a signal; one that always is would keep us for ever.
  constexpr int kMostInterruptions = 1000;
  int interruptions = 0;
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      interruptions = 0;
    } else if (errno == EPIPE && descriptor == STDOUT_FILENO) {
      throw Stopped{SIGPIPE};
    } else if (errno != EINTR || ++interruptions > kMostInterruptions) {
      fail(name, "can't write");
    }
  }
}

void sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail(folder, "can't open the folder");
  // Some file systems can't sync a folder and say EINVAL; there is nothing more to do then.
  const bool failed = ::fsync(descriptor) != 0 && errno != EINVAL;
  const int reason = errno;
  ::close(descriptor);
  if (failed) fail(folder, "can't sync the folder", reason);
}

bool same_file(int descriptor, const std::string& path) {
  struct stat opened {
  }, named{};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

void check_name(const std::string& path) {
  if (path.empty()) throw UsageError("output file: want a name, have \"\"");
  struct stat status {};
  const bool there = path != "-" && ::stat(path.c_str(), &status) == 0;
  if (path != "-" && !there && errno == ENAMETOOLONG) fail(path, "can't create");
  if (there && !S_ISREG(status.st_mode)) {
    throw Error(path + ": want a regular file to write, have " +
                (S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe"));
  }
  if (path != "-") note_output(path);
}

std::string lock_name(const std::string& path) {
  return folder_of(path) + "/.attune-lock-" + sha256(name_of(path)).substr(0, 16);
}

bool without_locks(int reason) {
  return reason == ENOLCK || reason == ENOSYS || reason == EOPNOTSUPP;
}

void note_without_locks(const std::string& path) {
  static std::once_flag said;
  std::call_once(said, [&] {
    std::cerr << "attune: note: " + path +
                     ": this file system has no locks; take care that no two programs write it\n";
  });
}

// Opens the lock file of `path`, or makes it, and locks it. The last holder may have removed it
// between our open and our lock: then the name stands for another file, and we try again.
int open_locked(const std::string& name, const std::string& path) {
  for (;;) {
    // Without O_CREAT first: in folders that all may write, others' files must not be "created".
    int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0 && errno == ENOENT)
      descriptor = ::open(name.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) fail(path, "can't create " + name);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      if (without_locks(reason)) {
        note_without_locks(path);
        return descriptor;
      }
      ::close(descriptor);
      if (reason == EWOULDBLOCK) throw Error(path + ": another process is writing it");
      fail(path, "can't lock " + name, reason);
    }
    if (same_file(descriptor, name)) return descriptor;
    ::close(descriptor);
  }
}

// The same for all spellings of one path.
std::string canonical(const std::string& name) {
  boost::system::error_code error;
  const auto folder = boost::filesystem::canonical(folder_of(name), error);
  return error ? name : (folder / name_of(name)).string();
}

bool begins_so(const std::string& path, const std::vector<std::string>& begins) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return false;
  std::string bytes(64, '\0');
  const ssize_t count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  ::close(descriptor);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return count == 0 || std::ranges::any_of(begins, [&](const std::string& begin) {
           return bytes.starts_with(begin);
         });
}

bool is_file(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// Device and number; zeros of what is not there.
using FileIdentity = std::pair<dev_t, ino_t>;

FileIdentity identity_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

void write_synced(TemporaryFile& file, std::string_view bytes, const std::string& path) {
  write_all(file.descriptor(), bytes, path);
  if (::fsync(file.descriptor()) != 0) fail(path, "can't sync");
}

}  // namespace

struct OutputLock::Held {
  explicit Held(const std::string& path)
      : name(lock_name(path)), descriptor(open_locked(name, path)), ending(name) {}
  ~Held() {
    struct stat status {};
    // Only ours are empty.
    if (owner == ::getpid() && ::fstat(descriptor, &status) == 0 && status.st_size == 0 &&
        same_file(descriptor, name))
      ::unlink(name.c_str());
    ::close(descriptor);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  std::string name;
  int descriptor;
  EndingWith ending;
  pid_t owner = ::getpid();  // a fork has none of it
};

OutputLock::OutputLock(const std::string& path) {
  check_name(path);
  if (path == "-") throw UsageError("-: want a file name, have the standard output");
  static std::mutex guard;
  static std::map<std::string, std::weak_ptr<Held>> all;
  const std::lock_guard lock(guard);
  std::weak_ptr<Held>& known = all[canonical(path)];
  held_ = known.lock();
  if (!held_ || held_->owner != ::getpid()) {
    known = held_ = std::make_shared<Held>(path);
    remove_stale(path);
  }
  std::erase_if(all, [](const auto& entry) { return entry.second.expired(); });
}

OutputLock::~OutputLock() = default;

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  if (path == "-") return;
  lock_ = std::make_unique<OutputLock>(path);
  temporary_ = std::make_unique<TemporaryFile>(path);
}

AtomicFile::~AtomicFile() {
  temporary_.reset();  // while the lock is held
}

void AtomicFile::write(std::string_view bytes) {
  if (!temporary_) {
    buffer_ += bytes;
  } else {
    write_all(temporary_->descriptor(), bytes, path_);
  }
}

void AtomicFile::commit() {
  if (!temporary_) {
    write_stdout(buffer_);
    buffer_.clear();
    return;
  }
  // fsync reports what a close could.
  if (::fsync(temporary_->descriptor()) != 0) fail(path_, "can't sync");
  temporary_->rename_to(path_);
  sync_folder(folder_of(path_));
  if (!temporary_->close()) fail(path_, "can't close");
}

OutputSet::OutputSet(std::string path, std::vector<Member> members)
    : path_(std::move(path)), members_(std::move(members)) {
  locks_.push_back(std::make_unique<OutputLock>(path_));
  for (const Member& member : members_) {
    const std::string name = path_ + member.ending;
    locks_.push_back(std::make_unique<OutputLock>(name));
    if (is_file(name) && !begins_so(name, member.begins))
      throw Error(name + ": want the place for a side file of " + path_ +
                  ", have a file that no program of ours made; move it, or choose another name "
                  "for the output");
  }
}

OutputSet::~OutputSet() {
  for (const std::string& name : waiting_) ::unlink(name.c_str());
}

void OutputSet::commit(const std::string& id, const std::vector<std::string>& texts,
                       const std::function<void()>& commit) {
  put_members(id, texts);
  const FileIdentity before = identity_of(path_);
  try {
    commit();
  } catch (...) {
    // It may have its name all the same: then the set is committed, and only its folder is not
    // synced.
    if (identity_of(path_) != before) try_to_name_members(id);
    throw;
  }
  name_members(id);
}

void OutputSet::try_to_name_members(const std::string& id) {
  try {
    name_members(id);
  } catch (const Error&) {  // they are found under the names that they have
  }
}

void OutputSet::put_members(const std::string& id, const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const std::string name = path_ + members_[i].ending;
    TemporaryFile file(name);
    write_synced(file, texts[i], name);
    file.rename_to(name + "." + id);
    waiting_.push_back(name + "." + id);
  }
  sync_folder(folder_of(path_));
}

void OutputSet::name_members(const std::string& id) {
  waiting_.clear();
  for (const Member& member : members_) {
    const std::string name = path_ + member.ending, from = name + "." + id;
    if (::rename(from.c_str(), name.c_str()) != 0) fail(name, "can't rename " + from);
    remove_waiting(member);
  }
  sync_folder(folder_of(path_));
}

void OutputSet::remove_waiting(const Member& member) const {
  namespace fs = boost::filesystem;
  const std::string stem = name_of(path_) + member.ending + ".";
  boost::system::error_code error;
  std::vector<std::string> found;
  for (fs::directory_iterator entry(folder_of(path_), error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.size() == stem.size() + 16 && name.starts_with(stem) &&
        name.find_first_not_of("0123456789abcdef", stem.size()) == std::string::npos)
      found.push_back(entry->path().string());
  }
  for (const std::string& name : found)
    if (begins_so(name, member.begins)) ::unlink(name.c_str());
}

std::string member_path(const std::string& path, const std::string& ending, const std::string& id) {
  const std::string waiting = path + ending + "." + id;
  return !id.empty() && is_file(waiting) ? waiting : path + ending;
}

void check_output(const std::string& path) { const AtomicFile probe(path); }

void write_file(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_stdout(std::string_view bytes) {
  std::cout.flush();
  write_all(STDOUT_FILENO, bytes, "stdout");
}

}  // namespace attune
