#include "report/tell_origins.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace attune {

namespace {

const std::string kTransductive = "transductive", kSeen = " †";
constexpr const char* kUnknown = "not recorded";

using Names = std::vector<std::string>;

void add_once(Names& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

// What the outcomes of a cell, or of a cell on a test, have in common.
struct Facts {
  std::optional<std::string> mode;
  Names seen;  // tests on what the model was trained on
};

Facts facts_of(const std::vector<Outcome>& outcomes, const std::string& cell,
               const std::string& test) {
  Facts facts;
  for (const Outcome& outcome : outcomes) {
    if (outcome.cell != cell || !outcome.origin || (!test.empty() && outcome.test != test))
      continue;
    facts.mode = outcome.origin->mode;
    if (saw_its_test(*outcome.origin, outcome.trained_on)) add_once(facts.seen, outcome.test);
  }
  return facts;
}

// Where the name alone would mislead.
std::string mode_mark(const std::string& cell, const std::optional<std::string>& mode) {
  if (!mode) return "";
  const auto at = cell.find(kTransductive);
  const bool says_it = at != std::string::npos;
  std::string before = cell.substr(0, says_it ? at : 0);
  while (before.ends_with('-') || before.ends_with('_') || before.ends_with(' ')) before.pop_back();
  const bool denied = before.ends_with("non") || before.ends_with("not");
  return says_it == (*mode == kTransductive) && !denied ? "" : " (" + *mode + ")";
}

class Teller {
 public:
  Teller(Table& table, const std::vector<Outcome>& outcomes) : table_(table), outcomes_(outcomes) {}

  void tell() {
    const auto test = table_.label("test");
    for (Table::Line& line : table_.lines) {
      if (line.published) continue;
      for (const char* column : {"model", "against"})
        if (const auto label = table_.label(column))
          mark(line, line.labels[*label], test ? line.labels[*test] : "");
    }
    add_mark_notes();
    add_bits_note();
    add_unknown_note();
  }

 private:
  void mark(Table::Line& line, std::string& label, const std::string& test) {
    const std::string cell = label;
    if (std::ranges::find(outcomes_, cell, &Outcome::cell) == outcomes_.end()) return;
    add_once(cells_, cell);
    const Facts facts = facts_of(outcomes_, cell, test);
    label += mode_mark(cell, facts.mode);
    if (facts.mode == kTransductive) any_transductive_ = true;
    if (facts.seen.empty()) return;
    label += kSeen;
    line.bold.clear();
    for (const std::string& seen : facts.seen) add_once(seen_[cell], seen);
  }

  void add_mark_notes() {
    if (any_transductive_)
      table_.notes.push_back(
          "Transductive: tested with the batch statistics of each episode's support and queries "
          "together, which is easier and not what one query at a time gets; inductive rows are "
          "tested with the statistics of training.");
    if (seen_.empty()) return;
    Names named;
    for (const auto& [cell, tests] : seen_) named.push_back(cell + " (" + join(tests, ", ") + ")");
    table_.notes.push_back(
        "† tested on " + std::string(are_classifications(outcomes_) ? "classes" : "data") +
        " that it was trained on, and so never bold: " + join(named, ", ") + ".");
  }

  void add_bits_note() {
    std::map<std::string, std::map<std::string, std::set<std::int64_t>>> seeds;  // class, cell
    std::map<std::string, std::set<std::string>> classes;                        // of a cell
    for (const Outcome& outcome : outcomes_) {
      if (std::ranges::find(cells_, outcome.cell) == cells_.end()) continue;
      const std::string bits = outcome.origin ? outcome.origin->bits : "";
      seeds[bits][outcome.cell].insert(outcome.seed);
      classes[outcome.cell].insert(bits);
    }
    if (seeds.size() < 2) return;
    Names parts;
    for (const auto& [bits, of_cell] : seeds) {
      Names named;
      for (const std::string& cell : cells_) {
        const auto found = of_cell.find(cell);
        if (found == of_cell.end()) continue;
        Names numbers;
        for (const std::int64_t seed : found->second) numbers.push_back(std::to_string(seed));
        named.push_back(cell +
                        (classes[cell].size() > 1 ? " (seed " + join(numbers, ", ") + ")" : ""));
      }
      if (!bits.empty()) parts.push_back(bits + ": " + join(named, ", "));
      // An empty class sorts first, but is told last.
      else
        unknown_ = kUnknown + (": " + join(named, ", "));
    }
    if (!unknown_.empty()) parts.push_back(unknown_);
    table_.notes.push_back("Rows by class of bits: " + join(parts, "; ") + ".");
  }

  void add_unknown_note() {
    Names old;
    for (const std::string& cell : cells_) {
      const auto lacks = [&](const Outcome& o) { return o.cell == cell && !o.origin; };
      if (std::ranges::any_of(outcomes_, lacks)) old.push_back(cell);
    }
    if (old.empty()) return;
    const bool all = std::ranges::none_of(
        outcomes_, [](const Outcome& outcome) { return outcome.origin.has_value(); });
    table_.notes.push_back(
        all ? "Split, mode (inductive or transductive), pools, configuration and class of bits are "
              "not recorded: rows of an older version."
            : "Split, mode (inductive or transductive), pools and configuration are not recorded, "
              "rows of an older version: " +
                  join(old, ", ") + ".");
  }

  Table& table_;
  const std::vector<Outcome>& outcomes_;
  Names cells_;  // of the table
  std::map<std::string, Names> seen_;
  bool any_transductive_ = false;
  std::string unknown_;
};

}  // namespace

void tell_origins(Table& table, const std::vector<Outcome>& outcomes) {
  Teller(table, outcomes).tell();
}

std::vector<std::string> told_names(const std::vector<std::string>& cells,
                                    const std::vector<Outcome>& outcomes) {
  Names names;
  for (const std::string& cell : cells) {
    const Facts facts = facts_of(outcomes, cell, "");
    names.push_back(cell + mode_mark(cell, facts.mode) +
                    (facts.seen.empty() ? "" : " (tested on what it was trained on)"));
  }
  return names;
}

std::string bare_name(const std::string& label) {
  std::string name = label;
  for (const std::string& mark :
       {kSeen, std::string(" (transductive)"), std::string(" (inductive)")})
    if (name.ends_with(mark)) name.resize(name.size() - mark.size());
  return name;
}

bool saw_any_test(const std::vector<Outcome>& outcomes, const std::string& cell) {
  return !facts_of(outcomes, cell, "").seen.empty();
}

}  // namespace attune
