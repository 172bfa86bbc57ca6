#include "base/cli.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <unistd.h>
#include <zlib.h>

#include <boost/program_options/parsers.hpp>
#include <boost/version.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <map>
#include <new>
#include <sstream>

#include "base/instructions.hpp"
#include "base/output.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

namespace po = boost::program_options;

constexpr int kFailure = 1, kMisuse = 2, kSignalled = 128;

std::vector<std::string>& notes() {
  static std::vector<std::string> known;
  return known;
}

std::map<std::string, std::string>& versions() {
  static std::map<std::string, std::string> known{
      {"Boost", std::to_string(BOOST_VERSION / 100000) + "." +
                    std::to_string(BOOST_VERSION / 100 % 1000) + "." +
                    std::to_string(BOOST_VERSION % 100)},
      {"GCC", __VERSION__},
      {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)},
      {"zlib", zlibVersion()}};
  return known;
}

// A closed standard descriptor would be given to the next file opened, and messages would land in
// it. What stands in is opened so that writing to stdout still fails.
void hold_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    const int stand_in = ::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    if (stand_in >= 0 && stand_in != descriptor) {
      ::dup2(stand_in, descriptor);
      ::close(stand_in);
    }
  }
}

// One line of bounded length whatever the message holds, which may be names of files.
std::string one_line(std::string_view message) {
  constexpr std::size_t kLongest = 4000;
  std::string line = printable(message);
  if (line.size() <= kLongest) return line;
  std::size_t end = kLongest;
  while ((static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;  // within a letter
  return line.substr(0, end) + "…";
}

// Without a byte of new memory.
int complain_out_of_memory(const std::string& verb) {
  for (const std::string_view part : {std::string_view("attune-"), std::string_view(verb),
                                      std::string_view(": error: out of memory\n")}) {
    if (::write(STDERR_FILENO, part.data(), part.size()) < 0) break;
  }
  return kFailure;
}

int complain(const std::string& verb, const char* message, int code) {
  try {
    std::cerr << "attune-" + verb + ": error: " + one_line(message) + "\n" << std::flush;
    return code;
  } catch (const std::exception&) {
    return complain_out_of_memory(verb);
  }
}

std::string usage(const ToolInfo& info, const po::positional_options_description& positional) {
  std::string line = "Usage: attune-" + info.verb + " [options]";
  const unsigned named = positional.max_total_count();
  constexpr unsigned kUnlimited = ~0U;
  std::string last;
  for (unsigned i = 0; i < named && (named != kUnlimited || i < 16); ++i) {
    const std::string& name = positional.name_for_position(i);
    if (name == last) return line + "...";
    line += " " + name;
    last = name;
  }
  return line;
}

std::string help(const ToolInfo& info, const po::options_description& options,
                 const po::positional_options_description& positional) {
  std::ostringstream text;
  text << "attune-" << info.verb << ": " << info.summary << "\n"
       << usage(info, positional) << "\n\nExamples:\n"
       << info.examples << (info.examples.ends_with('\n') ? "\n" : "\n\n") << "Options:\n"
       << options
       << "\nExit codes: 0 success, 1 bad data or file, 2 wrong use, 128+n after signal n.\n";
  return text.str();
}

// The long name of each option, with its dashes.
std::vector<std::string> option_names(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  return names;
}

po::variables_map parse(int argc, char** argv, const po::options_description& options,
                        const po::positional_options_description& positional) {
  namespace style = po::command_line_style;
  // No abbreviations: they change their meaning when an option is added.
  constexpr auto kStyle =
      static_cast<int>(style::unix_style) & ~static_cast<int>(style::allow_guessing);
  po::variables_map values;
  try {
    po::command_line_parser parser(argc, argv);
    po::store(parser.options(options).positional(positional).style(kStyle).run(), values);
    if (!values.contains("help") && !values.contains("version")) po::notify(values);
  } catch (const po::unknown_option& error) {
    const std::string given = error.get_option_name();
    const std::string name = given.substr(0, given.find('='));
    const std::string near = nearest(name, option_names(options));
    throw UsageError("unknown option " + name +
                     (near.empty() ? "" : " (did you mean " + near + "?)") + ", see --help");
  } catch (const po::too_many_positional_options_error&) {
    throw UsageError("more arguments than wanted, see --help");
  } catch (const po::error& error) {
    throw UsageError(std::string(error.what()) + ", see --help");
  }
  return values;
}

// What the body left in std::cout; a reader that has gone (| head) is no error.
void flush_stdout() {
  std::cout.flush();
  if (std::cout) return;
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  if (::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0) throw Stopped{SIGPIPE};
  throw Error("stdout: can't write");
}

}  // namespace

std::uint64_t whole_number(const po::variables_map& options, const std::string& name,
                           std::int64_t least, std::int64_t most) {
  const std::int64_t value = options[name].as<std::int64_t>();
  if (value < least || value > most) {
    throw UsageError("--" + name + ": want " + std::to_string(least) + " to " +
                     std::to_string(most) + ", have " + std::to_string(value));
  }
  return static_cast<std::uint64_t>(value);
}

bool record_version(const std::string& library, const std::string& version) {
  return versions().emplace(library, version).second;
}

bool record_note(const std::string& note) {
  notes().push_back(note);
  return true;
}

std::string version_line(const std::string& verb) {
  std::vector<std::string> parts;
  for (const auto& [library, version] : versions()) parts.push_back(library + " " + version);
  return "attune-" + verb + " " + ATTUNE_VERSION + " (" + join(parts, ", ") + ")";
}

int out_of_memory(const ToolInfo& info) { return complain_out_of_memory(info.verb); }

int run_tool(int argc, char** argv, const ToolInfo& info, const po::options_description& options,
             const po::positional_options_description& positional,
             const std::function<void(const po::variables_map&)>& body) {
  hold_standard_descriptors();
  end_on_signals();
  // Writing to a closed pipe becomes an error like any other, so that temporary files are removed.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // so does writing beyond the limit of the file size
  try {
    po::options_description all = options;
    all.add_options()("help,h", "this text")("version", "version of the tool and its libraries");
    const po::variables_map values = parse(argc, argv, all, positional);
    check_instructions();
    for (const std::string& note : notes())
      std::cerr << "attune-" + info.verb + ": note: " + one_line(note) + "\n" << std::flush;
    if (values.contains("help")) {
      write_stdout(help(info, all, positional));
    } else if (values.contains("version")) {
      write_stdout(version_line(info.verb) + "\n");
    } else {
      body(values);
    }
    flush_stdout();
    return 0;
  } catch (const Stopped& stopped) {
    return kSignalled + stopped.signal;
  } catch (const UsageError& error) {
    return complain(info.verb, error.what(), kMisuse);
  } catch (const std::bad_alloc&) {
    return complain_out_of_memory(info.verb);
  } catch (const std::exception& error) {
    return complain(info.verb, error.what(), kFailure);
  } catch (...) {
    return complain(info.verb, "unknown exception", kFailure);
  }
}

}  // namespace attune
