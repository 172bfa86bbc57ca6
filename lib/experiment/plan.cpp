#include "experiment/plan.hpp"

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <string_view>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "base/printable.hpp"
#include "experiment/experiment.hpp"
#include "experiment/make_names.hpp"
#include "experiment/rule_book.hpp"
#include "experiment/table_rules.hpp"

namespace attune {

namespace {

// Raised when a fix changes what a program computes: everything made by it is then made anew.
const std::map<std::string, int> kAlgorithmVersion = {
    {"convert", 1}, {"sample", 1}, {"train", 2}, {"evaluate", 2}, {"probe", 2}};

constexpr std::string_view kData = "$(DATA)", kQuotedData = "$(QUOTED_DATA)";
constexpr const char* kPlanEnd = "# end of plan";  // looked for by the Makefile

using Names = std::vector<std::string>;

constexpr const char* kHead =
    "# Written by attune-plan; changes here are lost.\n"
    "SHELL := bash\n"
    ".SHELLFLAGS := -eu -o pipefail -c\n"
    "MAKEFLAGS += --no-builtin-rules\n"
    ".DELETE_ON_ERROR:\n"
    ".SUFFIXES:\n"
    "BIN ?= build/tools\n"
    "THREADS ?= $(shell nproc)\n"
    // Between single quotes of the shell, whatever the folder is called.
    "QUOTED_DATA = $(subst ','\\'',$(DATA))\n";

std::string finished(const std::string& targets, const std::string& rules) {
  return kHead + std::string("\n.PHONY: table\ntable: ") + targets + "\n" + rules + "\n" +
         kPlanEnd + "\n";
}

// With one space between two; empty ones are left out.
std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts)
    if (!part.empty()) out += (out.empty() ? "" : " ") + part;
  return out;
}

// What both kinds of plan are told is written into their rules.
void check_paths(const std::string& experiment, const std::string& results) {
  const auto refuse = [](const std::string& what, std::string_view want, const std::string& have) {
    throw UsageError(what + ": want " + std::string(want) + ", have \"" + have + "\"");
  };
  if (!is_path(results)) refuse("--results", kPathGrammar, results);
  if (!is_path(experiment)) refuse("experiment", kPathGrammar, experiment);
  const std::string name = boost::filesystem::path(experiment).stem().string();
  if (!is_name(name)) refuse(experiment + ": its file name", kNameGrammar, name);
  // Folders beside those of the experiments, and endings of the tables of others.
  for (const char* taken : {"pools", "plans", "versions"})
    if (name == taken) refuse(experiment + ": its file name", "a name that is free", name);
  Names endings = {"pairs", "cost", "published", "faithfulness", "ranks"};
  endings.insert(endings.end(), plot_kinds().begin(), plot_kinds().end());
  for (const auto& ending : endings)
    if (name.ends_with("." + ending))
      refuse(experiment + ": its file name", "a name without the ending of a table", name);
}

class Planner {
 public:
  explicit Planner(const PlanOptions& options) : options_(options) {}

  Plan operator()(const std::string& path) {
    const Experiment experiment = load(path);
    for (const auto& test : experiment.tests) add_episodes(experiment, test);
    std::string all_rows, probed;
    for (const auto& cell : experiment.cells) {
      const Experiment* owner = &experiment;
      Experiment lender;
      if (!cell.lender.empty()) {
        lender = load(sibling(path, cell.lender));
        owner = &lender;
      }
      const CellRecipe& trained = cell.lender.empty() ? cell : owner->cell(cell.lent);
      if (!trained.lender.empty()) {
        throw UsageError(path + ": cell " + cell.name + ": want \"from\" to name a trained cell, " +
                         "have one that is borrowed itself");
      }
      for (const auto seed : seeds_of(path, cell, trained)) {
        const std::string model = add_model(*owner, trained, seed);
        for (const auto& test : cell.tests) {
          all_rows += " " + add_rows(experiment, cell, seed, test, model);
        }
        probed += add_probe(experiment, cell.name, seed, model);
      }
    }
    const std::string origin = add_origin(experiment, all_rows);
    const std::string tables =
        table_rules(book_, experiment, path, options_.results, all_rows, probed);
    return {finished(origin + tables, book_.rules()), book_.files()};
  }

