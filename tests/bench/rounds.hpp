#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace attune::bench {

// The talk with run.py: each line of stdin is a number of steps. When they are done, one JSON line
// on stdout tells the seconds of each step, the losses noted, the memory blocks asked from the
// system meanwhile, page faults and the peak memory so far. The time between rounds does not count.
class Rounds {
 public:
  Rounds();  // greets with the versions of program and libraries
  // Called before each step: ends the step before it and, after a round's last, waits for the next
  // round. False when stdin ends. Error for a line that is no number of steps.
  bool next();
  void note(double loss) { losses_.push_back(loss); }

 private:
  using Clock = std::chrono::steady_clock;
  bool wait();
  void report();

  std::size_t left_ = 0, allocations_ = 0;
  long faults_ = 0;
  std::vector<double> seconds_, losses_;
  Clock::time_point began_;
};

}  // namespace attune::bench
