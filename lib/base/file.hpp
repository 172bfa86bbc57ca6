#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// What a file is read for: as an input, which no output of this process may replace (claims.hpp),
// or as a working file of our own, which we may write again.
enum class Reading { input, own };

// Whole file into memory; "-" is stdin. Error when missing, a directory or a device, or over
// `limit` bytes (never reads further than limit + 1, so an endless pipe ends too).
std::string read_file(const std::string& path, std::size_t limit, Reading why = Reading::input);
// For libraries that open files by name: the check and the note of an input, nothing is read.
void claim_input(const std::string& path);

// The file in blocks of at most 1 MiB, in order; "-" is stdin. Error when it can't be read.
void read_blocks(const std::string& path, const std::function<void(std::string_view)>& take);

// Our own compressed rows (.gz); the decompressed size is limited.
std::string gunzip(std::string_view bytes, const std::string& origin, std::size_t limit);
std::string gzip(std::string_view bytes);  // level 9, no name, no time: equal input, equal bytes

bool exists(const std::string& path);
void remove_file(const std::string& path);  // none there is no error
void make_folders(const std::string& path);
// Paths of the regular files below `folder`, relative to it, '/'-separated, sorted bytewise.
std::vector<std::string> list_files(const std::string& folder);

}  // namespace attune
