#include "report/alignment_picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"

using namespace attune;

namespace {

// "41" → "ab∎" from "40" → "a" and "1" → "b"; "7" → "z" is not looked at. Items: 4 0 a ∎ 1 b ∎ 7 z
// ∎.
AlignmentView view() {
  AlignmentView view;
  view.title = "41 → ab";
  view.subtitle = "right";
  view.support = {{{"4", "0"}, {"a", ""}}, {{"1"}, {"b", ""}}, {{"7"}, {"z", ""}}};
  view.step = {"a", "b", ""};
  view.weights = {0, 0, 0.9, 0,   0,    0.1,  0,   0, 0, 0,  //
                  0, 0, 0,   0,   0.25, 0.75, 0,   0, 0, 0,  //
                  0, 0, 0,   0.5, 0,    0,    0.5, 0, 0, 0};
  return view;
}

std::vector<Drawing::Rectangle> rectangles(const Drawing& drawing) {
  std::vector<Drawing::Rectangle> all;
  for (const auto& shape : drawing.shapes)
    if (const auto* one = std::get_if<Drawing::Rectangle>(&shape)) all.push_back(*one);
  return all;
}

}  // namespace

TEST_CASE("an alignment has a line for each pair that is looked at, darker with its weight") {
  const auto all = rectangles(draw_alignment(view()));
  // Two pairs of three cells and two target tokens each.
  REQUIRE(all.size() == 10);
  CHECK(all[0].fill.red < all[5].fill.red);   // "a": 0.9 and 0.1
  CHECK(all[1].fill.red == 255);              // "b" has nothing of the first pair
  CHECK(all[6].fill.red == 0);                // but all of the second
  CHECK(all[2].fill.red == all[7].fill.red);  // the end has half of each
  CHECK(all[3].y == all[0].y);
  CHECK(all[5].y > all[0].y);
  CHECK(all[3].fill.red < all[4].fill.red);  // the first target's "a" 0.9, its end 0.5
  AlignmentView wrong = view();
  wrong.weights.pop_back();
  CHECK_THROWS_AS(draw_alignment(wrong), Error);
}

TEST_CASE("what is taken from analogy has a line above the pairs, and a place behind them") {
  AlignmentView told = view();
  told.followed = {0.05, 1, 0};
  const auto with = rectangles(draw_alignment(told)), without = rectangles(draw_alignment(view()));
  REQUIRE(with.size() == without.size() + 3);
  CHECK(with[0].y < with[3].y);
  CHECK(with[0].x == with[3].x);
  CHECK(with[1].fill.red < with[0].fill.red);
  CHECK(with[0].fill.red < with[2].fill.red);
  CHECK(with[2].fill.red == 255);
  CHECK(to_terminal(told) ==
        "41 → ab\nright\n  a\t0.90\t40 → [a]\tanalogy 0.05\n"
        "  b\t0.75\t1 → [b]\tanalogy 1.00\n  ∎\t0.50\t40 → a[∎]\tanalogy 0.00\n");
}

TEST_CASE("an alignment in a terminal names the token that each was read from") {
  CHECK(to_terminal(view()) ==
        "41 → ab\nright\n  a\t0.90\t40 → [a]\n  b\t0.75\t1 → [b]\n  ∎\t0.50\t40 → a[∎]\n");
}
