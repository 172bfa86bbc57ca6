#include <algorithm>
#include <cmath>

#include "report/side_tables.hpp"
#include "report/summarise.hpp"
#include "report/tell_origins.hpp"
#include "statistics/components.hpp"
#include "statistics/interval.hpp"

namespace attune {

namespace {

// [seed][episode] as shown, of the episodes that all seeds have.
std::vector<std::vector<double>> common_scores(const Seeds& seeds) {
  std::vector<std::vector<double>> scores(seeds.size());
  for (const auto& entry : seeds.front()->score) {
    const auto episode = entry.first;
    const auto lacks = [&](const Outcome* seed) { return !seed->score.contains(episode); };
    if (std::ranges::any_of(seeds, lacks)) continue;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      scores[i].push_back(seeds[i]->shown(seeds[i]->score.at(episode)));
    }
  }
  return scores;
}

Interval over_episodes(const std::vector<std::vector<double>>& scores) {
  std::vector<double> means(scores.front().size(), 0.0);
  for (const auto& seed : scores) {
    for (std::size_t e = 0; e < means.size(); ++e) {
      means[e] += seed[e] / static_cast<double>(scores.size());
    }
  }
  return mean_interval(means);
}

std::optional<Estimate> plain(const std::optional<double>& value) {
  return value ? std::optional(Estimate{*value, {}}) : std::nullopt;
}

}  // namespace

Table noise_table(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const Layout layout = layout_of(outcomes, experiment);
  Table table;
  table.title = title_of("Noise", experiment);
  table.labels = {"test", "model", "seeds"};
  const ScoreKind& kind = common_kind(outcomes);
  table.columns.push_back({kind.name, false, false, kind.decimals});
  for (const char* name : {"± over episodes", "seed SD", "episode SD", "rest SD"})
    table.columns.push_back({name, false, true, kind.decimals});
  for (const auto& test : layout.tests) {
    for (const auto& cell : layout.cells) {
      const Seeds seeds = seeds_of(outcomes, cell, test);
      if (seeds.empty()) continue;
      Table::Line line;
      line.labels = {test, cell, std::to_string(seeds.size())};
      line.values = {cell_estimate(seeds), {}, {}, {}, {}};
      const auto scores = common_scores(seeds);
      if (scores.front().size() > 1) {
        const NoiseParts parts = noise_parts(scores);
        line.values = {cell_estimate(seeds), plain(over_episodes(scores).half_width),
                       plain(parts.seed), plain(parts.episode), plain(parts.rest)};
      }
      table.lines.push_back(std::move(line));
    }
  }
  table.notes = {
      kind.title +
          ", mean ± half-width of the 95 % Student-t interval: over episodes for "
          "one seed; over the seeds' means for several, about the method on these episodes.",
      "± over episodes: half-width of the interval over episodes of the mean over seeds, about "
      "these models on other episodes.",
      "Standard deviations of the parts of the noise: of the method between seeds; of the "
      "difficulty of episodes, common to all seeds; the rest, of one seed on one episode, which "
      "with one seed stands in the episodes'."};
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
