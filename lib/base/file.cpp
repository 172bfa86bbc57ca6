#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <system_error>

#include "base/claims.hpp"
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
  Input(const std::string& path, Reading why) : path_(path == "-" ? "stdin" : path) {
    if (path != "-") descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(path_, "can't open");
    struct stat status {};
    // /dev/zero never ends; what is typed does.
    const bool known = ::fstat(descriptor_, &status) == 0;
    if (known && (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) &&
        ::isatty(descriptor_) == 0) {
      close();
      throw Error(path_ + ": want a file or a pipe, have a device");
    }
    if (known && why == Reading::input) note(status, path == "-" ? "" : path);
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
  void note(const struct stat& status, const std::string& path) const {
    try {
      note_input(status, path);
    } catch (...) {
      close();
      throw;
    }
  }
  void close() const {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  std::string path_;
  int descriptor_ = STDIN_FILENO;
};

}  // namespace

std::string read_file(const std::string& path, std::size_t limit, Reading why) {
  Input input(path, why);
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
  Input input(path, Reading::input);
  std::string block(kBlock, '\0');
  while (const std::size_t count = input.read(block.data(), block.size())) {
    take(std::string_view(block.data(), count));
  }
}

void claim_input(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) note_input(status, path);
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
