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
