#include "report/pairs.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include "report/tell_origins.hpp"
#include "statistics/significance.hpp"

namespace attune {

namespace {

// a − b of the episodes that both have, as shown; their sample.
std::vector<double> differences_of(const Outcome& a, const Outcome& b) {
  std::map<std::uint64_t, double> differences;
  for (const auto& [episode, score] : a.score) {
    const auto other = b.score.find(episode);
    if (other != b.score.end()) {
      differences[episode] = a.shown(score) - b.shown(other->second);
    }
  }
  return sample_of(a, differences);
}

struct Claim {
  std::string test, cell, against;
  Pairing pairing;
};

using CellPairs = std::vector<std::pair<std::string, std::string>>;

CellPairs planned_pairs(const Experiment& experiment) {
  CellPairs pairs;
  for (const auto& cell : experiment.cells)
    for (const auto& other : cell.against) pairs.emplace_back(cell.name, other);
  return pairs;
}

CellPairs all_pairs(const std::vector<std::string>& cells) {
  CellPairs pairs;
  for (std::size_t i = 0; i < cells.size(); ++i)
    for (std::size_t j = i + 1; j < cells.size(); ++j) pairs.emplace_back(cells[i], cells[j]);
  return pairs;
}

std::vector<Claim> claims_of(const std::vector<Outcome>& outcomes, const Layout& layout,
                             const CellPairs& pairs) {
  std::vector<Claim> claims;
  for (const auto& test : layout.tests) {
    for (const auto& [a, b] : pairs) {
      auto pairing = pair_up(seeds_of(outcomes, a, test), seeds_of(outcomes, b, test));
      if (pairing) claims.push_back({test, a, b, std::move(*pairing)});
    }
  }
  return claims;
}

std::string about(const Pairing& pairing) {
  const std::string count = std::to_string(pairing.differences.size());
  return pairing.over_seeds ? "methods: " + count + " seeds"
                            : "models: " + count + " " + pairing.over;
}

Estimate plain(double value) { return {value, {}}; }

// Fewer where hardly two differences are of one size, which costs time.
std::size_t flips_of(const ScoreKind& kind) { return kind.name == "reward" ? 9999 : 99999; }

}  // namespace

std::optional<Pairing> pair_up(const Seeds& a, const Seeds& b) {
  Pairing pairing;
  std::vector<double> means;
  for (const Outcome* mine : a) {
    const auto other = std::ranges::find(b, mine->seed, &Outcome::seed);
    if (other == b.end()) continue;
    auto differences = differences_of(*mine, **other);
    if (differences.size() < 2) continue;
    pairing.interval = mean_interval(differences);
    pairing.differences = std::move(differences);
    means.push_back(pairing.interval.mean);
  }
  if (means.empty()) return std::nullopt;
  if (means.size() > 1) pairing = {means, true, mean_interval(means)};
  pairing.over = sample_name(*a.front());
  pairing.flips = flips_of(*a.front()->kind);
  return pairing;
}

namespace {

// Of sign flips, whatever the claim is about.
std::vector<double> flip_values(std::span<const Pairing> pairings) {
  std::map<std::size_t, std::vector<std::size_t>> by_flips;
  for (std::size_t i = 0; i < pairings.size(); ++i) by_flips[pairings[i].flips].push_back(i);
  std::vector<double> p(pairings.size());
  for (const auto& [flips, places] : by_flips) {
    std::vector<std::vector<double>> samples;
    for (const std::size_t i : places) samples.push_back(pairings[i].differences);
    const auto tests = sign_flip_tests(samples, flips);
    for (std::size_t i = 0; i < places.size(); ++i) p[places[i]] = tests[i].p;
  }
  return p;
}

}  // namespace

std::vector<double> p_values(std::span<const Pairing> pairings) {
  std::vector<Pairing> models;
  std::ranges::copy_if(pairings, std::back_inserter(models), std::not_fn(&Pairing::over_seeds));
  const auto flipped = flip_values(models);
  std::vector<double> p;
  auto next = flipped.begin();
  for (const Pairing& pairing : pairings)
    p.push_back(pairing.over_seeds ? student_test(pairing.differences) : *next++);
  return p;
}

Table pair_table(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  Table table;
  table.title = title_of("Pairs", experiment);
  table.labels = {"test", "model", "against", "claim about"};
  const ScoreKind& kind = common_kind(outcomes);
  table.columns = {{"difference", true, false, kind.decimals},
                   {"p sign-flip", false, true, 4},
                   {"p Student", false, true, 4},
                   {"p Holm", false, true, 4}};
  const Layout layout = layout_of(outcomes, experiment);
  const CellPairs planned = experiment == nullptr ? CellPairs{} : planned_pairs(*experiment);
  const auto claims =
      claims_of(outcomes, layout, planned.empty() ? all_pairs(layout.cells) : planned);
  std::vector<Pairing> pairings;
  for (const Claim& claim : claims) pairings.push_back(claim.pairing);
  const auto flips = flip_values(pairings);
  std::vector<double> p;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Claim& claim = claims[i];
    const Pairing& pairing = claim.pairing;
    const double flip = flips[i], student = student_test(pairing.differences);
    p.push_back(pairing.over_seeds ? student : flip);
    const Estimate difference{pairing.interval.mean, pairing.interval.half_width};
    table.lines.push_back({{claim.test, claim.cell, claim.against, about(pairing)},
                           {difference, plain(flip), plain(student)},
                           false,
                           {}});
  }
  const auto adjusted = holm(p);
  for (std::size_t i = 0; i < adjusted.size(); ++i) {
    table.lines[i].values.emplace_back(plain(adjusted[i]));
    if (adjusted[i] < 0.05) table.lines[i].bold = {true, false, false, true};
  }
  table.notes = {
      kind.noun + " of the model minus that of the one it stands against, " + kind.difference +
          " on the same episodes, ± half-width of the 95 % Student-t interval.",
      "A claim about models, one seed each, is about these two files of weights: over " +
          (outcomes.empty() ? "episodes" : sample_name(outcomes.front())) +
          ". A "
          "claim about methods is about training them anew: over common seeds, each seed's mean "
          "difference one number.",
      "p sign-flip: every sign pattern of up to 16 differences other than zero, of more " +
          std::string(flips_of(kind) > 10000 ? "99,999" : "9,999") +
          " random ones. p Holm: adjusted over the " + std::to_string(claims.size()) +
          " lines of this table, of p sign-flip for models, of p Student for methods (n seeds "
          "allow no sign-flip p below 2^(1-n)). Bold: below 0.05."};
  if (!planned.empty())
    table.notes.insert(table.notes.begin(),
                       "Only the comparisons that the experiment planned (its keys \"against\").");
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
