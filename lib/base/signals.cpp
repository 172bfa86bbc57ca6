#include <unistd.h>

#include <csignal>

#include "base/cli.hpp"
#include "base/temporary.hpp"

namespace attune {

namespace {

constexpr unsigned kPatience = 4;  // seconds

volatile std::sig_atomic_t stop = 0;
volatile std::sig_atomic_t watched = 0;
volatile std::sig_atomic_t checkpoint = 0;

// The signal's own end comes when the handler returns.
void leave(int signal) {
  remove_temporaries();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void on_stop(int signal) {
  if (watched == 0 || stop != 0) return leave(signal);
  stop = signal;
  alarm(kPatience);
}
void on_alarm(int) { leave(stop != 0 ? stop : SIGALRM); }
void on_checkpoint(int) { checkpoint = 1; }

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void end_on_signals() {
  handle(SIGINT, on_stop);
  handle(SIGTERM, on_stop);
  handle(SIGALRM, on_alarm);
  struct sigaction hangup {};
  // nohup wants it ignored.
  if (sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
    handle(SIGHUP, on_stop);
}

void watch_signals() {
  watched = 1;
  handle(SIGUSR1, on_checkpoint);
}

int stop_signal() { return stop; }

bool take_checkpoint_request() {
  const bool asked = checkpoint != 0;
  checkpoint = 0;
  return asked;
}

}  // namespace attune
