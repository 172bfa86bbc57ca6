// Preloaded into a program: the clock of the day shows another time and may jump. The steady clock,
// which no one can set, stays as it is.
//   CLOCK_OFFSET   seconds that it goes before or (negative) behind
//   CLOCK_JUMP     further seconds, once CLOCK_AFTER seconds have passed since the program began
//   CLOCK_LEAP     a second that comes twice, as at 23:59:60: every CLOCK_LEAP seconds one of them
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

#include <cstdlib>

namespace {

using GetTime = int(clockid_t, timespec*);

double setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? 0 : std::atof(value);
}

int real(clockid_t clock, timespec* out) {
  static auto* const next = reinterpret_cast<GetTime*>(dlsym(RTLD_NEXT, "clock_gettime"));
  return next(clock, out);
}

double steady() {
  timespec at{};
  real(CLOCK_MONOTONIC, &at);
  return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
}

// Seconds to add now.
time_t shift() {
  static const double begun = steady(), offset = setting("CLOCK_OFFSET"),
                      jump = setting("CLOCK_JUMP"), after = setting("CLOCK_AFTER"),
                      leap = setting("CLOCK_LEAP");
  const double passed = steady() - begun;
  double seconds = offset;
  if (passed >= after) seconds += jump;
  if (leap > 0) seconds -= static_cast<double>(static_cast<long>(passed / leap));
  return static_cast<time_t>(seconds);
}

bool of_the_day(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) {
  const int status = real(clock, out);
  if (status == 0 && of_the_day(clock)) out->tv_sec += shift();
  return status;
}

int gettimeofday(timeval* out, void*) {
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);
  out->tv_sec = at.tv_sec;
  out->tv_usec = at.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) {
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);
  if (out != nullptr) *out = at.tv_sec;
  return at.tv_sec;
}
}
