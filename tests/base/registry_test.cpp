#include "base/registry.hpp"

#include <doctest/doctest.h>

#include "base/scratch.hpp"

using namespace attune;

namespace {

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};

struct Square final : Shape {
  double side;
  Square(const Config& config, double unit)
      : side(unit * config.real("side", 1, {0, 10}, "of the square")) {}
  double area() const override { return side * side; }
};

struct Disc final : Shape {
  double area() const override { return 3; }
};

const Register<Shape, double> square{
    "square", "equal sides", [](const Config& config, double unit) -> std::unique_ptr<Shape> {
      return std::make_unique<Square>(config, unit);
    }};
const Register<Shape, double> disc{
    "disc", "round",
    [](const Config&, double) -> std::unique_ptr<Shape> { return std::make_unique<Disc>(); }};

}  // namespace

TEST_CASE("parts are made by kind, with their configuration and arguments") {
  using Shapes = Registry<Shape, double>;
  CHECK(Shapes::names() == std::vector<std::string>{"disc", "square"});
  CHECK(Shapes::entries().at("disc").summary == "round");
  const Config config = Config::parse(R"({"shape": {"kind": "square", "side": 3}})", "x.json");
  CHECK(Shapes::make(config.child("shape"), "disc", 2.0)->area() == 36);
  CHECK_NOTHROW(config.finish());
  CHECK(Shapes::make(Config(), "disc", 1.0)->area() == 3);
  CHECK(message_of<UsageError>([] {
          Shapes::make(Config::parse(R"({"kind": "sqare"})", "x.json"), "disc", 1.0);
        }) == "x.json: kind: want disc|square, have \"sqare\" (did you mean square?)");
}
