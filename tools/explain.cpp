#include "base/cli.hpp"
#include "draw/drawing.hpp"
#include "explain/explainer.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "explain", "what a model attended to in some episodes: pictures, graphs, weights",
    "  attune-explain --model m.h5 --pool p.h5 --episodes test.h5 -o pictures 0 7\n"
    "  attune-explain --model m.h5 --pool texts.h5 --episodes test.h5 --show colour 7\n"
    "  attune-explain --model m.h5 --pool p.h5 --episodes test.h5 7 | sort -t$'\\t' -k8gr | head\n"
    "  attune-explain --model agent.h5 --episodes tasks.h5 --show colour 7\n"
    "  attune-explain --model translator.h5 --pool pairs.h5 --episodes test.h5 --show plain 7\n"
    "Writes into the folder, of each episode: a PNG, an SVG, the weights as TSV, and a model's "
    "inner\n"
    "attention as graphs for Graphviz: neato -Tsvg pictures/episode-7.layer1.dot. Of an agent: its "
    "steps,\n"
    "and what it attends to in its own past. Of a translator: which pair each token of an answer\n"
    "was read from. Without -o only the weights, to stdout. Whether the "
    "weights\n"
    "explain the answers is measured by attune-probe.\n"};

std::vector<std::uint64_t> numbers_of(const po::variables_map& options) {
  std::vector<std::uint64_t> numbers;
  if (options.count("numbers"))
    for (const auto& text : options["numbers"].as<std::vector<std::string>>()) {
      const std::int64_t number = parse_integer(text, "episode");
      if (number < 0) throw UsageError("episode: want a number from 0 up, have " + text);
      numbers.push_back(static_cast<std::uint64_t>(number));
    }
  if (numbers.empty()) throw UsageError("episode numbers: want at least one, have none");
  return numbers;
}

void run(const po::variables_map& options) {
  const auto text = [&](const char* name) { return options[name].as<std::string>(); };
  ExplainRequest request;
  request.model = text("model");
  request.pool = text("pool");
  request.episodes = text("episodes");
  request.numbers = numbers_of(options);
  request.folder = text("output");
  request.fonts = text("fonts");
  request.queries = whole_number(options, "queries", 0, 1 << 20);
  if (options.count("show")) {
    request.show = text("show");
    if (request.show != "colour" && request.show != "plain")
      throw UsageError("show: want colour or plain, have " + request.show);
  }
  explain(request);
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  options.add_options()("model", po::value<std::string>()->required(), "model of attune-train")(
      "pool", po::value<std::string>()->default_value(""),
      "pool that the episodes index; none for agents")(
      "episodes", po::value<std::string>()->required(),
      "frozen episodes, or tasks of an agent, of attune-sample")(
      "numbers", po::value<std::vector<std::string>>(), "episodes to show, from 0")(
      "show", po::value<std::string>(),
      "texts and agents to read in a terminal: colour, or plain; what weighs most first")(
      "queries", po::value<std::int64_t>()->default_value(2),
      "shown per class in pictures, 0 = all")(
      "fonts", po::value<std::string>()->default_value(kFontFolder), "folder of DejaVuSans.ttf")(
      "output,o", po::value<std::string>()->default_value("-"),
      "folder of the pictures; - for weights to stdout");
  po::positional_options_description positional;
  positional.add("numbers", -1);
  return run_tool(argc, argv, kInfo, options, positional, run);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
