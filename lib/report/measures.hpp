#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/rows.hpp"

namespace attune {

// What the columns of numbers of per-episode rows may hold.

// Places of the scores: all columns after "episode" but those of Origin.
std::vector<std::size_t> score_columns(const Rows& rows);

// A whole number, `least` or more. Error, beginning with `what`.
std::int64_t whole_number(const std::string& text, std::int64_t least, const std::string& what);
// A finite number. Error, beginning with `what`.
double real_number(const std::string& text, const std::string& what);

// A score within the range of its column ("accuracy" 0 to 1, "loss" 0 or more, "random_loss" as
// "loss"; of an unknown column any finite number). `answers`: of an episode, 0 where not known; an
// accuracy or exact match is a whole number of them, exact or of six decimals. Error, beginning
// with `what`.
double score_number(const std::string& column, const std::string& text, std::int64_t answers,
                    const std::string& what);

// How many answers an episode's scores are over: ways × queries, or queries; 0 where the shape
// (names and extents) tells none.
std::int64_t answers_of(const std::vector<std::pair<std::string, std::int64_t>>& shape);

}  // namespace attune