 private:
  Experiment load(const std::string& path) const {
    check_paths(path, options_.results);
    Experiment experiment = load_experiment(path, options_.overrides);
    const auto shorten = [&](EpisodeRecipe& recipe) {
      if (options_.episodes > 0) recipe.episodes = std::min(recipe.episodes, options_.episodes);
    };
    for (auto& test : experiment.tests) shorten(test);
    for (auto& [pool, recipe] : experiment.validation) shorten(recipe);
    for (auto& cell : experiment.cells)
      if (cell.validation) shorten(*cell.validation);
    if (experiment.faithfulness && options_.episodes > 0) {
      auto& episodes = experiment.faithfulness->episodes;
      episodes = std::min(episodes, options_.episodes);
    }
    return experiment;
  }

  static std::vector<std::int64_t> seeds_of(const std::string& path, const CellRecipe& cell,
                                            const CellRecipe& trained) {
    for (const auto seed : cell.seeds) {
      if (std::ranges::find(trained.seeds, seed) == trained.seeds.end()) {
        throw UsageError(path + ": cell " + cell.name + ": want seeds that " + cell.lender + "/" +
                         cell.lent + " has, have " + std::to_string(seed));
      }
    }
    return cell.seeds.empty() ? trained.seeds : cell.seeds;
  }

  static std::string sibling(const std::string& path, const std::string& name) {
    return (boost::filesystem::path(path).parent_path() / (name + ".json")).string();
  }

  std::string runs() const { return options_.results + "/runs"; }

  static std::string whose(const Experiment& experiment, const std::string& key) {
    return experiment.name + ": " + key;
  }

  static std::string program(const std::string& verb) { return "$(BIN)/attune-" + verb; }

  // Stands among the needs of all that the program makes.
  std::string version_file(const std::string& verb) {
    const std::string path = runs() + "/versions/" + verb;
    book_.file(path, std::to_string(kAlgorithmVersion.at(verb)) + "\n", "versions");
    return path;
  }

  // The libraries and the class of CPU, which decide the last bits. Under a name of its own first:
  // a killed make leaves no half.
  std::string add_origin(const Experiment& experiment, const std::string& rows) {
    const std::string target = options_.results + "/rows/" + experiment.name + "/made-with.txt";
    book_.rule(target, rows.substr(1) + " | " + program("evaluate"),
               "\t@part=$(@D)/.attune-$$$$; set -o noclobber; : > $$part; "
               "trap \"rm -f $$part\" EXIT; " +
                   program("evaluate") + " --version >| $$part; mv -f $$part $@\n",
               whose(experiment, "rows"));
    return target;
  }

  // The pool's file; "" where nothing is read.
  std::string add_pool(const Experiment& experiment, const std::string& name) {
    const PoolRecipe& pool = experiment.pool(name);
    if (pool.reader.empty()) return "";
    const std::string folder = runs() + "/pools/" + pool.name,
                      owner = whose(experiment, "pools." + name);
    const std::string target = folder + "/pool.h5", config = folder + "/config.json";
    book_.file(config, pool.config + "\n", owner);
    std::string recipe;
    if (pool.input.find(kData) != std::string::npos) {
      const std::string want = pool.needs.empty() ? "a folder" : pool.needs;
      recipe += "\t@test -n '" + std::string(kQuotedData) +
                "' || { echo 'make: error: " + pool.name +
                ": want DATA=<folder>: " + quoted_inside(want) + "' >&2; exit 2; }\n";
    }
    recipe += "\t" + program("convert") + " --reader " + pool.reader + " --config " + config;
    if (!pool.input.empty()) recipe += " --input '" + with_quoted_data(pool.input) + "'";
    book_.rule(target, config + " " + version_file("convert") + " | " + program("convert"),
               recipe + " -o $@\n", owner);
    return target;
  }

  static std::string with_quoted_data(std::string input) {
    for (auto at = input.find(kData); at != std::string::npos;
         at = input.find(kData, at + kQuotedData.size()))
      input.replace(at, kData.size(), kQuotedData);
    return input;
  }

  static std::string quoted_inside(const std::string& text) {  // in '…' of the shell, in make
    std::string out;
    for (const char c : text) {
      if (c == '\'') {
        out += "’";
      } else if (c == '$') {
        out += "$$";
      } else {
        out += c == '\n' ? ' ' : c;
      }
    }
    return printable(out);
  }

  static std::string option_of(const std::string& pool) {
    return pool.empty() ? "" : " --pool " + pool;
  }

