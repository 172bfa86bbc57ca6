// Memory that runs out while static objects are made, before main() and run_tool(), ends in the
// same line as later, and not in an abort.
#include <execinfo.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <new>

namespace attune {
namespace {

std::terminate_handler otherwise;

void write_all(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) ::_exit(1);
}

[[noreturn]] void end() {
  try {
    if (std::current_exception()) throw;
  } catch (const std::bad_alloc&) {
    write_all(program_invocation_short_name);
    write_all(": error: out of memory\n");
    ::_exit(1);
  } catch (...) {
  }
  otherwise();
  ::_exit(1);
}

// Before the constructors of static objects. An exception that leaves pthread_once, as in oneDNN,
// makes the C library look for the unwinder, which takes memory; backtrace() has it looked for now.
[[gnu::constructor(101)]] void watch_the_start() {
  otherwise = std::set_terminate(end);
  void* frame = nullptr;
  static_cast<void>(::backtrace(&frame, 1));
}

}  // namespace
}  // namespace attune
