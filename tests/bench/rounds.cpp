#include "bench/rounds.hpp"

#include <sys/resource.h>

#include <iostream>

#include "array/storage.hpp"
#include "base/cli.hpp"
#include "base/output.hpp"
#include "base/text.hpp"

namespace attune::bench {
namespace {

rusage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

std::string list(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(to_text(value));
  return "[" + join(texts, ", ") + "]";
}

}  // namespace

Rounds::Rounds() { write_stdout("{\"versions\": \"" + version_line("bench") + "\"}\n"); }

bool Rounds::next() {
  if (left_ > 0) {
    const Clock::time_point now = Clock::now();
    seconds_.push_back(std::chrono::duration<double>(now - began_).count());
    began_ = now;
    if (--left_ > 0) return true;
    report();
  }
  return wait();
}

bool Rounds::wait() {
  std::string line;
  if (!std::getline(std::cin, line)) return false;
  const std::int64_t steps = parse_integer(line, "stdin: number of steps");
  if (steps < 1) throw UsageError("stdin: want 1 step or more, have " + line);
  left_ = static_cast<std::size_t>(steps);
  seconds_.clear();
  losses_.clear();
  allocations_ = storage::usage().system_allocations;
  faults_ = usage_now().ru_minflt;
  began_ = Clock::now();
  return true;
}

void Rounds::report() {
  const rusage usage = usage_now();
  write_stdout(
      "{\"seconds\": " + list(seconds_) + ", \"losses\": " + list(losses_) +
      ", \"allocations\": " + std::to_string(storage::usage().system_allocations - allocations_) +
      ", \"page_faults\": " + std::to_string(usage.ru_minflt - faults_) +
      ", \"peak_memory_mib\": " + to_text(static_cast<double>(usage.ru_maxrss) / 1024, 1) + "}\n");
}

}  // namespace attune::bench
