#include "base/cli.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <new>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "base/scratch.hpp"

using namespace attune;
namespace po = boost::program_options;

namespace {

using Body = std::function<void(const po::variables_map&)>;

struct Outcome {
  int code;  // exit code, or minus the signal that ended it
  std::string out, err;
};

int run_sample(std::vector<std::string> words, const Body& body) {
  po::options_description options;
  options.add_options()("steps", po::value<int>()->default_value(10), "how many")(
      "seed", po::value<int>(), "of the draws")("output,o", po::value<std::string>(), "file")(
      "input", po::value<std::string>()->required(), "file, - is stdin");
  po::positional_options_description positional;
  positional.add("input", 1);
  std::vector<char*> arguments;
  words.insert(words.begin(), "attune-sample");
  for (std::string& word : words) arguments.push_back(word.data());
  return run_tool(static_cast<int>(arguments.size()), arguments.data(),
                  {"sample", "draws things", "  attune-sample --steps 5 pool.h5\n"}, options,
                  positional, body);
}

// The program in a process of its own; stdout goes to `target` when one is named.
Outcome run_child(const std::function<int()>& program, const std::string& target = "") {
  const Scratch scratch;
  const std::string out = target.empty() ? scratch.put("out", "") : target;
  std::cout.flush();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open(scratch.put("err", "").c_str(), O_WRONLY), STDERR_FILENO);
    ::close(STDOUT_FILENO);
    if (target != "closed") ::open(out.c_str(), O_WRONLY);
    const int code = program();
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), scratch.get("out"),
          scratch.get("err")};
}

Outcome sample(
    const std::vector<std::string>& words, const Body& body = [](const auto&) {},
    const std::string& target = "") {
  return run_child([&] { return run_sample(words, body); }, target);
}

}  // namespace

TEST_CASE("a run that works says nothing but its result and ends with 0") {
  const Outcome run = sample({"--steps", "5", "pool.h5"}, [](const po::variables_map& values) {
    std::cout << values["steps"].as<int>() << " " << values["input"].as<std::string>() << "\n";
  });
  CHECK(run.code == 0);
  CHECK(run.out == "5 pool.h5\n");
  CHECK(run.err.empty());
  const auto echo = [](const po::variables_map& values) {
    std::cout << values["input"].as<std::string>();
  };
  CHECK(sample({"-"}, echo).out == "-");
  CHECK(sample({"--", "--odd"}, echo).out == "--odd");
}

TEST_CASE("help is on stdout, wants nothing else, and fits a screen") {
  for (const char* option : {"--help", "-h"}) {
    const Outcome run = sample({option});
    CHECK(run.code == 0);
    CHECK(run.err.empty());
    const auto at = [&run](const char* text) { return run.out.find(text); };
    CHECK(at("attune-sample: draws things") == 0);
    CHECK(at("Usage: attune-sample [options] input\n") < at("Examples:\n  attune-sample --steps"));
    CHECK(at("Examples:") < at("Options:"));
    CHECK(at("--steps arg (=10)") < at("--help"));
    CHECK(at("--version") < at("Exit codes: 0 success"));
    CHECK(run.out.ends_with("after signal n.\n"));
    CHECK(std::count(run.out.begin(), run.out.end(), '\n') <= 24);
  }
}

TEST_CASE("the version names the tool and the libraries that shape its output") {
  REQUIRE(record_version("Sample library", "9.8.7"));
  CHECK_FALSE(record_version("Sample library", "1"));
  const Outcome run = sample({"--version"});
  CHECK(run.code == 0);
  CHECK(run.out == version_line("sample") + "\n");
  CHECK(run.out.starts_with("attune-sample 0."));
  for (const char* part : {"Boost 1.", "GCC ", "OpenSSL 3.", "zlib 1.", "Sample library 9.8.7"}) {
    CHECK(run.out.find(part) != std::string::npos);
  }
}

