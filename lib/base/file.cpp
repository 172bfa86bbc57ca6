#include "base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <system_error>

#include "base/error.hpp"

namespace attune {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;
// A call may be interrupted by a signal; one that always is would keep us for ever.
constexpr int kMostInterruptions = 1000;

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(path + ": " + what + ": " + std::generic_category().message(errno));
}

// An open file that is read; closed at the end.
class Input {
 public:
  explicit Input(const std::string& path) : path_(path == "-" ? "stdin" : path) {
    if (path != "-") descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(path_, "can't open");
    struct stat status {};
    // /dev/zero never ends; what is typed does.
    if (::fstat(descriptor_, &status) == 0 &&
        (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) && ::isatty(descriptor_) == 0) {
      close();
      throw Error(path_ + ": want a file or a pipe, have a device");
    }
  }
  ~Input() { close(); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  std::size_t read(char* data, std::size_t bytes) {
    for (int interruptions = 0;;) {
      const ssize_t count = ::read(descriptor_, data, bytes);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR || ++interruptions > kMostInterruptions) fail(path_, "can't read");
    }
  }
  // Size of a regular file, 0 of anything else.
  std::size_t size_hint() const {
    struct stat status {};
    const bool known = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    return known ? static_cast<std::size_t>(status.st_size) : 0;
  }
  const std::string& name() const { return path_; }

 private:
  void close() const {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  std::string path_;
  int descriptor_ = STDIN_FILENO;
};

void write_all(int descriptor, std::string_view bytes, const std::string& name) {
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

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail(folder, "can't open the folder");
  // Some file systems can't sync a folder and say EINVAL; there is nothing more to do then.
  const bool failed = ::fsync(descriptor) != 0 && errno != EINVAL;
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  if (failed) fail(folder, "can't sync the folder");
}

bool same_file(int descriptor, const std::string& path) {
  struct stat opened {
  }, named{};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

// Why the file just opened can't be used. `remove`: it is ours alone, and would stay behind.
[[noreturn]] void give_up(int descriptor, const std::string& name, const std::string& path,
                          bool remove, const std::string& what) {
  const int reason = errno;
  if (remove) ::unlink(name.c_str());
  ::close(descriptor);
  if (reason == EWOULDBLOCK) throw Error(path + ": another process is writing it");
  errno = reason;
  fail(path, what + " " + name);
}

// Opens, locks and empties the file `name`, which serves the output `path`. The last holder may
// have renamed or removed it between our open and our lock: then the name stands for another file,
// and we try again.
int open_locked(const std::string& name, const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  for (;;) {
    int descriptor = ::open(name.c_str(), kFlags | O_EXCL, 0666);
    const bool made = descriptor >= 0;
    if (!made && errno == EEXIST) descriptor = ::open(name.c_str(), kFlags, 0666);
    if (descriptor < 0) fail(path, "can't create " + name);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      give_up(descriptor, name, path, made && errno != EWOULDBLOCK, "can't lock");
    }
    if (!same_file(descriptor, name)) {
      ::close(descriptor);
      continue;
    }
    if (::ftruncate(descriptor, 0) != 0) give_up(descriptor, name, path, true, "can't empty");
    return descriptor;
  }
}

void check_name(const std::string& path) {
  if (path.empty()) throw UsageError("output file: want a name, have \"\"");
  struct stat status {};
  if (path != "-" && ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    throw Error(path + ": want a regular file to write, have " +
                (S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe"));
  }
}

}  // namespace

std::string read_file(const std::string& path, std::size_t limit) {
  Input input(path);
  std::string bytes;
  const auto too_long = [&] {
    return Error(input.name() + ": want at most " + std::to_string(limit) + " bytes, have more");
  };
  if (input.size_hint() > limit) throw too_long();
  std::size_t filled = 0;
  bytes.resize(std::min(limit, input.size_hint()) + 1);
  while (const std::size_t count = input.read(bytes.data() + filled, bytes.size() - filled)) {
    filled += count;
    if (filled > limit) throw too_long();
    if (filled == bytes.size()) bytes.resize(std::min(limit, 2 * filled + kBlock) + 1);
  }
  bytes.resize(filled);
  return bytes;
}

void read_blocks(const std::string& path, const std::function<void(std::string_view)>& take) {
  Input input(path);
  std::string block(kBlock, '\0');
  while (const std::size_t count = input.read(block.data(), block.size())) {
    take(std::string_view(block.data(), count));
  }
}

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  check_name(path);
  if (path == "-") return;
  temporary_ = path + ".tmp";
  descriptor_ = open_locked(temporary_, path_);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  if (!committed_) ::unlink(temporary_.c_str());
  ::close(descriptor_);
}

void AtomicFile::write(std::string_view bytes) {
  if (descriptor_ < 0) {
    buffer_ += bytes;
  } else {
    write_all(descriptor_, bytes, temporary_);
  }
}

void AtomicFile::commit() {
  if (descriptor_ < 0) {
    write_stdout(buffer_);
    buffer_.clear();
    return;
  }
  // fsync reports what a close could; the file stays open, and so locked, until it has its name.
  if (::fsync(descriptor_) != 0) fail(temporary_, "can't sync");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, "can't rename " + temporary_);
  committed_ = true;
  sync_folder(folder_of(path_));
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail(path_, "can't close");
}

OutputLock::OutputLock(const std::string& path) : name_(path + ".lock") {
  check_name(path);
  if (path == "-") throw UsageError("-: want a file name, have the standard output");
  descriptor_ = open_locked(name_, path);
}

OutputLock::~OutputLock() {
  ::unlink(name_.c_str());
  ::close(descriptor_);
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

bool exists(const std::string& path) {
  boost::system::error_code ignored;
  return boost::filesystem::exists(path, ignored);
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path, "can't remove");
}

void make_folders(const std::string& path) {
  if (path.empty()) return;
  boost::system::error_code error;
  boost::filesystem::create_directories(path, error);
  if (error) throw Error(path + ": can't make the folder: " + error.message());
}

std::vector<std::string> list_files(const std::string& folder) {
  namespace fs = boost::filesystem;
  boost::system::error_code error;
  std::vector<std::string> files;
  const std::size_t prefix = folder.size() + (folder.ends_with('/') ? 0 : 1);
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    boost::system::error_code unreadable;
    if (fs::is_regular_file(entry->status(unreadable))) {
      files.push_back(entry->path().string().substr(prefix));
    }
  }
  if (error) throw Error(folder + ": can't list the folder: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace attune
