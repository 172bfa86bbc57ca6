#include "translator/decode.hpp"

#include <algorithm>
#include <cmath>

namespace attune {
namespace {

struct Candidate {
  std::size_t hypothesis;
  std::uint32_t symbol;
  double log_probability;
};

class Search {
 public:
  explicit Search(const Decoding& how, std::size_t longest) : how_(how), longest_(longest) {
    under_way.push_back({});
  }
  std::vector<Answer> under_way;

  // log_p: a row of V for each hypothesis under way. Returns which of them the new ones go on from.
  std::vector<std::size_t> go_on(const Real* log_p, std::size_t symbols) {
    std::vector<Candidate> best = candidates(log_p, symbols);
    const std::size_t kept = std::min(best.size(), how_.beam);
    std::ranges::partial_sort(best, best.begin() + static_cast<std::ptrdiff_t>(kept),
                              [](const Candidate& a, const Candidate& b) {
                                if (a.log_probability != b.log_probability)
                                  return a.log_probability > b.log_probability;
                                return std::pair(a.hypothesis, a.symbol) <
                                       std::pair(b.hypothesis, b.symbol);
                              });
    best.resize(kept);
    if (best.empty() && !found_) best_ = under_way[0];
    std::vector<Answer> next;
    std::vector<std::size_t> from;
    for (const Candidate& one : best) {
      Answer answer = under_way[one.hypothesis];
      answer.log_probability = one.log_probability;
      if (one.symbol == kEnd) {
        answer.ended = true;
        offer(answer);
        continue;
      }
      answer.symbols.push_back(one.symbol);
      next.push_back(std::move(answer));
      from.push_back(one.hypothesis);
    }
    under_way = std::move(next);
    if (decided()) {
      under_way.clear();
      from.clear();
    }
    return from;
  }

  Answer answer() const { return best_; }

 private:
  double penalty(std::size_t length) const {
    return std::pow((5 + static_cast<double>(length)) / 6, how_.length_penalty);
  }

  std::vector<Candidate> candidates(const Real* log_p, std::size_t symbols) const {
    std::vector<Candidate> all;
    for (std::size_t h = 0; h < under_way.size(); ++h)
      for (std::size_t s = 0; s < symbols; ++s) {
        const double more = static_cast<double>(log_p[h * symbols + s]);
        const bool may = under_way[h].symbols.size() < longest_ && s >= kFirstSymbol;
        if ((may || s == kEnd) && std::isfinite(more))
          all.push_back({h, static_cast<std::uint32_t>(s), under_way[h].log_probability + more});
      }
    return all;
  }

  void offer(const Answer& answer) {
    const double score = answer.log_probability / penalty(answer.symbols.size() + 1);
    if (found_ && score <= score_) return;
    best_ = answer;
    score_ = score;
    found_ = true;
  }

  // No log-probability rises, and no penalty is above that of the longest answer.
  bool decided() const {
    if (!found_) return false;
    for (const Answer& one : under_way)
      if (one.log_probability / penalty(longest_ + 1) > score_) return false;
    return true;
  }

  Decoding how_;
  std::size_t longest_;
  Answer best_;
  double score_ = 0;
  bool found_ = false;
};

}  // namespace

Decoding::Decoding(const Config& config)
    : beam(static_cast<std::size_t>(
          config.integer("beam", 1, {1, 64}, "answers that are followed at once; 1: greedy"))),
      length_penalty(config.real("length_penalty", 0.6, {0, 4},
                                 "exponent of the length that scores are divided by")),
      longest(static_cast<std::size_t>(
          config.integer("longest", 50, {1, 1 << 16},
                         "tokens that an answer may have; more where the support's are long"))) {}

std::vector<Answer> decode(AnswerWriter& writer, std::size_t queries, std::size_t longest,
                           const Decoding& how) {
  std::vector<Search> searches(queries, Search(how, longest));
  Indices last(queries, kBegin);
  for (std::size_t step = 0; step <= longest && !last.empty(); ++step) {
    const Array log_p = writer.step(last);
    const std::size_t symbols = log_p.dim(1);
    Indices rows;
    last.clear();
    std::size_t first = 0;
    for (Search& search : searches) {
      const std::size_t count = search.under_way.size();
      if (count == 0) continue;
      const auto from = search.go_on(log_p.data() + first * symbols, symbols);
      for (std::size_t i = 0; i < from.size(); ++i) {
        rows.push_back(static_cast<std::uint32_t>(first + from[i]));
        last.push_back(search.under_way[i].symbols.back());
      }
      first += count;
    }
    if (!last.empty()) writer.select(rows);
  }
  std::vector<Answer> answers;
  for (const Search& search : searches) answers.push_back(search.answer());
  return answers;
}

}  // namespace attune
