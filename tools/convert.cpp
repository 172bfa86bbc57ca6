#include <boost/program_options.hpp>
#include <iostream>

#include "base/cli.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "dataset/pair_reader.hpp"
#include "dataset/reader.hpp"
#include "dataset/twins.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "convert", "reads raw data into a pool of labelled examples, or of pairs of sentences (HDF5)",
    "  attune-convert --reader omniglot --input omniglot/ -o omniglot.h5\n"
    "  attune-convert --reader images --set size=32 --input photos.zip -o photos.h5\n"
    "  attune-convert --reader table --set label=diagnosis --input ward.csv -o ward.h5\n"
    "  attune-convert --reader numbers --set largest=99 -o numbers.h5\n"};

void warn(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) std::cerr << "attune-convert: warning: " + line + "\n";
}

// "path, tasks, examples, hash" of what the reader of that kind reads and this wrote.
std::string convert_examples(const Config& config, const std::string& kind,
                             const std::string& input, const std::string& output) {
  const auto reader = ReaderRegistry::entries().at(kind).make(config);
  config.finish();
  check_output(output);
  Pool pool = reader->read(input);
  const std::string hash = write_pool(output, pool);
  warn(twin_warnings(pool));
  return output + "\t" + std::to_string(pool.classes()) + "\t" + std::to_string(pool.examples()) +
         "\t" + hash + "\n";
}

std::string convert_pairs(const Config& config, const std::string& kind, const std::string& input,
                          const std::string& output) {
  const auto reader = PairReaderRegistry::entries().at(kind).make(config);
  config.finish();
  check_output(output);
  PairPool pool = reader->read(input);
  const std::string hash = write_pairs(output, pool);
  warn(twin_warnings(pool));
  return output + "\t" + std::to_string(pool.languages()) + "\t" + std::to_string(pool.pairs()) +
         "\t" + hash + "\n";
}

void convert(const po::variables_map& options) {
  Config config =
      options.count("config") ? Config::load(options["config"].as<std::string>()) : Config();
  if (options.count("reader")) config.set("kind=\"" + options["reader"].as<std::string>() + "\"");
  if (options.count("set"))
    for (const auto& assignment : options["set"].as<std::vector<std::string>>())
      config.set(assignment);
  if (!config.has("kind"))
    throw UsageError("--reader: want " + join(reader_names(), "|") + ", have none");
  const std::string kind = reader_kind(config);
  const std::string input = options["input"].as<std::string>();
  const std::string output = options["output"].as<std::string>();
  write_stdout(PairReaderRegistry::entries().contains(kind)
                   ? convert_pairs(config, kind, input, output)
                   : convert_examples(config, kind, input, output));
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  auto add = options.add_options();
  add("reader", po::value<std::string>(), "which reader (attune-inspect --kinds lists them)");
  add("config,c", po::value<std::string>(), "JSON file with the reader's settings; - is stdin");
  add("set", po::value<std::vector<std::string>>()->composing(),
      "one setting, key=value; repeatable");
  add("input,i", po::value<std::string>()->default_value(""), "folder or file with the raw data");
  add("output,o", po::value<std::string>()->required(),
      "pool to write; stdout gets one line: path, classes or languages, "
      "examples, hash");
  return run_tool(argc, argv, kInfo, options, {}, convert);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
