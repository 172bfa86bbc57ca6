#include "base/output.hpp"

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
#include <functional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/scratch.hpp"

using namespace attune;

namespace {

int failing_flock = 0;  // errno of the next calls, 0 = they work

// What another process would be told; "" when it succeeds.
std::string elsewhere(const std::function<void()>& work) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::string said;
    try {
      work();
    } catch (const std::exception& error) {
      said = error.what();
    }
    static_cast<void>(!::write(ends[1], said.data(), said.size()));
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said(4096, ' ');
  const ssize_t count = ::read(ends[0], said.data(), said.size());
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  said.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return said;
}

// Ends a process while `work` goes on in it.
void killed(const std::function<void()>& work, int signal = SIGKILL) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
    } catch (...) {
    }
    ::raise(signal);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

using Names = std::vector<std::string>;

}  // namespace

// In place of the C library's, for errors that no file system here gives.
extern "C" int flock(int descriptor, int operation) noexcept {
  if ((errno = failing_flock) != 0) return -1;
  return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
}

TEST_CASE("an output is seen only once it is committed") {
  const Scratch scratch;
  const std::string path = scratch.put("out", "old");
  {
    AtomicFile file(path);
    const Names names = list_files(scratch.folder());
    REQUIRE(names.size() == 3);  // a lock, a temporary file, the old output
    CHECK(names[0].starts_with(".attune-"));
    CHECK(names[1].starts_with(".attune-"));
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
  CHECK(list_files(scratch.folder()) == Names{"out"});
}

TEST_CASE("files that are called like ours used to be stay as they are") {
  const Scratch scratch;
  const Names kept = {"out.tmp", "out.lock", "out.state.tmp"};
  for (const std::string& name : kept) scratch.put(name, "of the user");
  scratch.put("thesis", "a hard link away");
  CHECK(::link(scratch.path("thesis").c_str(), scratch.path("out.cost.json.tmp").c_str()) == 0);
  {
    const OutputLock lock(scratch.path("out"));
    write_file(scratch.path("out"), "short");
    write_file(scratch.path("out.cost.json"), "{}");
  }
  CHECK(scratch.get("out") == "short");
  for (const std::string& name : kept) CHECK(scratch.get(name) == "of the user");
  CHECK(scratch.get("thesis") == "a hard link away");
}

TEST_CASE("what a killed writer left is removed by the next writer of that output alone") {
  const Scratch scratch;
  killed([&] {
    AtomicFile file(scratch.path("out"));
    file.write("half");
    ::raise(SIGKILL);
  });
  CHECK(list_files(scratch.folder()).size() == 2);
  write_file(scratch.path("other"), "x");
  CHECK(list_files(scratch.folder()).size() == 3);
  write_file(scratch.path("out"), "short");
  CHECK(scratch.get("out") == "short");
  CHECK(list_files(scratch.folder()) == Names{"other", "out"});
}

TEST_CASE("a second process that writes one path is refused, the first one is not hurt") {
  const Scratch scratch;
  const std::string path = scratch.path("out");
  AtomicFile first(path);
  first.write("first");
  const std::string refused = path + ": another process is writing it";
  CHECK(elsewhere([&] { AtomicFile second(path); }) == refused);
  CHECK(elsewhere([&] {
          AtomicFile second(scratch.folder() + "/./out");
        }).ends_with("another process is writing it"));
  first.commit();
  CHECK(scratch.get("out") == "first");
}

TEST_CASE("where nothing can be locked, the work goes on") {
  const Scratch scratch;
  for (const int reason : {ENOLCK, ENOSYS, EOPNOTSUPP}) {
    failing_flock = reason;
    write_file(scratch.path("out"), std::to_string(reason));
    failing_flock = 0;
    CHECK(scratch.get("out") == std::to_string(reason));
  }
  failing_flock = EIO;
  CHECK_THROWS_AS(AtomicFile(scratch.path("out")), Error);
  failing_flock = 0;
}

TEST_CASE("an output is reserved by one process, and by nobody after a kill") {
  const Scratch scratch;
  const std::string path = scratch.path("out");
  {
    const OutputLock lock(path);
    const OutputLock again(path);  // of the same process
    CHECK(elsewhere([&] { OutputLock second(path); }) == path + ": another process is writing it");
    write_file(path, "by the holder");
    CHECK(elsewhere([&] { write_file(path, "by another"); }) ==
          path + ": another process is writing it");
  }
  CHECK(scratch.get("out") == "by the holder");
  CHECK(list_files(scratch.folder()) == Names{"out"});
  killed([&] {
    const OutputLock lock(path);
    ::raise(SIGKILL);
  });
  CHECK(list_files(scratch.folder()).size() == 2);
  { const OutputLock after_a_kill(path); }
  CHECK(list_files(scratch.folder()) == Names{"out"});
  CHECK_THROWS_AS(OutputLock("-"), UsageError);
  CHECK_THROWS_AS(OutputLock(""), UsageError);
  CHECK_THROWS_AS(OutputLock(scratch.folder()), Error);
  CHECK_THROWS_AS(OutputLock(scratch.path("none/out")), Error);
}

TEST_CASE("no output is an input, whichever is named first, and by whichever name") {
  const Scratch scratch;
  const std::string input = scratch.put("input", "precious");
  CHECK(::link(input.c_str(), scratch.path("hard").c_str()) == 0);
  CHECK(::symlink("input", scratch.path("soft").c_str()) == 0);
  for (const char* name : {"input", "hard", "soft"}) {
    const std::string output = scratch.path(name);
    CHECK(elsewhere([&] {
            read_file(input, 100);
            AtomicFile file(output);
          }).find("want an output that is none of the inputs") != std::string::npos);
    CHECK(elsewhere([&] {
            check_output(output);
            read_file(input, 100);
          }).find("want an output that is none of the inputs") != std::string::npos);
    CHECK(elsewhere([&] {
            read_blocks(input, [](std::string_view) {});
            OutputLock lock(output);
          }).find("want an output that is none of the inputs") != std::string::npos);
  }
  CHECK(scratch.get("input") == "precious");
  // Another file, a file of our own, and one that took an input's place later are fine.
  CHECK(elsewhere([&] {
          read_file(input, 100);
          read_file(scratch.put("state", "1"), 100, Reading::own);
          write_file(scratch.path("state"), "2");
          write_file(scratch.path("out"), "3");
          write_file(scratch.path("out"), "4");
        }).empty());
}

TEST_CASE("standard input may be a file that is to be written") {
  const Scratch scratch;
  const std::string path = scratch.put("rows", "precious");
  CHECK(elsewhere([&] {
          const int descriptor = ::open(path.c_str(), O_RDONLY);
          ::dup2(descriptor, STDIN_FILENO);
          read_file("-", 100);
          write_file(path, "gone");
        }).find("want an output that is none of the inputs") != std::string::npos);
  CHECK(scratch.get("rows") == "precious");
}

TEST_CASE("whether an output can be written is told beforehand and leaves nothing") {
  const Scratch scratch;
  scratch.put("out", "old");
  check_output(scratch.path("out"));
  check_output(scratch.path("new"));
  check_output("-");
  CHECK_THROWS_AS(check_output(scratch.path("none/out")), Error);
  CHECK_THROWS_AS(check_output(scratch.folder()), Error);
  CHECK(list_files(scratch.folder()) == Names{"out"});
  CHECK(scratch.get("out") == "old");
}

TEST_CASE("who may read an output stays as it was") {
  const Scratch scratch;
  const std::string path = scratch.put("out", "old");
  CHECK(::chmod(path.c_str(), 0600) == 0);
  write_file(path, "new");
  struct stat status {};
  CHECK(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a set is old or new whenever a kill comes, and its members are found") {
  const std::vector<OutputSet::Member> members = {{".log", {"log"}}, {".cost", {"{"}}};
  const std::string old_id(16, 'a'), new_id(16, 'b');
  const auto write = [&](const std::string& path, const std::string& id, int kill_at) {
    OutputSet set(path, members);
    if (kill_at == 0) ::raise(SIGKILL);
    set.commit(id, {"log " + id, "{" + id}, [&] {
      if (kill_at == 1) ::raise(SIGKILL);
      write_file(path, id);
      if (kill_at == 2) ::raise(SIGKILL);
    });
  };
  for (const int kill_at : {0, 1, 2, 3}) {
    const Scratch scratch;
    const std::string path = scratch.path("out");
    write(path, old_id, -1);
    CHECK(list_files(scratch.folder()) == Names{"out", "out.cost", "out.log"});
    killed([&] { write(path, new_id, kill_at); });
    const std::string now = scratch.get("out");
    CHECK(now == (kill_at < 2 ? old_id : new_id));
    CHECK(read_file(member_path(path, ".log", now), 100) == "log " + now);
    CHECK(read_file(member_path(path, ".cost", now), 100) == "{" + now);
    write(path, new_id, -1);
    CHECK(list_files(scratch.folder()) == Names{"out", "out.cost", "out.log"});
    CHECK(scratch.get("out.cost") == "{" + new_id);
  }
}

TEST_CASE("a set that fails leaves the old one, and no member waits for a name") {
  const Scratch scratch;
  const std::string path = scratch.path("out");
  OutputSet set(path, {{".log", {"log"}}});
  CHECK_THROWS_AS(set.commit("cafe", {"log"}, [] { throw Error("full"); }), Error);
  { const OutputSet ended = {path + "2", {{".log", {"log"}}}}; }
  CHECK_FALSE(exists(path));
  CHECK_FALSE(exists(path + ".log"));
}

TEST_CASE("a set whose file has its name is committed, whatever fails after") {
  const Scratch scratch;
  const std::string path = scratch.path("out");
  for (const std::string text : {"first", "second"}) {
    OutputSet set(path, {{".log", {"log"}}});
    CHECK_THROWS_AS(set.commit("cafe", {"log " + text},
                               [&] {
                                 write_file(path, text);
                                 throw Error("can't sync the folder");
                               }),
                    Error);
    CHECK(scratch.get("out") == text);
    CHECK(scratch.get("out.log") == "log " + text);
  }
  CHECK(list_files(scratch.folder()) == Names{"out", "out.log"});
}

TEST_CASE("a member never takes the place of what no program of ours made") {
  const Scratch scratch;
  const std::string path = scratch.path("poetry");
  scratch.put("poetry.log", "Shall I compare thee");
  CHECK_THROWS_AS(OutputSet(path, {{".log", {"log"}}}), Error);
  CHECK(scratch.get("poetry.log") == "Shall I compare thee");
  scratch.put("poetry.log", "log of an earlier run");
  scratch.put("poetry.log.0123456789abcdef", "Thou art more lovely");
  {
    OutputSet set(path, {{".log", {"log"}}});
    set.commit("cafe", {"log of this"}, [&] { write_file(path, "x"); });
  }
  CHECK(scratch.get("poetry.log") == "log of this");
  CHECK(scratch.get("poetry.log.0123456789abcdef") == "Thou art more lovely");
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
