#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "table/table.hpp"

namespace attune {

// One comparison = one table: what to train, on which data, tested how, and which published numbers
// to print beside it. Read from experiments/<name>.json; see experiments/README.md.

struct PoolRecipe {
  std::string name;
  std::string reader;  // "" where nothing is read: its episodes are simulated
  std::string input;   // for --input; "" when the reader needs none; may hold "$(DATA)"
  std::string config;  // JSON object of the reader's settings, or of what is simulated
  std::string needs;   // what $(DATA) must be, said when it is missing
};

struct EpisodeRecipe {  // frozen episodes: a test, or the validation of a pool
  std::string name, pool, split;
  std::string key;  // where the experiment says so, e.g. "tests.5w1s"
  std::int64_t ways = 5, shots = 1, queries = 15, episodes = 10000, seed = 0;
  bool distinct_groups = false, without_replacement = false;
  // Of other tasks than classification, instead of all from `ways` on but episodes and seed: JSON
  // object for attune-sample.
  std::string config;
};

struct CellRecipe {  // one line of the table
  std::string name, pool;
  std::string config;               // JSON object for attune-train: base + the cell's own
  std::string final;                // "train+val", "train", or "none": nothing is trained
  std::vector<std::int64_t> seeds;  // one run each; of a lent cell: which, all of them when empty
  std::vector<std::string> tests;   // names; all tests of the experiment by default
  std::string lender, lent;         // "from": the experiment and cell that trains the model
  bool transductive = false;        // batch statistics of each test episode, see attune-evaluate
  std::int64_t episodes = 0;        // of each test, the first so many; 0 = all
  std::optional<EpisodeRecipe> validation;  // instead of its pool's
  std::string published;                    // name of the published line to print beside it, or ""
  std::vector<std::string> against;         // cells it is planned to be compared with
};

struct PublishedLine {
  std::string name, source, saw, protocol;
  std::map<std::string, Estimate> values;  // test → score as the table shows it
  std::int64_t episodes = 0;               // that its scores are means over; 0 = unknown
};

// Whether the attention of some cells explains their answers, measured by attune-probe.
struct FaithfulnessRecipe {
  std::string test;  // whose first episodes are taken
  std::int64_t episodes = 1000, queries = 1;
  std::vector<std::string> cells;  // all by default
  std::string control;             // the cell that the others' gain is compared with, or ""
};

struct Experiment {
  std::string name;    // the file's, without folder and ".json"
  std::string folder;  // the file's, "" when it stands in the current one
  std::string title, claim;
  std::string task;   // family of all its models and episodes
  std::string score;  // column of the rows that its tables show; "": the family's first
  std::vector<PoolRecipe> pools;
  std::vector<EpisodeRecipe> tests;
  std::map<std::string, EpisodeRecipe> validation;  // by pool
  std::vector<CellRecipe> cells;
  std::vector<PublishedLine> published;
  std::optional<FaithfulnessRecipe> faithfulness;
  std::vector<std::string> plots;  // kinds of attune-plot
  std::string ranks;  // experiment whose table the cells' ranks are held against, or ""

  const PoolRecipe& pool(const std::string& pool_name) const;  // Error names the known ones
  const CellRecipe& cell(const std::string& cell_name) const;
  bool has_cell(const std::string& cell_name) const;
  bool has_test(const std::string& test_name) const;
};

// What the configurations of attune-train and attune-sample say of the experiment's task: "task",
// and under "environment" the pool's config where nothing is read.
Config task_config(const Experiment& experiment, const std::string& pool_name);

// Kinds of pictures of attune-plot, which an experiment may ask for.
const std::vector<std::string>& plot_kinds();

// `overrides` are "key=value" as of Config::set. UsageError for unknown keys, pools and tests that
// are not defined, texts outside the grammar of make_names.hpp, and what stands twice in a list.
Experiment load_experiment(const std::string& path, const std::vector<std::string>& overrides = {});

}  // namespace attune
