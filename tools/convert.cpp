#include <boost/program_options.hpp>

#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "dataset/reader.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "convert", "reads raw data into a pool of labelled examples (HDF5)",
    "  attune-convert --reader omniglot --input omniglot/ -o omniglot.h5\n"
    "  attune-convert --reader images --set size=32 --input photos.zip -o photos.h5\n"
    "  attune-convert --reader table --set label=diagnosis --input ward.csv -o ward.h5\n"};

void convert(const po::variables_map& options) {
  Config config =
      options.count("config") ? Config::load(options["config"].as<std::string>()) : Config();
  const std::string readers = join(ReaderRegistry::names(), "|");
  if (options.count("reader")) config.set("kind=\"" + options["reader"].as<std::string>() + "\"");
  if (options.count("set"))
    for (const auto& assignment : options["set"].as<std::vector<std::string>>())
      config.set(assignment);
  if (!config.has("kind")) throw UsageError("--reader: want " + readers + ", have none");
  const auto reader = ReaderRegistry::make(config, "");
  config.finish();
  const std::string output = options["output"].as<std::string>();
  check_output(output);
  Pool pool = reader->read(options["input"].as<std::string>());
  const std::string hash = write_pool(output, pool);
  write_stdout(output + "\t" + std::to_string(pool.classes()) + "\t" +
               std::to_string(pool.examples()) + "\t" + hash + "\n");
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  auto add = options.add_options();
  add("reader", po::value<std::string>(), "which reader (attune-inspect --kinds lists them)");
  add("config,c", po::value<std::string>(), "JSON file with the reader's settings; - is stdin");
  add("set", po::value<std::vector<std::string>>()->composing(),
      "one setting, key=value; repeatable");
  add("input,i", po::value<std::string>()->default_value(""), "folder or file with the raw data");
  add("output,o", po::value<std::string>()->required(),
      "pool to write; stdout gets one line: path, classes, examples, hash");
  return run_tool(argc, argv, kInfo, options, {}, convert);
}
