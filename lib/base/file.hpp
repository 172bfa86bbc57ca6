#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// Whole file into memory; "-" is stdin. Error when missing, a directory or a device, or over
// `limit` bytes (never reads further than limit + 1, so an endless pipe ends too).
std::string read_file(const std::string& path, std::size_t limit);

// The file in blocks of at most 1 MiB, in order; "-" is stdin. Error when it can't be read.
void read_blocks(const std::string& path, const std::function<void(std::string_view)>& take);

// An output that appears whole or not at all: written under a temporary name beside `path`, and
// only commit() — flush, close checked, fsync of file and folder — renames it over the old one.
// Destroyed without commit, it removes the temporary file. Path "-" writes to stdout on commit.
// Error when `path` is something other than a regular file, e.g. a folder or a device.
// The temporary name is `path` + ".tmp"; a second writer of the same path gets an Error (flock).
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  void write(std::string_view bytes);
  void commit();

 private:
  std::string path_, temporary_, buffer_;  // buffer_: what goes to stdout
  int descriptor_ = -1;
  bool committed_ = false;
};

// Reserves an output during a run of hours: Error at once when `path` can't be written or another
// process holds it. The lock (flock on `path` + ".lock") goes with the process: the file that a
// killed one leaves behind keeps nobody out.
class OutputLock {
 public:
  explicit OutputLock(const std::string& path);
  ~OutputLock();
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;

 private:
  std::string name_;
  int descriptor_ = -1;
};

void write_file(const std::string& path, std::string_view bytes);  // AtomicFile in one call
// The errors of AtomicFile(path), before the work whose result will go there.
void check_output(const std::string& path);
void write_stdout(std::string_view bytes);  // Error when stdout can't take it (full disk)

// Our own compressed rows (.gz); the decompressed size is limited.
std::string gunzip(std::string_view bytes, const std::string& origin, std::size_t limit);
std::string gzip(std::string_view bytes);  // level 9, no name, no time: equal input, equal bytes

bool exists(const std::string& path);
void remove_file(const std::string& path);  // none there is no error
void make_folders(const std::string& path);
// Paths of the regular files below `folder`, relative to it, '/'-separated, sorted bytewise.
std::vector<std::string> list_files(const std::string& folder);

}  // namespace attune
