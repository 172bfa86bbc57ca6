// SCAN: commands and what is done (Lake & Baroni 2018), the published splits.
#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/pair_reader.hpp"
#include "translation/plain_form.hpp"

namespace attune {
namespace {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kFileBytes = 64u << 20;
constexpr const char* kIn = "IN: ";
constexpr const char* kOut = " OUT: ";

struct Split {
  const char *name, *folder, *stem;
};
constexpr Split kSplits[] = {
    {"simple", "simple_split", "simple"},
    {"length", "length_split", "length"},
    {"add_jump", "add_prim_split", "addprim_jump"},
    {"add_turn_left", "add_prim_split", "addprim_turn_left"},
    {"around_right", "template_split", "template_around_right"},
    {"jump_around_right", "template_split", "template_jump_around_right"},
    {"opposite_right", "template_split", "template_opposite_right"},
    {"right", "template_split", "template_right"},
};

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Split& split : kSplits) all.push_back(split.name);
  return all;
}

TextPairs pairs_of(const std::string& path, const std::string& text) {
  TextPairs pairs;
  std::size_t number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const std::size_t out = line.find(kOut);
    if (!line.starts_with(kIn) || out == std::string::npos)
      throw Error(path + ": line " + std::to_string(number) +
                  ": want \"IN: command OUT: actions\", have another form");
    const std::size_t in = std::string(kIn).size();
    pairs.emplace_back(line.substr(in, out - in), line.substr(out + std::string(kOut).size()));
  }
  return pairs;
}

// Each split is two languages, that of its training and that of its test file. The latter also has
// the pairs of training that are named as its support; its own commands are held out.
class Scan : public PairReader {
 public:
  explicit Scan(const Config& config)
      : split_(config.choice("split", "simple", names(), "which of the published splits")),
        study_(config.texts("study", {"jump", "look", "run", "walk", "turn left", "turn right"},
                            "commands that the test may have as support, as far as training has "
                            "them")) {}

  PairPool read(const std::string& input) const override {
    if (input.empty()) throw UsageError("scan: want --input, the folder of its splits");
    std::string hashes;
    const TextPairs train = part(input, "train", hashes), test = part(input, "test", hashes);
    PairPool pool;
    std::map<std::string, std::uint32_t> known;
    add_language(pool, known, "train", 0, train);
    TextPairs both = studied(train, input);
    const std::size_t studied_pairs = both.size();
    both.insert(both.end(), test.begin(), test.end());
    add_language(pool, known, "test", 2, both);
    pool.held_out.assign(pool.source.size(), 0);
    for (std::size_t i = studied_pairs; i < both.size(); ++i)
      pool.held_out[known.at(both[i].first)] = 1;
    for (const auto& [source, target] : train)
      if (pool.held_out[known.at(source)])
        throw Error(input + ": want other commands in the test than in training, have " + source +
                    " in both");
    const std::string most_alike = group_languages(pool);
    pool.title = "scan-" + split_;
    pool.provenance = boost::json::serialize(
        boost::json::object{{"reader", "scan"},
                            {"files_sha256", sha256(hashes)},
                            {"icu", unicode_library()},
                            {"split", split_},
                            {"study", boost::json::value_from(study_)},
                            {"most_alike_across_splits", boost::json::parse(most_alike)}});
    return pool;
  }

 private:
  TextPairs part(const std::string& folder, const std::string& which, std::string& hashes) const {
    const Split* split = kSplits;
    while (split->name != split_) ++split;
    const std::string path =
        folder + "/" + split->folder + "/tasks_" + which + "_" + split->stem + ".txt";
    const std::string found = exists(path) ? path : path + ".gz";
    std::string text = read_file(found, kFileBytes);
    if (found != path) text = gunzip(text, found, kFileBytes);
    hashes += sha256(text);
    return pairs_of(found, text);
  }

  TextPairs studied(const TextPairs& train, const std::string& input) const {
    const std::map<std::string, std::string> target(train.begin(), train.end());
    TextPairs pairs;
    for (const std::string& command : study_) {
      const auto found = target.find(command);
      if (found != target.end()) pairs.push_back(*found);
    }
    if (pairs.empty())
      throw Error(input + ": want commands of training to study, have none of " +
                  join(study_, ", "));
    return pairs;
  }

  std::string split_;
  std::vector<std::string> study_;
};

}  // namespace

const Register<PairReader> scan{
    "scan", "SCAN (Lake & Baroni 2018): commands to actions, the published splits",
    [](const Config& config) { return std::make_unique<Scan>(config); }};

}  // namespace attune
