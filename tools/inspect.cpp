#include <boost/program_options.hpp>

#include "agent/memory.hpp"
#include "attention/attention.hpp"
#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "base/printable.hpp"
#include "control/bandit.hpp"
#include "control/mdp.hpp"
#include "dataset/pair_reader.hpp"
#include "dataset/reader.hpp"
#include "episode/episodes.hpp"
#include "learner/learner.hpp"
#include "nn/optimiser.hpp"
#include "store/h5.hpp"
#include "train/task_family.hpp"
#include "translation/translator.hpp"
#include "translator/translation_model.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{"inspect", "prints what one of our HDF5 files holds, or the registered kinds",
                     "  attune-inspect pool.h5\n"
                     "  attune-inspect episodes.h5 --episode 0 | head\n"
                     "  attune-inspect model.h5 --text /log\n"
                     "  attune-inspect --kinds | grep ^score\n"
                     "  attune-inspect --schema | grep augment\n"};

// One line of a two-column table; line ends and tabs of the value become spaces.
std::string line(const std::string& name, std::string value) {
  for (char& letter : value) {
    if (letter == '\n' || letter == '\t') letter = ' ';
  }
  return printable(name) + "\t" + printable(value) + "\n";
}

std::string attributes_and_datasets(const store::Reader& reader) {
  std::string text;
  for (const std::string& name : reader.attribute_names()) {
    if (name == "complete") continue;
    text +=
        line(name, reader.attribute_is_text(name) ? reader.text_attribute(name)
                                                  : std::to_string(reader.integer_attribute(name)));
  }
  for (const std::string& name : reader.names()) {
    const std::string about = reader.about(name);
    text += line(name, reader.describe(name) + (about.empty() ? "" : "; " + about));
  }
  return text;
}

std::string splits_of(const std::string& path) {
  const Pool pool = read_pool(path);
  const std::vector<std::uint32_t> begin = pool.class_begin();
  std::string text = line("examples", std::to_string(pool.examples())) +
                     line("classes", std::to_string(pool.classes()));
  for (const std::string split : {"train", "val", "test"}) {
    std::size_t examples = 0;
    const std::vector<std::uint32_t> classes = classes_of_split(pool, split);
    for (const std::uint32_t c : classes) examples += begin[c + 1] - begin[c];
    text += line(split + "_classes", std::to_string(classes.size())) +
            line(split + "_examples", std::to_string(examples));
  }
  return text;
}

std::string one_episode(const std::string& path, std::int64_t number) {
  if (number < 0) throw UsageError("--episode: want 0 or more, have " + std::to_string(number));
  const Episode episode = read_episodes(path).episode(static_cast<std::size_t>(number));
  std::string text = "part\tlabel\tclass\trow\n";
  const auto add = [&](const char* part, const std::vector<std::uint32_t>& rows,
                       const std::vector<std::uint32_t>& labels) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      text += std::string(part) + "\t" + std::to_string(labels[i]) + "\t" +
              std::to_string(episode.classes[labels[i]]) + "\t" + std::to_string(rows[i]) + "\n";
    }
  };
  add("support", episode.support, episode.support_labels);
  add("query", episode.query, episode.query_labels);
  return text;
}

std::string one_text(const std::string& path, const store::FileKind& kind,
                     const std::string& name) {
  const store::Reader reader(path, kind.kind, static_cast<int>(kind.version));
  std::string text;
  for (const std::string& value : reader.read<std::string>(name)) {
    text += printable(value, "\n\t") + (value.ends_with('\n') ? "" : "\n");
  }
  return text;
}

template <typename AnyRegistry>
std::string kinds_of(const std::string& name) {
  std::string text;
  for (const auto& [kind, entry] : AnyRegistry::entries()) {
    text += name + "\t" + line(kind, entry.summary);
  }
  return text;
}

std::string all_kinds() {
  return "registry\tname\tsummary\n" + kinds_of<ReaderRegistry>("reader") +
         kinds_of<PairReaderRegistry>("pair_reader") + kinds_of<EncoderRegistry>("encoder") +
         kinds_of<ScoreRegistry>("score") + kinds_of<NormaliserRegistry>("normaliser") +
         kinds_of<StructureRegistry>("structure") + kinds_of<LearnerRegistry>("learner") +
         kinds_of<TranslatorRegistry>("translator") +
         kinds_of<TranslationModelRegistry>("translation_model") +
         kinds_of<OptimiserRegistry>("optimiser") + kinds_of<ScheduleRegistry>("schedule") +
         kinds_of<TaskFamilyRegistry>("task") + kinds_of<EnvironmentRegistry>("environment") +
         kinds_of<BanditPolicyRegistry>("bandit_policy") +
         kinds_of<MdpPolicyRegistry>("mdp_policy") + kinds_of<MemoryRegistry>("memory");
}

std::string all_keys() {
  const auto readers = explore_schema([](const Config& c) {
    const std::string kind = reader_kind(c);
    if (PairReaderRegistry::entries().contains(kind))
      PairReaderRegistry::entries().at(kind).make(c);
    else
      ReaderRegistry::entries().at(kind).make(c);
  });
  return schema_header() + schema_lines("convert", readers) +
         schema_lines("train", training_schema());
}

void inspect(const po::variables_map& options) {
  if (options["kinds"].as<bool>()) return write_stdout(all_kinds());
  if (options["schema"].as<bool>()) return write_stdout(all_keys());
  if (!options.count("file")) throw UsageError("want a file, --kinds or --schema, have neither");
  const std::string path = options["file"].as<std::string>();
  const store::FileKind kind = store::identify(path);
  if (options.count("episode")) {
    return write_stdout(one_episode(path, options["episode"].as<std::int64_t>()));
  }
  if (options.count("text")) {
    return write_stdout(one_text(path, kind, options["text"].as<std::string>()));
  }
  std::string text =
      attributes_and_datasets(store::Reader(path, kind.kind, static_cast<int>(kind.version)));
  if (kind.kind == "attune-pool") text += splits_of(path);
  if (kind.kind == "attune-episodes") {
    text += line("episodes", std::to_string(read_episodes(path).count()));
  }
  write_stdout(text);
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  options.add_options()("file", po::value<std::string>(), "pool, episodes, model or checkpoint")(
      "episode", po::value<std::int64_t>(), "print one episode of an episode file as TSV")(
      "text", po::value<std::string>(), "print a text dataset, e.g. /config or /log of a model")(
      "kinds", po::bool_switch(), "print all registries: registry, name, summary")(
      "schema", po::bool_switch(),
      "print all configuration keys: program, key, type, default, allowed, when, about");
  po::positional_options_description positional;
  positional.add("file", 1);
  return run_tool(argc, argv, kInfo, options, positional, inspect);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