  // What attune-sample is told beside the pool.
  std::string settings_of(const Experiment& experiment, const EpisodeRecipe& recipe,
                          const std::string& stem) {
    const std::string count =
        " --episodes " + std::to_string(recipe.episodes) + " --seed " + std::to_string(recipe.seed);
    if (!recipe.config.empty()) {
      Config config = Config::parse(recipe.config, "episodes " + recipe.name);
      config.merge(task_config(experiment, recipe.pool));
      book_.file(stem + ".json", config.given() + "\n", whose(experiment, recipe.key));
      return "--config " + stem + ".json --split " + recipe.split + count;
    }
    return "--split " + recipe.split + " --ways " + std::to_string(recipe.ways) + " --shots " +
           std::to_string(recipe.shots) + " --queries " + std::to_string(recipe.queries) + count +
           (recipe.distinct_groups ? " --distinct-groups" : "") +
           (recipe.without_replacement ? " --without-replacement" : "");
  }

  std::string add_episodes(const Experiment& experiment, const EpisodeRecipe& recipe) {
    const std::string pool = add_pool(experiment, recipe.pool);
    const std::string owner = whose(experiment, recipe.key);
    const std::string stem = runs() + "/" + experiment.name + "/episodes/" + recipe.name;
    const std::string settings = settings_of(experiment, recipe, stem);
    book_.file(stem + ".settings", settings + "\n", owner);
    book_.rule(stem + ".h5",
               joined({pool, stem + ".settings", recipe.config.empty() ? "" : stem + ".json",
                       version_file("sample"), "|", program("sample")}),
               "\t" + program("sample") + option_of(pool) + " " + settings + " -o $@\n", owner);
    return stem + ".h5";
  }

  std::string cell_config(const CellRecipe& cell, std::int64_t seed) const {
    Config config = Config::parse(cell.config, "cell " + cell.name);
    config.set("seed=" + std::to_string(seed));
    if (options_.steps > 0) {
      const std::string steps = std::to_string(options_.steps);
      config.set("train.steps=" + steps);
      config.set("train.validate_every=" + steps);
    }
    return config.given() + "\n";
  }

  // Returns the model's path. Two stages when the final model is to see train+val: a search on
  // train, whose validation chooses the number of steps, then the final run over train+val.
  std::string add_model(const Experiment& owner, const CellRecipe& cell, std::int64_t seed) {
    const std::string folder =
        runs() + "/" + owner.name + "/" + cell.name + "-s" + std::to_string(seed);
    const std::string config = folder + "/config.json", model = folder + "/model.h5";
    const std::string pool = add_pool(owner, cell.pool);
    const std::string from = whose(owner, "cells." + cell.name);
    book_.file(config, cell_config(cell, seed), from);
    const std::string needs = joined({config, pool, version_file("train")});
    const std::string command =
        "\t" + program("train") + " --config " + config + option_of(pool) + " --threads $(THREADS)";
    const auto split_to = [&](const std::string& split) {
      return pool.empty() ? std::string() : " --set split=" + split;
    };
    const std::string order = " | " + program("train");
    const auto of_pool = owner.validation.find(cell.pool);
    const EpisodeRecipe* validation =
        cell.validation ? &*cell.validation
                        : (of_pool == owner.validation.end() ? nullptr : &of_pool->second);
    if (cell.final == "none") {
      book_.rule(model, needs + order, command + " -o $@\n", from);
      return model;
    }
    if (!validation) {
      book_.rule(model, needs + order, command + split_to(cell.final) + " -o $@\n", from);
      return model;
    }
    const std::string episodes = add_episodes(owner, *validation);
    const std::string search = cell.final == "train" ? model : folder + "/search.h5";
    book_.rule(search, needs + " " + episodes + order,
               command + split_to("train") + " --val " + episodes + " -o $@\n", from);
    if (search != model) {
      book_.rule(model, needs + " " + search + order,
                 command + split_to(cell.final) + " --stop-from " + search + " -o $@\n", from);
    }
    return model;
  }

  // What attune-evaluate is told beside the model and the episodes.
  static std::string evaluation_flags(const CellRecipe& cell) {
    std::string flags = cell.transductive ? " --transductive" : "";
    if (cell.episodes > 0) flags += " --first " + std::to_string(cell.episodes);
    return flags;
  }

