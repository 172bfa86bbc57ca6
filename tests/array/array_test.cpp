#include "array/array.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <utility>

#include "array/naive.hpp"

using namespace attune;
using naive::contains;
using naive::error_of;

TEST_CASE("an array keeps its shape and values") {
  const Array x = Array::of({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(x.shape() == Shape{2, 3});
  CHECK(x.size() == 6);
  CHECK(x.rank() == 2);
  CHECK(x.dim(1) == 3);
  CHECK(x.values()[4] == 5);
  CHECK(Array().item() == 0);
  CHECK(Array().rank() == 0);
  CHECK(Array::scalar(4).item() == 4);
  CHECK(Array::full({2, 2}, 3).values()[3] == 3);
  CHECK(Array::zeros({0, 5}).size() == 0);
}

TEST_CASE("memory is aligned to 64 bytes") {
  for (const std::size_t size : {1u, 3u, 17u, 1000u, 100000u}) {
    CHECK(reinterpret_cast<std::uintptr_t>(Array({size}).data()) % 64 == 0);
  }
}

TEST_CASE("copies share memory until one of them is changed") {
  Array a = Array::of({3}, {1, 2, 3});
  CHECK_FALSE(a.shares_memory());
  Array b = a;
  CHECK(a.shares_memory());
  CHECK(b.data() == a.data());
  b.mutable_data()[0] = 9;
  CHECK(a.values()[0] == 1);
  CHECK(b.values()[0] == 9);
  CHECK_FALSE(a.shares_memory());
  const Real* const own = b.data();
  b.mutable_data()[1] = 8;
  CHECK(b.data() == own);

  const Array view = a.reshaped({3, 1});
  CHECK(view.data() == a.data());
  a.mutable_data()[0] = 7;
  CHECK(view.values()[0] == 1);
}

TEST_CASE("the default array can be written without touching others") {
  Array a, b;
  a.mutable_data()[0] = 5;
  CHECK(a.item() == 5);
  CHECK(b.item() == 0);
  CHECK(Array().item() == 0);
}

TEST_CASE("moved-from arrays are scalars of value 0, assignment to oneself is harmless") {
  Array a = Array::of({2}, {1, 2});
  Array b = std::move(a);
  CHECK(b.values()[1] == 2);
  CHECK(a.shape() == Shape{});
  CHECK(a.item() == 0);
  a = std::move(b);
  CHECK(a.values()[0] == 1);
  Array& same = a;
  a = same;
  a = std::move(same);
  CHECK(a.values()[1] == 2);
}

TEST_CASE("wrong sizes are errors that name the shapes") {
  CHECK(contains(error_of([] { Array::of({2, 2}, {1, 2, 3}); }), "(2,2)"));
  CHECK(contains(error_of([] { Array({2, 3}).item(); }), "(2,3)"));
  const std::string message = error_of([] { Array({2, 3}).reshaped({4}); });
  CHECK(contains(message, "(2,3)"));
  CHECK(contains(message, "(4)"));
  const std::size_t huge = std::size_t{1} << 40;
  CHECK_FALSE(error_of([&] { Array({huge, huge}); }).empty());
  CHECK_FALSE(error_of([&] { Array({huge, std::size_t{1} << 22}); }).empty());
  CHECK_FALSE(error_of([&] { Array({huge, std::size_t{1} << 18}); }).empty());
  CHECK(Array({huge, huge, 0}).size() == 0);
}
