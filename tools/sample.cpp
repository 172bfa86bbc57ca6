#include <algorithm>
#include <boost/program_options.hpp>
#include <iostream>

#include "base/cli.hpp"
#include "base/output.hpp"
#include "train/task_family.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "sample", "draws episodes and freezes them in a file (HDF5)",
    "  attune-sample --pool p.h5 --split test --ways 20 --shots 1 --queries 15 --episodes 10000 "
    "\\\n"
    "    --seed 1 -o test_20w1s.h5\n"
    "  attune-sample --pool p.h5 --split val --episodes 50 --without-replacement -o val.h5\n"
    "  attune-sample --config test.json --episodes 20000 -o test.h5\n"
    "The configuration names the task, as that of attune-train does; without one it is few-shot\n"
    "classification, whose episodes --ways and so on describe. Prints the file, the number of\n"
    "episodes and the content hash. Equal arguments and pools give equal files; episode n does "
    "not\n"
    "depend on how many are drawn (with replacement).\n"};

// Of classification alone: they are keys of its configuration.
constexpr const char* kSizes[] = {"ways", "shots", "queries"};
constexpr const char* kFlags[] = {"without-replacement", "distinct-groups"};

Config read_config(const po::variables_map& options) {
  Config config =
      options.count("config") ? Config::load(options["config"].as<std::string>()) : Config();
  if (options.count("set"))
    for (const std::string& assignment : options["set"].as<std::vector<std::string>>())
      config.set(assignment);
  const std::string family = family_name(config);
  const auto put = [&](std::string key, const std::string& value) {
    if (family != "classification")
      throw UsageError("--" + key + ": want none for a task of " + family + ", have it");
    std::ranges::replace(key, '-', '_');
    config.set("episodes." + key + "=" + value);
  };
  for (const char* key : kSizes) {
    constexpr std::int64_t kMost = 1 << 24;
    const std::int64_t least = key == std::string("ways") ? 2 : 1;
    if (options.count(key)) put(key, std::to_string(whole_number(options, key, least, kMost)));
  }
  for (const char* key : kFlags)
    if (options[key].as<bool>()) put(key, "true");
  return config;
}

void sample(const po::variables_map& options) {
  SampleOrder order;
  order.pool = options.count("pool") ? options["pool"].as<std::string>() : "";
  order.split = options["split"].as<std::string>();
  const Config config = read_config(options);
  order.episodes = whole_number(options, "episodes", 1, std::int64_t{1} << 30);
  order.seed = whole_number(options, "seed", 0, INT64_MAX);
  order.path = options["output"].as<std::string>();
  order.note = [](const std::string& text) { std::cerr << "attune-sample: note: " + text + "\n"; };
  check_pool_option(config, order.pool);
  const std::string hash = task_family(config)->sample(config, order);
  write_stdout(order.path + "\t" + std::to_string(order.episodes) + "\t" + hash + "\n");
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  options.add_options()("pool", po::value<std::string>(),
                        "pool of attune-convert, where the task has one")(
      "config", po::value<std::string>(), "JSON: the task, and what its episodes are")(
      "set", po::value<std::vector<std::string>>()->composing(), "one key of it; repeatable")(
      "split", po::value<std::string>()->default_value("test"),
      "train, val, test, or some joined by '+'")("ways", po::value<std::int64_t>(),
                                                 "classes of an episode, N (default: 5)")(
      "shots", po::value<std::int64_t>(), "support examples per class, K (default: 1)")(
      "queries", po::value<std::int64_t>(), "query examples per class (default: 15)")(
      "episodes", po::value<std::int64_t>()->required(), "how many")(
      "seed", po::value<std::int64_t>()->default_value(0), "of the draw")(
      "without-replacement", po::bool_switch(), "use no example in two episodes")(
      "distinct-groups", po::bool_switch(),
      "share no group (font face, drawer) between support and query of an episode")(
      "output,o", po::value<std::string>()->required(), "episode file");
  return run_tool(argc, argv, kInfo, options, {}, sample);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
