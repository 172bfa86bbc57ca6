#pragma once
#include <functional>
#include <string>
#include <vector>

#include "experiment/experiment.hpp"
#include "report/outcomes.hpp"
#include "table/table.hpp"

namespace attune {

// A table that is made from outcomes alone, and of an experiment where there is one (else null).
struct TableKind {
  std::string name;  // "scores", "pairs", …: the option of attune-tabulate
  std::function<Table(const std::vector<Outcome>&, const Experiment*)> make;
};
const std::vector<TableKind>& table_kinds();
const TableKind& table_kind(const std::string& name);  // UsageError when there is none

// A table and where it is written.
struct TableWrite {
  const TableKind* kind;
  std::string path, format;
};
// From "KIND=FILE", the format by the file's ending. UsageError for other texts, or for a file that
// is named twice.
std::vector<TableWrite> writes_of(const std::vector<std::string>& texts);
// Makes each kind once, all before the first is written.
void write_tables(const std::vector<TableWrite>& writes, const std::vector<Outcome>& outcomes,
                  const Experiment* experiment);

// Says in a note how the rows and the table are made again; nothing without an experiment.
void note_experiment(Table& table, const Experiment* experiment);

}  // namespace attune
