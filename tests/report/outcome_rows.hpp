#pragma once
#include <string>
#include <vector>

#include "base/rows.hpp"
#include "base/text.hpp"
#include "report/origin.hpp"

namespace attune {

// Rows as attune-evaluate writes them, of one cell, seed and test: 100 answers in an episode.
struct OutcomeRows {
  std::string cell = "matching", trained_on = "glyphs:train", seed = "0", test = "5w1s",
              episode_file = "aaaa", model = "m0";
  std::vector<double> accuracy;
  std::size_t first = 0;

  Rows rows() const {
    Rows rows;
    rows.origin = cell + "-s" + seed + "." + test;
    rows.columns = {"cell", "trained_on", "seed",    "test",    "episode_file", "model",
                    "ways", "shots",      "queries", "episode", "accuracy",     "loss"};
    for (std::size_t i = 0; i < accuracy.size(); ++i) {
      rows.lines.push_back({cell, trained_on, seed, test, episode_file, model, "5", "1", "20",
                            std::to_string(first + i), to_text(accuracy[i]), "0.5"});
    }
    return rows;
  }
};

// How the rows of tests came about, where they say so.
inline Origin test_origin() {
  return {"test", "inductive", "glyphs", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "cccccccccccccccc",
          "avx2"};
}

// The rows with the columns that tell it.
inline Rows with_origin(Rows rows, const Origin& origin) {
  for (const OriginColumn& column : origin_columns()) {
    rows.columns.emplace_back(column.name);
    for (auto& line : rows.lines) line.push_back(origin.*column.member);
  }
  return rows;
}

}  // namespace attune
