#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "array/storage.hpp"
#include "base/cli.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "bench/attention_kinds.hpp"
#include "bench/attention_plot.hpp"
#include "bench/rounds.hpp"

namespace po = boost::program_options;
using namespace attune;
using bench::Kind;
using bench::Subject;

namespace {

const ToolInfo kInfo{
    "bench-attention", "times one kind of attention at one length; make bench-attention runs it",
    "  attune-bench-attention list\n"
    "  echo 10 | attune-bench-attention time --kind 'structures/cross' --items 1000 --both\n"
    "  attune-bench-attention plot --rows bench-attention.tsv -o bench-attention.svg\n"};

// A line of /proc/self/status, in MiB.
double status_mib(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) {
      const std::string rest(trim(line.substr(name.size() + 1)));
      return static_cast<double>(parse_integer(rest.substr(0, rest.find(' ')), name)) / 1024;
    }
  throw Error("/proc/self/status: want a line " + name + ", have none");
}

// Gives back what isn't in use, and lets the peak begin anew. Returns what is in use.
double begin_peak() {
  storage::release_unused();
  malloc_trim(0);
  std::ofstream reset("/proc/self/clear_refs");
  if (!(reset << 5 << std::flush)) throw Error("/proc/self/clear_refs: can't write");
  return status_mib("VmRSS");
}

// OpenBLAS asks for a buffer per thread at its first use, and for ever where it can't be had: all
// threads multiply at once, before memory is limited.
void warm_up_blas() {
  constexpr std::size_t kSide = 256, kTimes = 8;
  const Array square = Array::full({kSide, kSide}, 1);
  for (std::size_t i = 0; i < kTimes; ++i) {
    const auto team = static_cast<std::size_t>(threads());
    std::atomic<std::size_t> here{0};
    kernel::parallel_for(team, [&](std::size_t) {
      ++here;
      const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(1);
      while (here < team && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
      kernel::matmul(square, square, false, false);
    });
  }
}

// More than `mib` beyond what is mapped now can't be had.
void limit_memory(std::int64_t mib) {
#ifndef __SANITIZE_ADDRESS__  // which maps terabytes
  const auto bytes =
      static_cast<rlim_t>((status_mib("VmSize") + static_cast<double>(mib)) * 0x1p20);
  const rlimit limit{bytes, bytes};
  if (setrlimit(RLIMIT_AS, &limit) != 0) throw Error("memory: can't limit it");
#else
  static_cast<void>(mib);
#endif
}

// Of each array its norm, then its product with a fixed one: what the other side must have too.
void note(const std::vector<Array>& arrays, bench::Rounds& rounds) {
  for (const Array& array : arrays) {
    double squares = 0, product = 0;
    for (std::size_t i = 0; i < array.size(); ++i) {
      const auto x = static_cast<double>(array.data()[i]);
      squares += x * x;
      product += x * static_cast<double>(bench::hashed(i, 31));
    }
    rounds.note(std::sqrt(squares));
    rounds.note(product);
  }
}

std::vector<Array> step(Subject& subject, bool both) {
  if (both) return subject.both();
  return {subject.forward()};
}

Kind kind_named(const std::string& name) {
  for (const Kind& kind : bench::attention_kinds())
    if (kind.group + "/" + kind.name == name) return kind;
  throw UsageError("--kind: want one of `attune-bench-attention list`, have " + name);
}

// Steps as stdin asks for them; after the last a line with the peak of memory, which counts from
// after a warm-up of few items: what libraries keep is not the kind's.
void time_kind(const po::variables_map& options) {
  constexpr std::size_t kFew = 256;
  set_threads(options["threads"].as<int>());
  const Kind kind = kind_named(options["kind"].as<std::string>());
  const std::size_t items = whole_number(options, "items", bench::kWays, 10'000'000);
  const bool both = options.contains("both");
  warm_up_blas();
  step(*kind.make(std::min(kFew, items)), both);
  const double before = begin_peak();
  limit_memory(static_cast<std::int64_t>(whole_number(options, "mib", 1, 1 << 30)));
  const std::unique_ptr<Subject> subject = kind.make(items);
  bench::Rounds rounds;
  for (bool first = true; rounds.next(); first = false) {
    const std::vector<Array> results = step(*subject, both);
    if (first && options.contains("check")) note(results, rounds);
  }
  write_stdout("{\"mib\": " + to_text(status_mib("VmHWM") - before, 3) + "}\n");
}

void run(const po::variables_map& options) {
  const std::string task = options["task"].as<std::string>();
  if (task == "list") {
    for (const Kind& kind : bench::attention_kinds())
      write_stdout(kind.group + "/" + kind.name + "\n");
  } else if (task == "time") {
    time_kind(options);
  } else if (task == "plot") {
    bench::plot_attention(options["rows"].as<std::string>(), options["output"].as<std::string>());
  } else {
    throw UsageError("task: want list, time or plot, have " + task);
  }
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  options.add_options()("task", po::value<std::string>()->required(), "list, time or plot")(
      "kind", po::value<std::string>()->default_value("structures/cross"), "group/name")(
      "items", po::value<std::int64_t>()->default_value(1000), "queries, and support items")(
      "both", "backward too")("check", "say norms and products of the first step's results")(
      "threads", po::value<int>()->default_value(1), "of all kernels")(
      "mib", po::value<std::int64_t>()->default_value(8192), "memory that may be used")(
      "rows", po::value<std::string>()->default_value("-"), "what plot reads, TSV")(
      "output,o", po::value<std::string>()->default_value("-"), "of plot: .svg, or .png");
  po::positional_options_description positional;
  positional.add("task", 1);
  return run_tool(argc, argv, kInfo, options, positional, run);
}
