#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "base/cli.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

constexpr double kBetweenPaints = 0.1;  // seconds

double seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

bool lively_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && std::getenv("CI") == nullptr && term != nullptr &&
         std::string_view(term) != "dumb";
}

// 75 → "1:15", 3675 → "1:01:15".
std::string clock_text(double duration) {
  const auto whole = static_cast<std::int64_t>(std::min(std::ceil(duration), 3.6e6));
  const auto two = [](std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours == 0) return std::to_string(minutes) + ":" + two(whole % 60);
  return std::to_string(hours) + ":" + two(minutes) + ":" + two(whole % 60);
}

// A repaint that fails (terminal gone) is no reason to end the work.
void paint(const std::string& line) {
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace

Progress::Progress(std::string title, std::size_t total, std::size_t done)
    : title_(std::move(title)),
      total_(total),
      first_(done),
      terminal_(lively_terminal()),
      start_(seconds()) {}

Progress::~Progress() {
  if (terminal_ && painted_ > 0) paint("\r\033[K");
}

void Progress::update(std::size_t done, const std::string& note) {
  if (!terminal_) return;
  const double now = seconds();
  if (done < total_ && now - painted_ < kBetweenPaints) return;
  painted_ = now;
  const double elapsed = std::max(now - start_, 1e-9);
  const double rate = static_cast<double>(done - std::min(done, first_)) / elapsed;
  const std::size_t left = total_ - std::min(done, total_);
  std::string line = "\r\033[K" + title_ + " " + std::to_string(done) + "/" +
                     std::to_string(total_) + "  " + to_text(rate, rate < 10 ? 2 : 0) + "/s";
  if (left > 0 && rate > 0) line += "  ETA " + clock_text(static_cast<double>(left) / rate);
  paint(note.empty() ? line : line + "  " + note);
}

}  // namespace attune
