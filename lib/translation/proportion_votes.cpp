#include "translation/proportion_votes.hpp"

#include <numeric>
#include <utility>

#include "translation/proportion.hpp"

namespace attune {

ProportionVotes::Summed::Summed(std::u32string letters)
    : text(std::move(letters)), sum(std::accumulate(text.begin(), text.end(), std::uint64_t{0})) {}

bool ProportionVotes::may_stand(const Summed& a, const Summed& b, const Summed& c,
                                const Summed& x) {
  return a.sum + x.sum == b.sum + c.sum &&
         a.text.size() + x.text.size() == b.text.size() + c.text.size();
}

ProportionVotes::ProportionVotes(const std::vector<std::u32string>& sources,
                                 std::vector<std::u32string> targets)
    : sources_(sources.begin(), sources.end()), targets_(std::move(targets)) {}

std::map<std::u32string, std::size_t> ProportionVotes::operator()(std::u32string query) const {
  const Summed asked(std::move(query));
  std::map<std::u32string, std::size_t> votes;
  const std::size_t K = sources_.size();
  for (std::size_t a = 0; a < K; ++a)
    for (std::size_t b = 0; b < K; ++b)
      for (std::size_t c = b + 1; c < K; ++c) {
        if (a == b || a == c || !may_stand(sources_[a], sources_[b], sources_[c], asked)) continue;
        if (solve_proportion(sources_[a].text, sources_[b].text, sources_[c].text) != asked.text)
          continue;
        const auto answer = solve_proportion(targets_[a], targets_[b], targets_[c]);
        if (answer) ++votes[*answer];
      }
  return votes;
}

std::optional<ProportionVotes::Solution> ProportionVotes::best(std::u32string query) const {
  std::optional<Solution> most;
  for (const auto& [target, count] : (*this)(std::move(query)))
    if (!most || count > most->votes) most = Solution{target, count};
  return most;
}

}  // namespace attune
