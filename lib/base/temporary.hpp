#pragma once
#include <string>

namespace attune {

// Names of files that must not outlive this process unless they got another name. A signal that
// ends the process removes them (remove_temporaries), so does the destructor of a TemporaryFile
// that still holds its name.
class TemporaryFile {
 public:
  // Makes a new, empty file beside `path`, called ".attune-<8 digits of path's name>-<6 random
  // letters>", and locks it. Nothing that stood there before is ever opened, emptied or replaced.
  // Error when it can't be made.
  explicit TemporaryFile(const std::string& path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& name() const { return name_; }
  int descriptor() const { return descriptor_; }
  // Gives the file the name `to`, in the place of what stands there. Error when that fails.
  void rename_to(const std::string& to);
  bool close();  // false when the system reports a failure

 private:
  std::string name_;
  int descriptor_ = -1, slot_ = -1;
};

// Removes the temporary files that a killed process left of the output `path`: those that no
// living process has locked. To be called by who holds the output's lock.
void remove_stale(const std::string& path);

// Removes all temporary files of this process, and the empty files of its locks. May be called from
// a signal handler.
void remove_temporaries();

// An empty file of this process that a signal's end removes, from here to its destructor.
class EndingWith {
 public:
  explicit EndingWith(const std::string& name);
  ~EndingWith();
  EndingWith(const EndingWith&) = delete;
  EndingWith& operator=(const EndingWith&) = delete;

 private:
  int slot_;
};

// The folder of a path, "." when it names none, and the name in it.
std::string folder_of(const std::string& path);
std::string name_of(const std::string& path);

}  // namespace attune