TEST_CASE("wrong options end with 2 and one line that helps") {
  const auto refused = [](const std::vector<std::string>& words, const std::string& message) {
    const Outcome run = sample(words, [](const auto&) { std::cout << "never"; });
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK(run.err == "attune-sample: error: " + message + ", see --help\n");
  };
  refused({"--stpes=5", "x"}, "unknown option --stpes (did you mean --steps?)");
  refused({"--step=5", "x"}, "unknown option --step (did you mean --steps?)");
  refused({"--momentum=5", "x"}, "unknown option --momentum");
  refused({"-q", "x"}, "unknown option -q");
  refused({"x", "y"}, "more arguments than wanted");
  refused({}, "the option '--input' is required but missing");
  refused({"--steps=five", "x"}, "the argument ('five') for option '--steps' is invalid");
  refused({"--steps=5", "--steps=6", "x"}, "option '--steps' cannot be specified more than once");
  refused({"x", "--steps"}, "the required argument for option '--steps' is missing");
}

TEST_CASE("exceptions become exit codes and one line each") {
  const auto failed = [](const Body& body) { return sample({"x"}, body); };
  Outcome run = failed([](const auto&) { throw Error("x.h5: /pool/x: want uint8, have float"); });
  CHECK(run.code == 1);
  CHECK(run.err == "attune-sample: error: x.h5: /pool/x: want uint8, have float\n");
  run = failed([](const auto&) { throw UsageError("x.json: steps: want 1, have 2"); });
  CHECK(run.code == 2);
  CHECK(run.err == "attune-sample: error: x.json: steps: want 1, have 2\n");
  run = failed([](const auto&) { throw Error("odd\nname\t\x7f.h5: é"); });
  CHECK(run.err == "attune-sample: error: odd\\x0aname\\x09\\x7f.h5: é\n");
  run = failed([](const auto&) { throw Error("odd \u202Ename\xc2\x9b\xff"); });
  CHECK(run.err == "attune-sample: error: odd \\xe2\\x80\\xaename\\xc2\\x9b\\xff\n");
  run = failed([](const auto&) { throw Error(std::string(3999, 'x') + "éé"); });
  CHECK(run.err == "attune-sample: error: " + std::string(3999, 'x') + "…\n");
  run = failed([](const auto&) { throw std::bad_alloc(); });
  CHECK(run.code == 1);
  CHECK(run.err == "attune-sample: error: out of memory\n");
  run = failed([](const auto&) { throw std::runtime_error("boom"); });
  CHECK(run.code == 1);
  run = failed([](const auto&) { throw 5; });
  CHECK(run.code == 1);
  run = failed([](const auto&) { throw Stopped{SIGTERM}; });
  CHECK(run.code == 128 + SIGTERM);
  CHECK(run.err.empty());
}

TEST_CASE("a full disk or a closed stdout is a failure, for text of any kind") {
  const Body print = [](const auto&) { std::cout << "result\n"; };
  const Body write = [](const auto&) { write_stdout("result\n"); };
  const Body commit = [](const auto&) { write_file("-", "result\n"); };
  for (const std::string target : {"/dev/full", "closed"}) {
    CAPTURE(target);
    for (const Body& body : {print, write, commit}) {
      const Outcome run = sample({"x"}, body, target);
      CHECK(run.code == 1);
      CHECK(run.err.starts_with("attune-sample: error: stdout: can't write"));
      CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
    }
    CHECK(sample({"--help"}, print, target).code == 1);
    CHECK(sample({"--version"}, print, target).code == 1);
  }
  CHECK(sample({"x"}, write, "/dev/full").err ==
        "attune-sample: error: stdout: can't write: No space left on device\n");
}

TEST_CASE("a closed stdout does not let the next file take its place") {
  const Scratch scratch;
  const Outcome run = sample(
      {"x"},
      [&scratch](const auto&) {
        AtomicFile file(scratch.path("file"));
        file.write("data");
        file.commit();
        std::cout << "result" << std::flush;
      },
      "closed");
  CHECK(run.code == 1);
  CHECK(scratch.get("file") == "data");
}

