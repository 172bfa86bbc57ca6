#include "base/file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/scratch.hpp"

using namespace attune;

namespace {
int failing_flock = 0, failing_ftruncate = 0;  // errno of the next calls, 0 = they work
}

// In place of the C library's, for errors that no file system here gives.
extern "C" int flock(int descriptor, int operation) noexcept {
  if ((errno = failing_flock) != 0) return -1;
  return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
}
extern "C" int ftruncate(int descriptor, off_t size) noexcept {
  if ((errno = failing_ftruncate) != 0) return -1;
  return static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
}

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

TEST_CASE("an output is seen only once it is committed") {
  const Scratch scratch;
  const std::string path = scratch.put("out", "old");
  {
    AtomicFile file(path);
    CHECK(list_files(scratch.folder()) == std::vector<std::string>{"out", "out.tmp"});
    file.write("new ");
    file.write("bytes");
    CHECK(scratch.get("out") == "old");
    file.commit();
    CHECK(scratch.get("out") == "new bytes");
  }
  {
    AtomicFile abandoned(path);
    abandoned.write("half");
  }
  CHECK(scratch.get("out") == "new bytes");
  CHECK(list_files(scratch.folder()) == std::vector<std::string>{"out"});
}

TEST_CASE("what a killed writer left does not reach the next output") {
  const Scratch scratch;
  scratch.put("out.tmp", "left over and longer");
  write_file(scratch.path("out"), "short");
  CHECK(scratch.get("out") == "short");
}

TEST_CASE("a second writer of one path is refused, the first one is not hurt") {
  const Scratch scratch;
  const std::string path = scratch.path("out");
  AtomicFile first(path);
  first.write("first");
  CHECK(message_of<Error>([&] { AtomicFile second(path); }) ==
        path + ": another process is writing it");
  first.commit();
  CHECK(scratch.get("out") == "first");
  write_file(path, "second");
  CHECK(scratch.get("out") == "second");
}

TEST_CASE("a temporary file that can't be locked or emptied does not stay behind") {
  const Scratch scratch;
  const std::string path = scratch.path("out");
  failing_flock = ENOLCK;
  CHECK(message_of<Error>([&] { AtomicFile file(path); }) ==
        path + ": can't lock " + path + ".tmp: No locks available");
  failing_flock = 0;
  failing_ftruncate = EIO;
  CHECK(message_of<Error>([&] { AtomicFile file(path); }) ==
        path + ": can't empty " + path + ".tmp: Input/output error");
  failing_ftruncate = 0;
  CHECK(list_files(scratch.folder()).empty());
  // Not ours: left where it is.
  scratch.put("out.tmp", "of another");
  failing_flock = ENOLCK;
  CHECK_THROWS_AS(AtomicFile{path}, Error);
  failing_flock = 0;
  CHECK(scratch.get("out.tmp") == "of another");
}

TEST_CASE("an output is reserved by one process, and by nobody after a kill") {
  const Scratch scratch;
  const std::string path = scratch.path("out");
  {
    const OutputLock lock(path);
    CHECK(message_of<Error>([&] { OutputLock second(path); }) ==
          path + ": another process is writing it");
    write_file(path, "by the holder");
  }
  CHECK(list_files(scratch.folder()) == std::vector<std::string>{"out"});
  scratch.put("out.lock", "");
  { const OutputLock after_a_kill(path); }
  CHECK(list_files(scratch.folder()) == std::vector<std::string>{"out"});
  CHECK_THROWS_AS(OutputLock("-"), UsageError);
  CHECK_THROWS_AS(OutputLock(""), UsageError);
  CHECK_THROWS_AS(OutputLock(scratch.folder()), Error);
  CHECK_THROWS_AS(OutputLock(scratch.path("none/out")), Error);
}

TEST_CASE("whether an output can be written is told beforehand and leaves nothing") {
  const Scratch scratch;
  scratch.put("out", "old");
  check_output(scratch.path("out"));
  check_output(scratch.path("new"));
  check_output("-");
  CHECK_THROWS_AS(check_output(scratch.path("none/out")), Error);
  CHECK_THROWS_AS(check_output(scratch.folder()), Error);
  CHECK(list_files(scratch.folder()) == std::vector<std::string>{"out"});
  CHECK(scratch.get("out") == "old");
}

TEST_CASE("many writers of one path leave one whole output and nothing else") {
  const Scratch scratch;
  constexpr int kWriters = 8, kRounds = 40;
  for (int writer = 0; writer < kWriters; ++writer) {
    if (::fork() != 0) continue;
    const std::string bytes(20000, static_cast<char>('a' + writer));
    for (int round = 0; round < kRounds; ++round) {
      try {
        write_file(scratch.path("out"), bytes);
      } catch (const Error&) {
        ::usleep(100);  // another one holds it
      }
    }
    ::_exit(0);
  }
  for (int writer = 0; writer < kWriters; ++writer) {
    int status = -1;
    REQUIRE(::wait(&status) > 0);
    CHECK(status == 0);
  }
  const std::string bytes = scratch.get("out");
  CHECK(bytes.size() == 20000);
  CHECK(bytes.find_first_not_of(bytes[0]) == std::string::npos);
  CHECK(list_files(scratch.folder()) == std::vector<std::string>{"out"});
}

TEST_CASE("places that can't be written are refused before any work") {
  const Scratch scratch;
  CHECK_THROWS_AS(AtomicFile(""), UsageError);
  CHECK_THROWS_AS(AtomicFile(scratch.folder()), Error);
  CHECK_THROWS_AS(AtomicFile("/dev/null"), Error);
  CHECK_THROWS_AS(AtomicFile(scratch.path("none/out")), Error);
  CHECK_THROWS_AS(AtomicFile(scratch.path(std::string(300, 'x'))), Error);
  CHECK(::symlink("elsewhere", scratch.path("out.tmp").c_str()) == 0);
  CHECK_THROWS_AS(AtomicFile(scratch.path("out")), Error);
  CHECK(message_of<Error>([] { AtomicFile("/dev/null"); }) ==
        "/dev/null: want a regular file to write, have a device or pipe");
}

TEST_CASE("a write that fails is an error, and the old output stays") {
  const Scratch scratch;
  scratch.put("out", "old");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file(scratch.path("out"), std::string(5000, 'n'));
    } catch (const Error&) {
      ::_exit(7);
    }
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 7);
  CHECK(scratch.get("out") == "old");
  CHECK(list_files(scratch.folder()) == std::vector<std::string>{"out"});
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
