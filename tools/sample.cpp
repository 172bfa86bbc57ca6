#include <boost/program_options.hpp>
#include <iostream>

#include "base/cli.hpp"
#include "base/file.hpp"
#include "episode/episodes.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "sample", "draws episodes from a pool and freezes them in a file (HDF5)",
    "  attune-sample --pool p.h5 --split test --ways 20 --shots 1 --queries 15 --episodes 10000 "
    "\\\n"
    "    --seed 1 -o test_20w1s.h5\n"
    "  attune-sample --pool p.h5 --split val --episodes 50 --without-replacement -o val.h5\n"
    "Prints the file, the number of episodes and the content hash. Equal arguments and pools give\n"
    "equal files; episode n does not depend on how many are drawn (with replacement).\n"};

void sample(const po::variables_map& options) {
  constexpr std::int64_t kMost = 1 << 24;
  EpisodeShape shape;
  shape.ways = static_cast<std::uint32_t>(whole_number(options, "ways", 2, kMost));
  shape.shots = static_cast<std::uint32_t>(whole_number(options, "shots", 1, kMost));
  shape.queries = static_cast<std::uint32_t>(whole_number(options, "queries", 1, kMost));
  shape.distinct_groups = options["distinct-groups"].as<bool>();
  const std::uint64_t count = whole_number(options, "episodes", 1, std::int64_t{1} << 30);
  const std::uint64_t seed = whole_number(options, "seed", 0, INT64_MAX);
  const bool with_replacement = !options["without-replacement"].as<bool>();
  const std::string output = options["output"].as<std::string>();

  const Pool pool = read_pool(options["pool"].as<std::string>());
  EpisodeFile file =
      draw_episodes(pool, options["split"].as<std::string>(), shape, count, seed, with_replacement);
  if (file.classes_left_out > 0) {
    std::cerr << "attune-sample: note: " << file.classes_left_out
              << " classes have groups that can't be shared out and are left out\n";
  }
  const std::string hash = write_episodes(output, file);
  write_stdout(output + "\t" + std::to_string(file.count()) + "\t" + hash + "\n");
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  options.add_options()("pool", po::value<std::string>()->required(), "pool of attune-convert")(
      "split", po::value<std::string>()->default_value("test"),
      "train, val, test, or some joined by '+'")(
      "ways", po::value<std::int64_t>()->default_value(5), "classes of an episode, N")(
      "shots", po::value<std::int64_t>()->default_value(1), "support examples per class, K")(
      "queries", po::value<std::int64_t>()->default_value(15), "query examples per class")(
      "episodes", po::value<std::int64_t>()->required(), "how many")(
      "seed", po::value<std::int64_t>()->default_value(0), "of the draw")(
      "without-replacement", po::bool_switch(), "use no example in two episodes")(
      "distinct-groups", po::bool_switch(),
      "share no group (font face, drawer) between support and query of an episode")(
      "output,o", po::value<std::string>()->required(), "episode file");
  return run_tool(argc, argv, kInfo, options, {}, sample);
}