TEST_CASE("a reader that leaves ends the tool quietly with 141, temporary files removed") {
  const Scratch scratch;
  for (const bool stream : {true, false}) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::close(ends[0]);
    const Outcome run = run_child([&] {
      ::dup2(ends[1], STDOUT_FILENO);
      return run_sample({"x"}, [&](const auto&) {
        AtomicFile file(scratch.path("out"));
        const std::string large(100000, 'x');
        if (stream) {
          std::cout << large;
        } else {
          write_stdout(large);
        }
      });
    });
    ::close(ends[1]);
    CHECK(run.code == 128 + SIGPIPE);
    CHECK(run.err.empty());
    CHECK(list_files(scratch.folder()).empty());
  }
}

TEST_CASE("standard output as an atomic file appears on commit only") {
  const auto written = [](bool commit) {
    return sample({"x"},
                  [commit](const auto&) {
                    AtomicFile file("-");
                    file.write("whole ");
                    file.write("result");
                    if (commit) file.commit();
                  })
        .out;
  };
  CHECK(written(true) == "whole result");
  CHECK(written(false).empty());
}

TEST_CASE("the first stop signal is noted, the second one ends the process") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto noted = [signal](int times) {
      return run_child([=] {
               return run_sample({"x"}, [=](const auto&) {
                 watch_signals();
                 for (int i = 0; i < times; ++i) ::raise(signal);
                 if (stop_signal() != 0) throw Stopped{stop_signal()};
               });
             })
          .code;
    };
    CHECK(noted(0) == 0);
    CHECK(noted(1) == 128 + signal);
    CHECK(noted(2) == -signal);
  }
}

TEST_CASE("a checkpoint is asked for once per SIGUSR1") {
  const Outcome run = sample({"x"}, [](const auto&) {
    watch_signals();
    std::cout << take_checkpoint_request();
    ::raise(SIGUSR1);
    std::cout << take_checkpoint_request() << take_checkpoint_request() << stop_signal();
  });
  CHECK(run.out == "0100");
}

TEST_CASE("progress is painted on a terminal only, and wiped at the end") {
  const auto paint = [] {
    Progress progress("train", 400);
    progress.update(100, "loss 0.5");
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    progress.update(200, "loss 0.25");
    for (std::size_t i = 201; i < 400; ++i) progress.update(i, "often");
    progress.update(400);
    Progress blocks("blocks", 1000, 200);  // the first update is of many, after a resume
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    blocks.update(600);
  };
  CHECK(run_child([&] {
          paint();
          return 0;
        }).err.empty());

  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  REQUIRE(::grantpt(terminal) == 0);
  REQUIRE(::unlockpt(terminal) == 0);
  const std::string name = ::ptsname(terminal);
  const int side = ::open(name.c_str(), O_RDWR | O_NOCTTY);
  const auto on_terminal = [&](const char* term, bool ci) {
    run_child([&] {
      ::dup2(side, STDERR_FILENO);
      ::setenv("TERM", term, 1);
      if (ci) {
        ::setenv("CI", "true", 1);
      } else {
        ::unsetenv("CI");
      }
      paint();
      return 0;
    });
    ::fcntl(terminal, F_SETFL, O_NONBLOCK);
    std::string seen(10000, '\0');
    const ssize_t count = ::read(terminal, seen.data(), seen.size());
    return seen.substr(0, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  };
  const std::string seen = on_terminal("xterm", false);
  CHECK(seen.find("train 100/400") != std::string::npos);
  CHECK(seen.find("/s  ETA 0:") != std::string::npos);
  CHECK(seen.find("loss 0.25") != std::string::npos);
  CHECK(std::count(seen.begin(), seen.end(), '\r') < 100);  // not each of 200 quick updates
  CHECK(seen.find("train 400/400") != std::string::npos);
  CHECK(seen.find("ETA 0:01", seen.find("blocks 600/1000")) != std::string::npos);
  CHECK(seen.ends_with("\r\033[K"));
  CHECK(on_terminal("dumb", false).empty());
  CHECK(on_terminal("xterm", true).empty());
  ::close(side);
  ::close(terminal);
}
