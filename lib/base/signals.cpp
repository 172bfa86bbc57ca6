#include <csignal>

#include "base/cli.hpp"

namespace attune {

namespace {

volatile std::sig_atomic_t stop = 0;
volatile std::sig_atomic_t checkpoint = 0;

void on_stop(int signal) { stop = signal; }
void on_checkpoint(int) { checkpoint = 1; }

void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void watch_signals() {
  // The handler serves once: a second signal ends the process, should the loop hang.
  constexpr auto kOnce = static_cast<int>(SA_RESTART | SA_RESETHAND);
  handle(SIGINT, on_stop, kOnce);
  handle(SIGTERM, on_stop, kOnce);
  handle(SIGUSR1, on_checkpoint, SA_RESTART);
}

int stop_signal() { return stop; }

bool take_checkpoint_request() {
  const bool asked = checkpoint != 0;
  checkpoint = 0;
  return asked;
}

}  // namespace attune