  std::string add_rows(const Experiment& experiment, const CellRecipe& cell, std::int64_t seed,
                       const std::string& test, const std::string& model) {
    const auto recipe = std::ranges::find(experiment.tests, test, &EpisodeRecipe::name);
    const std::string pool = add_pool(experiment, recipe->pool);
    const std::string episodes = add_episodes(experiment, *recipe);
    const std::string target = options_.results + "/rows/" + experiment.name + "/" + cell.name +
                               "-s" + std::to_string(seed) + "." + test + ".tsv.gz";
    const std::string flags = evaluation_flags(cell);
    std::string needs = model + " " + episodes + " " + version_file("evaluate");
    if (!flags.empty()) {
      const std::string stamp =
          runs() + "/" + experiment.name + "/" + cell.name + ".evaluate.settings";
      book_.file(stamp, flags + "\n", whose(experiment, "cells." + cell.name));
      needs += " " + stamp;
    }
    book_.rule(target, needs + " | " + program("evaluate"),
               "\t@mkdir -p $(@D)\n\t" + program("evaluate") + " --model " + model +
                   option_of(pool) + " --episodes " + episodes + " --cell " + cell.name +
                   " --test " + test + flags + " --threads $(THREADS) -o $@\n",
               whose(experiment, "cells." + cell.name + ", test " + test));
    return target;
  }

  // Rows of faithfulness, after a space; "" where the experiment doesn't ask for any of the cell.
  std::string add_probe(const Experiment& experiment, const std::string& cell, std::int64_t seed,
                        const std::string& model) {
    if (!experiment.faithfulness) return "";
    const FaithfulnessRecipe& recipe = *experiment.faithfulness;
    if (std::ranges::find(recipe.cells, cell) == recipe.cells.end()) return "";
    const auto test = std::ranges::find(experiment.tests, recipe.test, &EpisodeRecipe::name);
    const std::string pool = add_pool(experiment, test->pool);
    const std::string episodes = add_episodes(experiment, *test);
    const std::string settings = "--first " + std::to_string(recipe.episodes) + " --queries " +
                                 std::to_string(recipe.queries);
    const std::string stamp = runs() + "/" + experiment.name + "/faithfulness.settings";
    book_.file(stamp, settings + "\n", whose(experiment, "faithfulness"));
    const std::string target = options_.results + "/rows/" + experiment.name + "/faithfulness/" +
                               cell + "-s" + std::to_string(seed) + "." + recipe.test + ".tsv.gz";
    book_.rule(target,
               model + " " + episodes + " " + stamp + " " + version_file("probe") + " | " +
                   program("probe"),
               "\t@mkdir -p $(@D)\n\t" + program("probe") + " --model " + model + " --pool " +
                   pool + " --episodes " + episodes + " --cell " + cell + " --test " + recipe.test +
                   " " + settings + " --threads $(THREADS) -o $@\n",
               whose(experiment, "faithfulness, cell " + cell));
    return " " + target;
  }

  const PlanOptions& options_;
  RuleBook book_;
};

}  // namespace

Plan make_plan(const std::string& experiment_path, const PlanOptions& options) {
  return Planner(options)(experiment_path);
}

Plan make_table_plan(const std::string& path, const std::string& results) {
  check_paths(path, results);
  const Experiment experiment = load_experiment(path);
  const std::string folder = results + "/rows/" + experiment.name;
  const auto rows_in = [](const std::string& place) {
    std::string rows;
    if (!exists(place)) return rows;
    for (const auto& name : list_files(place)) {
      if (!name.ends_with(".tsv.gz") || name.find('/') != std::string::npos) continue;
      if (!is_name(name))
        throw Error(place + ": want files of rows with " + std::string(kNameGrammar) + ", have \"" +
                    name + "\"");
      rows += " " + place + "/" + name;
    }
    return rows;
  };
  const std::string rows = rows_in(folder);
  if (rows.empty()) throw Error(folder + ": want files of rows (.tsv.gz), have none");
  RuleBook book;
  const std::string tables =
      table_rules(book, experiment, path, results, rows, rows_in(folder + "/faithfulness"));
  return {finished(tables.substr(1), book.rules()), {}};
}

void write_plan_files(const Plan& plan) {
  constexpr std::size_t kLimit = std::size_t{1} << 20;
  for (const auto& [path, content] : plan.files) {
    if (exists(path) && read_file(path, kLimit, Reading::own) == content) continue;
    make_folders(boost::filesystem::path(path).parent_path().string());
    write_file(path, content);
  }
}

}  // namespace attune
