#include "base/file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/scratch.hpp"

using namespace attune;

TEST_CASE("read_file gives the bytes, and refuses what is too long, missing or no file") {
  const Scratch scratch;
  const std::string path = scratch.put("ten", "0123456789");
  CHECK(read_file(path, 10) == "0123456789");
  CHECK(read_file(scratch.put("empty", ""), 0).empty());
  CHECK(message_of<Error>([&] { read_file(path, 9); }) ==
        path + ": want at most 9 bytes, have more");
  CHECK(message_of<Error>([&] { read_file(scratch.path("no"), 9); }) ==
        scratch.path("no") + ": can't open: No such file or directory");
  CHECK_THROWS_AS(read_file(scratch.folder(), 1000000), Error);
  CHECK(message_of<Error>([&] { read_file("/dev/zero", 5000000); }) ==
        "/dev/zero: want a file or a pipe, have a device");
  const std::string large(3000000, 'z');
  CHECK(read_file(scratch.put("large", large), large.size()) == large);
}

TEST_CASE("gzip is the same for the same bytes, and gunzip is its inverse") {
  Rng rng(1, "gzip");
  for (const std::size_t size : {0UL, 1UL, 1000UL, 300000UL}) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng.below(size < 2000 ? 256 : 5));
    const std::string packed = gzip(bytes);
    CHECK(packed == gzip(bytes));
    CHECK(packed.substr(4, 4) == std::string(4, '\0'));  // no time
    CHECK(gunzip(packed, "x", size) == bytes);
    CHECK(gunzip(packed + packed, "x", 2 * size) == bytes + bytes);
  }
}

TEST_CASE("damaged, cut or oversized gzip is refused") {
  const std::string packed = gzip("some rows that are long enough to be worth it, some rows");
  for (std::size_t kept = 0; kept < packed.size(); ++kept) {
    CHECK_THROWS_AS(gunzip(packed.substr(0, kept), "x", 1000), Error);
  }
  for (std::size_t at = 10; at < packed.size(); ++at) {  // before it: optional header fields
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    CHECK_THROWS_AS(gunzip(damaged, "x", 1000), Error);
  }
  CHECK_THROWS_AS(gunzip(packed + "junk", "x", 1000), Error);
  CHECK_THROWS_AS(gunzip(gzip(std::string(10000000, 'a')), "bomb", 100000), Error);
}

TEST_CASE("files are listed below a folder in byte order, links to files with them") {
  const Scratch scratch;
  make_folders(scratch.path("b/c"));
  make_folders(scratch.path("b/c"));
  make_folders(scratch.path("empty"));
  scratch.put("b/c/2", "");
  scratch.put("b/10", "");
  scratch.put("a", "");
  scratch.put("é", "");
  scratch.put("B", "");
  CHECK(::symlink("a", scratch.path("link").c_str()) == 0);
  CHECK(::symlink("nowhere", scratch.path("dangling").c_str()) == 0);
  const std::vector<std::string> wanted{"B", "a", "b/10", "b/c/2", "link", "é"};
  CHECK(list_files(scratch.folder()) == wanted);
  CHECK(list_files(scratch.folder() + "/") == wanted);
  CHECK(exists(scratch.path("b/c")));
  CHECK_FALSE(exists(scratch.path("dangling")));
  CHECK_THROWS_AS(list_files(scratch.path("none")), Error);
  CHECK_THROWS_AS(make_folders(scratch.path("a/under")), Error);
}

TEST_CASE("a file is removed, none there is no error") {
  const Scratch scratch;
  const std::string path = scratch.put("x", "1");
  remove_file(path);
  CHECK_FALSE(exists(path));
  CHECK_NOTHROW(remove_file(path));
  CHECK_THROWS_AS(remove_file(scratch.folder()), Error);
}
