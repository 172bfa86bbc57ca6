#include "array/shape.hpp"

#include <doctest/doctest.h>

#include "array/naive.hpp"

using namespace attune;
using naive::contains;
using naive::error_of;

TEST_CASE("a shape counts, compares and prints its extents") {
  const Shape shape{20, 1, 64};
  CHECK(shape.rank() == 3);
  CHECK(shape.size() == 1280);
  CHECK(shape.back() == 64);
  CHECK(shape.back(2) == 20);
  CHECK(shape.text() == "(20,1,64)");
  CHECK(Shape{}.size() == 1);
  CHECK(Shape{}.text() == "()");
  CHECK(Shape{3, 0}.size() == 0);
  CHECK(shape == Shape{20, 1, 64});
  CHECK(shape != Shape{20, 64});
  CHECK(Shape{} != Shape{1});
}

TEST_CASE("a ninth dimension is an error") {
  Shape shape{1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(contains(error_of([&] { shape.push_back(9); }), "(1,2,3,4,5,6,7,8)"));
}

TEST_CASE("shapes broadcast by numpy's rule") {
  CHECK(broadcast({2, 3}, {3}) == Shape{2, 3});
  CHECK(broadcast({3}, {2, 1}) == Shape{2, 3});
  CHECK(broadcast({2, 1, 4}, {5, 1}) == Shape{2, 5, 4});
  CHECK(broadcast({}, {7}) == Shape{7});
  CHECK(broadcast({0}, {1}) == Shape{0});
  CHECK(broadcast({2, 0}, {2, 1}) == Shape{2, 0});
  const std::string message = error_of([] { broadcast({2, 3}, {4}); });
  CHECK(contains(message, "(2,3)"));
  CHECK(contains(message, "(4)"));
  CHECK_FALSE(error_of([] { broadcast({0}, {3}); }).empty());
}
