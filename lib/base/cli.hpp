#pragma once
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>
#include <functional>
#include <new>
#include <string>

#include "base/error.hpp"

namespace attune {

// What a tool says of itself.
struct ToolInfo {
  std::string verb;      // "train"; the program is attune-train
  std::string summary;   // one line
  std::string examples;  // whole lines, shown first in --help
};

// Runs a tool: parses options (adds --help and --version), calls `body`, maps exceptions to one
// stderr line "attune-<verb>: error: …" and the exit code: 0 success, 1 Error (and any other
// exception), 2 UsageError and bad options (with a did-you-mean), 128+n after signal n. Unknown std
// exceptions (bad_alloc) become code 1 too, and saying so needs no memory. stdout is flushed and
// checked. Notes and a wrong ATTUNE_BITS are told first. SIGPIPE ends quietly with 141. Inside
// `body` the options are in a boost variables_map; positional arguments by `positional`.
int run_tool(int argc, char** argv, const ToolInfo& info,
             const boost::program_options::options_description& options,
             const boost::program_options::positional_options_description& positional,
             const std::function<void(const boost::program_options::variables_map&)>& body);

// For main, where memory may run out before run_tool: says so, without any, and gives the exit
// code.
int out_of_memory(const ToolInfo& info);

// The value of an option declared as po::value<std::int64_t>; UsageError outside least … most.
// (An unsigned option would take -1 for the largest number.)
std::uint64_t whole_number(const boost::program_options::variables_map& options,
                           const std::string& name, std::int64_t least, std::int64_t most);

// A library that its layer wants named in version_line; called from a static initialiser:
//   const bool recorded = record_version("HDF5", "1.10.8");
bool record_version(const std::string& library, const std::string& version);
// A note on the surroundings, which run_tool writes to stderr before the work begins; called from a
// static initialiser, too.
bool record_note(const std::string& note);
std::string version_line(const std::string& verb);  // "attune-train 0.1.0 (HDF5 1.10.8, …)"

// From here on SIGINT, SIGTERM and SIGHUP remove the temporary files of this process and end it
// with 128+n; run_tool calls it.
void end_on_signals();
// From here on the first of these signals only sets a flag that long loops ask for, and ends the
// process as above after 4 seconds, should no loop ask; a second one ends it at once. SIGUSR1 asks
// for a checkpoint now. stop_signal: 0 when none came.
void watch_signals();
int stop_signal();
bool take_checkpoint_request();
// Progress on stderr: a repainted line when stderr is a terminal (not TERM=dumb, not CI), else
// nothing. `done`: where a resumed run starts; only what is done from there tells the rate.
class Progress {
 public:
  Progress(std::string title, std::size_t total, std::size_t done = 0);
  ~Progress();
  void update(std::size_t done, const std::string& note = "");  // rate and ETA are added

 private:
  std::string title_;
  std::size_t total_, first_;
  bool terminal_;
  double start_, painted_ = 0;
};

}  // namespace attune
