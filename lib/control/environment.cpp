#include "control/environment.hpp"

#include <algorithm>
#include <numeric>

#include "array/parallel.hpp"
#include "statistics/interval.hpp"

namespace attune {
namespace {

constexpr const char* kKind = "attune-tasks";
constexpr int kVersion = 1;
constexpr double kTie = 1e-9;

double play_one(const Environment& environment, const Tasks& tasks, const Policy& policy,
                double parameter, Rng rng, std::uint64_t number) {
  const auto trial = tasks.trial(number);
  const auto advisor = policy.advisor(parameter);
  std::vector<double> scores(environment.actions());
  double total = 0;
  for (std::size_t t = 0; t < environment.steps(); ++t) {
    advisor->scores(*trial, rng, scores);
    total += trial->act(choose(scores, rng));
  }
  return total;
}

}  // namespace

std::uint32_t choose(std::span<const double> scores, Rng& rng) {
  double best = scores[0];
  for (const double score : scores) best = std::max(best, score);
  std::uint32_t equal = 0, first = 0;
  for (std::size_t a = scores.size(); a-- > 0;)
    if (scores[a] >= best - kTie) {
      ++equal;
      first = static_cast<std::uint32_t>(a);
    }
  if (equal <= 1) return first;
  for (std::uint64_t skip = rng.below(equal); skip > 0; --skip) do
      ++first;
    while (scores[first] < best - kTie);
  return first;
}

std::vector<double> play(const Environment& environment, const Tasks& tasks, const Policy& policy,
                         double parameter, std::uint64_t seed,
                         std::span<const std::uint64_t> numbers) {
  constexpr std::size_t kBlock = 64;
  std::vector<double> totals(numbers.size());
  const Rng rng(seed, "policy");
  kernel::parallel_for((numbers.size() + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t end = std::min(numbers.size(), (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i)
      totals[i] = play_one(environment, tasks, policy, parameter, rng.at(numbers[i]), numbers[i]);
  });
  return totals;
}

double tune(const Environment& environment, const Tasks& tasks, const Policy& policy,
            std::uint64_t seed, std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  double best = 0, of_best = 0;
  bool any = false;
  for (const double candidate : policy.candidates()) {
    const double mean =
        mean_interval(play(environment, tasks, policy, candidate, seed, numbers)).mean;
    if (any && mean <= of_best) continue;
    any = true;
    best = candidate;
    of_best = mean;
  }
  if (!any) throw Error("tune: want candidates, have none");
  return best;
}

std::string write_tasks(const std::string& path, const Environment& environment, std::uint64_t seed,
                        const std::string& stream, std::size_t count) {
  store::Writer file(path, kKind, kVersion);
  file.attribute("about",
                 "Frozen tasks; each is played by every agent with the same luck, which is made "
                 "again from seed, stream and the number of the task.");
  file.attribute("environment", environment.title());
  file.attribute("seed", static_cast<std::int64_t>(seed));
  file.attribute("stream", stream);
  for (const auto& [name, value] : environment.shape())
    file.attribute(name, static_cast<std::int64_t>(value));
  environment.write(file, seed, stream, count);
  return file.commit();
}

TaskFile read_tasks(const std::string& path, const Environment& environment) {
  const store::Reader file(path, kKind, kVersion);
  if (const std::string have = file.text_attribute("environment"); have != environment.title())
    throw Error(path + ": want tasks of " + environment.title() + ", have tasks of " + have);
  const std::string stream = file.text_attribute("stream"), frozen = "frozen.";
  return {environment.read(file), file.hash(),
          stream.starts_with(frozen) ? stream.substr(frozen.size()) : "-"};
}

}  // namespace attune
