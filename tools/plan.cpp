#include "experiment/plan.hpp"

#include "base/cli.hpp"
#include "base/output.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "plan", "an experiment as make rules: pools, episodes, models, rows, tables",
    "  attune-plan -o glyphs.mk experiments/glyphs.json && make -f glyphs.mk BIN=build/tools\n"
    "  attune-plan --results quick --steps 20 --episodes 100 experiments/glyphs.json\n"
    "\n"
    "The experiment, in JSON (experiments/README.md has more):\n"
    "  title, claim   of the table\n"
    "  like           another experiment: keys that are absent here are taken from it\n"
    "  pools          {name: {reader, input, config, needs}}; input may hold $(DATA)\n"
    "  tests          {name: {pool, split, ways, shots, queries, episodes, seed,\n"
    "                  distinct_groups, without_replacement}}: the columns\n"
    "  validation     {pool: the same}, split val by default: chooses the stopping point\n"
    "  base           configuration of attune-train that the cells start from\n"
    "  cells          [{name, pool, config, final, seeds, tests, validation, transductive,\n"
    "                 episodes, published}]: the lines; published names the line to compare with; "
    "or\n"
    "                 {name, from}, with from \"experiment/cell\" to test another's model\n"
    "  final          train+val (second run, as many steps as validation chose), train, none\n"
    "  seeds          one run each\n"
    "  published      [{name, source, saw, protocol, beside: [cells],\n"
    "                 values: {test: [percent, half-width]}}]\n"
    "  plots          pictures of attune-plot to make with the tables, e.g. [\"costs\"]\n"
    "\n"
    "Also writes the configurations that the rules depend on, below <results>/runs, each only\n"
    "when it changed: adding a seed or a cell trains nothing else anew.\n"};

void plan(const po::variables_map& options) {
  constexpr std::int64_t kMost = 1'000'000'000;
  PlanOptions how;
  how.results = options["results"].as<std::string>();
  how.steps = static_cast<std::uint32_t>(whole_number(options, "steps", 0, kMost));
  how.episodes = static_cast<std::uint32_t>(whole_number(options, "episodes", 0, kMost));
  if (options.count("set")) how.overrides = options["set"].as<std::vector<std::string>>();
  const std::string path = options["experiment"].as<std::string>();
  const Plan made =
      options["tables"].as<bool>() ? make_table_plan(path, how.results) : make_plan(path, how);
  write_plan_files(made);
  write_file(options["output"].as<std::string>(), made.makefile);
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  auto add = options.add_options();
  add("experiment", po::value<std::string>()->required(), "JSON file of the experiment");
  add("results", po::value<std::string>()->default_value("results"),
      "folder of runs, rows and tables");
  add("set", po::value<std::vector<std::string>>()->composing(),
      "override a key of the experiment, e.g. base.train.steps=300; repeatable");
  add("steps", po::value<std::int64_t>()->default_value(0),
      "steps of every training instead of the experiment's, 0 = as it says");
  add("episodes", po::value<std::int64_t>()->default_value(0),
      "at most so many episodes per test and validation, 0 = as it says");
  add("tables", po::bool_switch(), "only tables and pictures, from the rows that are there");
  add("output,o", po::value<std::string>()->default_value("-"), "where to write, - for stdout");
  po::positional_options_description positional;
  positional.add("experiment", 1);
  return run_tool(argc, argv, kInfo, options, positional, plan);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
