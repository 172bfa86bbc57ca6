#include <algorithm>
#include <cmath>
#include <map>

#include "report/side_tables.hpp"
#include "report/summarise.hpp"
#include "report/tell_origins.hpp"
#include "statistics/interval.hpp"

namespace attune {

namespace {

Estimate difference(const Estimate& ours, const Estimate& published) {
  Estimate result{ours.mean - published.mean, {}};
  if (ours.half_width && published.half_width) {
    result.half_width = std::hypot(*ours.half_width, *published.half_width);
  }
  return result;
}

// Half-width of a mean over `episodes` whose scores spread as those of our first seed. Both samples
// are large.
double reckoned(const Outcome& ours, std::int64_t episodes) {
  std::vector<double> values;
  for (const auto& [episode, score] : ours.score) values.push_back(ours.shown(score));
  const Interval interval = mean_interval(values);
  return interval.half_width *
         std::sqrt(static_cast<double>(interval.n) / static_cast<double>(episodes));
}

using Named = std::pair<std::string, Estimate>;

// Which of the published means of one test differ by more than the interval of the difference.
std::string against_each_other(const std::string& test, const std::vector<Named>& published,
                               int decimals) {
  std::string apart;
  std::size_t pairs = 0, found = 0;
  for (std::size_t i = 0; i < published.size(); ++i) {
    for (std::size_t j = i + 1; j < published.size(); ++j, ++pairs) {
      const Estimate gap = difference(published[i].second, published[j].second);
      if (std::abs(gap.mean) <= *gap.half_width) continue;
      ++found;
      apart += (apart.empty() ? ": " : "; ") + published[i].first + " less " + published[j].first +
               " " + estimate_text(gap, decimals, true, " ± ");
    }
  }
  return test + ", published against published, unpaired and unadjusted: " + std::to_string(found) +
         " of " + std::to_string(pairs) + " pairs differ by more than their 95 % interval" + apart +
         ".";
}

}  // namespace

Table published_table(const std::vector<Outcome>& outcomes, const Experiment& experiment) {
  const Layout layout = layout_of(outcomes, &experiment);
  Table table;
  table.title = title_of("Beside published numbers", &experiment);
  table.labels = {"model", "test", "published as", "source"};
  const ScoreKind& kind = common_kind(outcomes);
  table.columns = {{"ours", false, false, kind.decimals},
                   {"published", false, false, kind.decimals},
                   {"difference", true, false, kind.decimals}};
  table.notes = {
      kind.title +
      ". Other episodes, other code, often another protocol: a difference here "
      "is no paired one. Its interval is that of independent means, where both print one."};
  std::map<std::string, std::vector<Named>> known;  // test → means over known numbers of episodes
  for (const PublishedLine& line : experiment.published) {
    bool used = false;
    for (const CellRecipe& cell : experiment.cells) {
      if (cell.published != line.name) continue;
      for (const auto& test : layout.tests) {
        const Seeds seeds = seeds_of(outcomes, cell.name, test);
        const auto value = line.values.find(test);
        if (seeds.empty() || value == line.values.end()) continue;
        const Estimate ours = cell_estimate(seeds);
        Estimate published = value->second;
        if (line.episodes > 0) {
          if (!published.half_width) published.half_width = reckoned(*seeds[0], line.episodes);
          auto& means = known[test];
          if (std::ranges::find(means, line.name, &Named::first) == means.end())
            means.emplace_back(line.name, published);
        }
        table.lines.push_back({{cell.name, test, line.name, line.source},
                               {ours, published, difference(ours, published)},
                               false,
                               {}});
        used = true;
      }
    }
    if (used && !line.protocol.empty()) {
      table.notes.push_back(line.name + ", protocol: " + line.protocol + ".");
    }
  }
  if (!known.empty()) {
    table.notes.push_back(
        "A published mean over a known number of episodes that printed no interval has the one of "
        "so many episodes with the spread of ours.");
  }
  for (const auto& [test, means] : known) {
    if (means.size() > 1) table.notes.push_back(against_each_other(test, means, kind.decimals));
  }
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
