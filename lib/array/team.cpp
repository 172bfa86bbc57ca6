#include "array/team.hpp"

#include <omp.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace attune {
namespace {

// How long a thread looks again and again before it sleeps: most work comes sooner, and waking a
// thread takes about as long.
constexpr std::chrono::microseconds kPatience{30};

// Until `changed` says yes; false when patience ended first.
template <typename Changed>
bool watch(const Changed& changed) {
  constexpr int kLooks = 64;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  do {
    for (int look = 0; look < kLooks; ++look) {
      if (changed()) return true;
      __builtin_ia32_pause();
    }
  } while (std::chrono::steady_clock::now() < until);
  return false;
}

}  // namespace

struct Team::State {
  static constexpr std::uint32_t kOpen = 1, kMember = 2;

  std::vector<std::jthread> threads;
  std::mutex one_at_a_time;
  const Task* task = nullptr;
  std::size_t helpers = 0;
  alignas(64) std::atomic<std::uint32_t> round{0};    // goes up with each task, and at the end
  alignas(64) std::atomic<std::uint32_t> members{0};  // kMember for each who runs it; kOpen to more
  std::atomic<bool> over{false};

  // Whether thread `number` may run the task that is open now.
  bool join(std::size_t number) {
    std::uint32_t seen = members.load(std::memory_order_acquire);
    while ((seen & kOpen) != 0) {
      if (members.compare_exchange_weak(seen, seen + kMember, std::memory_order_acq_rel)) {
        if (number < helpers) return true;
        leave();
        return false;
      }
    }
    return false;
  }
  void leave() {
    if (members.fetch_sub(kMember, std::memory_order_acq_rel) == kMember) members.notify_one();
  }

  void serve(std::size_t number, std::uint32_t seen) {
    omp_set_num_threads(1);  // oneDNN would ask for a team of its own
    while (!over) {
      const auto changed = [&] { return round.load(std::memory_order_acquire) != seen; };
      if (!watch(changed)) round.wait(seen, std::memory_order_acquire);
      seen = round.load(std::memory_order_acquire);
      if (!join(number)) continue;
      (*task)();
      leave();
    }
  }
};

Team::Team() : state_(std::make_unique<State>()) {}

Team::~Team() {
  state_->over = true;
  ++state_->round;
  state_->round.notify_all();
}

Team& Team::own() {
  static Team team;
  return team;
}

void Team::grow(std::size_t helpers) {
  const std::lock_guard lock(state_->one_at_a_time);
  try {
    while (state_->threads.size() < helpers)
      state_->threads.emplace_back([state = state_.get(), number = state_->threads.size(),
                                    round = state_->round.load()] { state->serve(number, round); });
  } catch (const std::system_error& error) {
    throw Error("threads: want " + std::to_string(helpers + 1) +
                ", can't start as many: " + error.code().message() + " (lower --threads)");
  }
}

bool Team::run(Task task, std::size_t helpers) {
  State& state = *state_;
  const std::unique_lock lock(state.one_at_a_time, std::try_to_lock);
  if (!lock.owns_lock()) return false;
  state.task = &task;
  state.helpers = helpers;
  state.members.store(State::kOpen, std::memory_order_release);
  state.round.fetch_add(1, std::memory_order_release);
  state.round.notify_all();
  task();
  state.members.fetch_and(~State::kOpen, std::memory_order_acq_rel);
  const auto alone = [&] { return state.members.load(std::memory_order_acquire) == 0; };
  if (!watch(alone)) {
    for (std::uint32_t left; (left = state.members.load(std::memory_order_acquire)) != 0;)
      state.members.wait(left, std::memory_order_acquire);
  }
  return true;
}

}  // namespace attune
