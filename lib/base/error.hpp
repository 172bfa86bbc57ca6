#pragma once
#include <stdexcept>
#include <string>

namespace attune {

// Bad data, a file that can't be read or written, numbers out of range: exit code 1.
// The message is one line: file, object, wanted, found; the tool's name is put before it by
// run_tool.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Wrong options or configuration: exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

// Thrown by a loop that has saved its state after a stop signal, and where stdout was closed
// (SIGPIPE); run_tool exits with 128+n.
struct Stopped {
  int signal;
};

}  // namespace attune
