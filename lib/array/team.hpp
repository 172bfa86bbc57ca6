#pragma once
#include <cstddef>
#include <memory>

namespace attune {

// Threads that wait asleep for work, so that neighbours get the cores meanwhile. Below
// parallel_for, which alone uses it.
class Team {
 public:
  // A callable of no arguments, which several threads run at once.
  class Task {
   public:
    template <typename Callable>
    explicit Task(const Callable& callable)
        : object_(std::addressof(callable)),
          call_([](const void* object) { (*static_cast<const Callable*>(object))(); }) {}
    void operator()() const { call_(object_); }

   private:
    const void* object_;
    void (*call_)(const void* object);
  };

  // The team of the process.
  static Team& own();

  // Starts threads until there are that many beside the caller. Error where the system has no more.
  void grow(std::size_t helpers);

  // The caller runs the task, and up to `helpers` other threads run it beside it if they get a core
  // in time. Returns when all who began have ended; the task itself shares the work out, and must
  // not throw. False, and nothing is done, while another thread is in here.
  bool run(Task task, std::size_t helpers);

  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

 private:
  Team();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attune
