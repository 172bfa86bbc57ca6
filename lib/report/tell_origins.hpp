#pragma once
#include <string>
#include <vector>

#include "report/outcomes.hpp"
#include "table/table.hpp"

namespace attune {

// Says in a finished table how its rows came about, as far as they tell it. Labels of "model" and
// "against" get marks: " (transductive)" where the name does not say it, " †" where a model is
// tested on what it was trained on, which is never bold; a column "test" tells which test a line is
// of. Notes explain both, name classes of bits where there are several, and say of which rows
// nothing is recorded.
void tell_origins(Table& table, const std::vector<Outcome>& outcomes);

// The same names for a picture, which has no notes: they say it in full.
std::vector<std::string> told_names(const std::vector<std::string>& cells,
                                    const std::vector<Outcome>& outcomes);

// A label without the marks that tell_origins gives.
std::string bare_name(const std::string& label);

// Whether any of the cell's outcomes is of what its model was trained on.
bool saw_any_test(const std::vector<Outcome>& outcomes, const std::string& cell);

}  // namespace attune
