#include "translator/pair_layout.hpp"

#include <doctest/doctest.h>

using namespace attune;

TEST_CASE("two episodes laid out by hand") {
  const std::vector<SymbolEpisode> episodes = {{{{{1, 2}, {7, 8}}}, {{{3}, {8, kOther, 7}}}, {}},
                                               {{{{4}, {9}}, {{5}, {6, 6}}}, {{{4, 5}, {6}}}, {}}};
  const PairLayout layout(episodes, {.earlier = 2, .later = 2});
  CHECK(layout.episodes == 2);
  CHECK(layout.queries == 2);
  CHECK(layout.words == 2);
  CHECK(layout.memory == 7);  // 1 + 1 + end, 1 + 2 + end
  CHECK(layout.steps == 4);
  CHECK(layout.word == Indices{1, 2, 3, 0, 4, 0, 5, 0, 4, 5});
  CHECK(layout.query_pair == Indices{1, 4});
  // Target items: 7 8 end | 9 end | 6 6 end
  CHECK(layout.symbol == Indices{7, 8, kEnd, 9, kEnd, 6, 6, kEnd});
  CHECK(layout.later.size() == 2);
  CHECK(layout.later[0] == Indices{8, kEnd, kNone, kEnd, kNone, 6, kEnd, kNone});
  CHECK(layout.later[1] == Indices{kEnd, kNone, kNone, kNone, kNone, kEnd, kNone, kNone});
  CHECK(layout.item.earlier[0] == Indices{kBegin, 7, 8, kBegin, 9, kBegin, 6, 6});
  CHECK(layout.item.earlier[1] == Indices{kNone, kBegin, 7, kNone, kBegin, kNone, kBegin, 6});
  CHECK(layout.item.place == Indices{0, 1, 2, 0, 1, 0, 1, 2});
  CHECK(layout.item.pair == Indices{0, 0, 0, 2, 2, 3, 3, 3});
  CHECK(layout.from_end == Indices{2, 1, 0, 1, 0, 2, 1, 0});
  // 8 target items, then 5 pairs of 2 words, then nothing (18).
  CHECK(layout.slot == Indices{8, 9, 0, 1, 2, 18, 18, 12, 3, 4, 14, 5, 6, 7});
  CHECK(layout.memory_symbol == Indices{0, 0, 7, 8, kEnd, 0, 0, 0, 9, kEnd, 0, 6, 6, kEnd});
  CHECK(layout.memory_pair == Indices{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1});
  for (std::size_t i = 0; i < 14; ++i) {
    CHECK(layout.present.data()[i] == Real(layout.slot[i] == 18 ? 0 : 1));
    CHECK(layout.target.data()[i] == Real(layout.slot[i] < 8 ? 1 : 0));
  }
  // Answers: 8 other 7 end | 6 end
  CHECK(layout.answered == Indices{0, 2, 3, 4, 5});
  CHECK(layout.answer == Indices{8, 7, kEnd, 6, kEnd});
  CHECK(layout.forced.earlier[0] == Indices{kBegin, 8, kOther, 7, kBegin, 6, kNone, kNone});
  CHECK(layout.forced.earlier[1] == Indices{kNone, kBegin, 8, kOther, kNone, kBegin, kNone, kNone});
}

TEST_CASE("a layout wants equally many queries") {
  const std::vector<SymbolEpisode> episodes = {{{{{1}, {7}}}, {{{3}, {8}}}, {}},
                                               {{{{1}, {7}}}, {}, {}}};
  CHECK_THROWS_WITH_AS(PairLayout(episodes, {1}),
                       "translation: want episodes of 1 queries, have one of 0", Error);
}

