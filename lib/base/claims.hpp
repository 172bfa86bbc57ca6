#pragma once
#include <string>

struct stat;

namespace attune {

// No program may replace what it reads: each file that is read and each that will be written is
// noted here, and the same one (device and inode) on both sides is an Error, whichever comes first.

// `path` of the opened file that `status` describes; "" for the standard input.
void note_input(const struct stat& status, const std::string& path);
// Before anything is written. A path that was noted before is not looked at again: from then on
// what stands there may be our own.
void note_output(const std::string& path);

}  // namespace attune