TEST_CASE("places of answers know what is proposed there, until the answer is another") {
  // 10 : 11 :: 20 : 21 twice, by 30 too.
  const std::vector<SymbolEpisode> episodes = {
      {{{{1, 4}, {7}}, {{1, 5}, {7, 9}}, {{2, 4}, {8, 8}}, {{3, 4}, {6}}, {{3, 5}, {6, 9}}},
       {{{2, 5}, {8, 8, 9}}, {{2, 5}, {8, 9}}, {{4}, {7}}},
       {}}};
  const PairLayout layout(episodes, {.earlier = 2, .proposals = true});
  CHECK(layout.proposals.size() == 8);
  CHECK(layout.proposals[5].symbol == std::vector<std::uint32_t>{8, 8, 9});
  CHECK(layout.proposals[5].votes == 2);
  CHECK(layout.proposals[7].votes == 0);
  CHECK(layout.steps == 4);
  CHECK(layout.forced.proposed ==
        Indices{8, 8, 9, kEnd, 8, 8, kNone, kNone, kNone, kNone, kNone, kNone});
  CHECK(layout.forced.votes == Indices{2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0});
  WrittenPlaces places(layout, {.earlier = 2, .proposals = true});
  CHECK(places.after({kBegin, kBegin, kBegin}).proposed == Indices{8, 8, kNone});
  CHECK(places.after({8, 8, 7}).proposed == Indices{8, 8, kNone});
  places.select({2, 1, 0, 0});
  CHECK(places.after({9, 9, 8, 6}).proposed == Indices{kNone, kNone, 9, kNone});
  CHECK(places.after({9, 9, 9, 9}).proposed == Indices{kNone, kNone, kEnd, kNone});
  CHECK(places.after({9, 9, 9, 9}).votes == Indices{0, 2, 2, 2});
}

TEST_CASE("more votes than are told apart are the most that are") {
  SymbolEpisode episode;
  for (std::uint32_t a = 10; a < 20; ++a) {
    episode.support.push_back({{a, 1}, {a, 8}});
    episode.support.push_back({{a, 2}, {a, 9}});
  }
  episode.support.push_back({{30, 1}, {7, 8}});
  episode.query = {{{30, 2}, {}}};
  const Proposal proposal = propose(episode).at(0);
  CHECK(proposal.votes == Proposal::kMostVotes);
  CHECK(proposal.at(0) == 7);
  CHECK(proposal.at(1) == 9);
  CHECK(proposal.at(2) == kEnd);
  CHECK(proposal.at(3) == kNone);
}

TEST_CASE("agreement counts the equal symbols before a place and before an item, latest first") {
  const std::vector<SymbolEpisode> episodes = {{{{{1}, {7, 8, 7, 8}}, {{2}, {8}}}, {{{3}, {}}}, {}},
                                               {{{{1}, {9}}}, {{{3}, {7, 8, 6}}}, {}}};
  const PairLayout layout(episodes, {.earlier = 3, .agreement = true});
  REQUIRE(layout.memory == 9);  // 1 and 4 with their end, 1 and 1 with its; 1 and 1 with its
  REQUIRE(layout.steps == 4);
  const auto row = [&](const Indices& all, std::size_t place) {
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(place * layout.memory);
    return Indices(from, from + 9);
  };
  // The begin agrees with the begin, and so does the nothing before it.
  CHECK(row(layout.forced.agreement, 0) == Indices{0, 3, 0, 0, 0, 0, 0, 3, 0});
  CHECK(row(layout.forced.agreement, 4) == Indices{0, 3, 0, 0, 0, 0, 0, 0, 0});
  WrittenPlaces places(layout, {.earlier = 3, .agreement = true});
  places.after({kBegin, kBegin});
  CHECK(row(places.after({7, 7}).agreement, 0) == Indices{0, 0, 3, 0, 1, 0, 0, 0, 0});
  const Indices third = places.after({8, 8}).agreement;
  CHECK(row(third, 0) == Indices{0, 0, 0, 3, 0, 2, 0, 0, 1});
  CHECK(row(third, 1) == Indices(9, 0));
}

TEST_CASE("answers written step by step know the places that a layout gives whole ones") {
  const std::vector<SymbolEpisode> episodes = {
      {{{{1}, {7}}, {{2}, {9}}, {{3}, {4}}}, {{{3}, {8}}, {{1}, {6}}}, {}}};
  const PairLayout layout(episodes, {2});
  WrittenPlaces places(layout, {2});
  const TargetPlaces first = places.after({kBegin, kBegin});
  CHECK(first.earlier == std::vector<Indices>{{kBegin, kBegin}, {kNone, kNone}});
  CHECK(first.place == Indices{0, 0});
  CHECK(first.pair == Indices{3, 4});
  const TargetPlaces second = places.after({7, 9});
  CHECK(second.earlier == std::vector<Indices>{{7, 9}, {kBegin, kBegin}});
  CHECK(second.place == Indices{1, 1});
  places.select({1, 1, 0});
  const TargetPlaces third = places.after({4, 6, 8});
  CHECK(third.earlier == std::vector<Indices>{{4, 6, 8}, {9, 9, 7}});
  CHECK(third.place == Indices{2, 2, 2});
  CHECK(third.pair == Indices{4, 4, 3});
}
