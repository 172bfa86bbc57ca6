#include "draw/drawing.hpp"

#include <doctest/doctest.h>
#include <png.h>

#include <cstring>

#include "base/error.hpp"
#include "report/episode_picture.hpp"

using namespace attune;

namespace {

struct Decoded {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> rgb;
  const std::uint8_t* at(std::size_t x, std::size_t y) const { return &rgb[(y * columns + x) * 3]; }
};

// By libpng's own simple reader, which shares nothing with our writer.
Decoded decode(const std::string& bytes) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()));
  image.format = PNG_FORMAT_RGB;
  Decoded decoded{image.height, image.width, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(image))};
  REQUIRE(png_image_finish_read(&image, nullptr, decoded.rgb.data(), 0, nullptr));
  return decoded;
}

bool is(const std::uint8_t* pixel, int red, int green, int blue) {
  return pixel[0] == red && pixel[1] == green && pixel[2] == blue;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

EpisodeView small_view() {
  EpisodeView view;
  view.title = "A <title> & more";
  view.class_name = {"one", "two"};
  for (std::uint32_t i = 0; i < 4; ++i) view.support.push_back({10 + i, i / 2, {}});
  view.query = {{20, 0, {}}, {21, 1, {}}};
  view.answers = {{0, {0.5, 0.25, 0.25, 0}, 0, 0.75}, {1, {1, 0, 0, 0}, 0, 1}};
  return view;
}

}  // namespace

TEST_CASE("samples pass through a PNG unchanged, grey and in colour") {
  const std::vector<std::uint8_t> grey{0, 100, 200, 255, 7, 9}, rgb{1, 2, 3, 250, 251, 252};
  const Decoded one = decode(encode_png(grey.data(), 2, 3, 1));
  REQUIRE(one.rows == 2);
  REQUIRE(one.columns == 3);
  for (std::size_t i = 0; i < grey.size(); ++i) CHECK(int(one.rgb[3 * i]) == int(grey[i]));
  CHECK(decode(encode_png(rgb.data(), 1, 2, 3)).rgb == rgb);
  CHECK_THROWS_AS(encode_png(rgb.data(), 1, 3, 2), Error);
}

TEST_CASE("shapes are painted where they are, over what was there, half where half covered") {
  Drawing drawing{8, 6, {}};
  drawing.add(Drawing::Rectangle{1, 1, 3, 2, {200, 0, 0}});
  drawing.add(Drawing::Rectangle{2, 2, 2.5, 3, {0, 0, 100}});
  drawing.add(Drawing::Line{0, 5.5, 8, 5.5, 1, {0, 0, 0}, 0.5});
  drawing.add(Drawing::Picture{6, 0, 2, 2, 1, 1, 1, {40}});
  const Decoded picture = decode(to_png(drawing, 1, kFontFolder));
  REQUIRE(picture.rows == 6);
  REQUIRE(picture.columns == 8);
  CHECK(is(picture.at(0, 0), 255, 255, 255));
  CHECK(is(picture.at(1, 1), 200, 0, 0));
  CHECK(is(picture.at(2, 2), 0, 0, 100));
  CHECK(is(picture.at(1, 3), 255, 255, 255));
  CHECK(std::abs(picture.at(4, 3)[0] - 128) <= 2);
  CHECK(std::abs(picture.at(4, 5)[0] - 128) <= 2);
  CHECK(is(picture.at(7, 1), 40, 40, 40));
  CHECK(decode(to_png(drawing, 2, kFontFolder)).columns == 16);
  CHECK_THROWS_AS(to_png(drawing, 1, "/nowhere"), Error);
}

TEST_CASE("text leaves ink at its place, and SVG escapes it") {
  Drawing drawing{60, 20, {}};
  drawing.add(Drawing::Text{30, 15, 12, "a<b&c", Drawing::Anchor::end});
  const Decoded picture = decode(to_png(drawing, 1, kFontFolder));
  std::size_t left = 0, right = 0;
  for (std::size_t y = 0; y < 20; ++y)
    for (std::size_t x = 0; x < 60; ++x) (x < 31 ? left : right) += picture.at(x, y)[0] < 128;
  CHECK(left > 20);
  CHECK(right == 0);
  CHECK(contains(to_svg(drawing), ">a&lt;b&amp;c</text>"));
  CHECK(contains(to_svg(drawing), "text-anchor=\"end\""));
}

TEST_CASE("letters that DejaVu lacks come from other fonts, and are no empty boxes") {
  const auto drawn = [](const char* letter) {
    Drawing drawing{30, 30, {}};
    drawing.add(Drawing::Text{5, 24, 20, letter});
    return to_png(drawing, 1, kFontFolder);
  };
  // Chinese, Korean, Thai, Khmer, Burmese, Ethiopic, Devanagari, Tamil, Cherokee.
  const char* const pairs[][2] = {{"六", "四"}, {"공", "삼"}, {"ก", "ง"}, {"ក", "ច"}, {"က", "ခ"},
                                  {"ሁ", "ለ"},   {"अ", "ए"},   {"அ", "ஆ"}, {"Ꭲ", "Ꮎ"}};
  for (const auto& [a, b] : pairs) {
    CAPTURE(a);
    CHECK(drawn(a) != drawn(b));
  }
  CHECK(drawn("\xF3\xB0\x80\x80") == drawn("\xF3\xB0\x80\x81"));  // what no font has
}

TEST_CASE("an embedded picture is base64 of its PNG") {
  Drawing drawing{2, 2, {}};
  drawing.add(Drawing::Picture{0, 0, 2, 2, 1, 1, 1, {40}});
  CHECK(contains(to_svg(drawing), "base64,iVBORw0KGgo"));  // the signature \x89PNG\r\n\x1a\n
}

TEST_CASE("long names of classes keep both ends, and stand apart") {
  EpisodeView view = small_view();
  const std::string alphabet = "Früh/" + std::string(60, 'a');
  view.class_name = {alphabet + "/rot090", alphabet + "/rot180"};
  const std::string svg = to_svg(draw_episode(view));
  CHECK(contains(svg, "Früh/aaa"));
  CHECK(contains(svg, "…"));
  CHECK(contains(svg, "aaa/rot090<"));
  CHECK(contains(svg, "aaa/rot180<"));
  CHECK_FALSE(contains(svg, alphabet));
}

TEST_CASE("the picture of an episode: bars as high as weights, wrong answers marked, equal bytes") {
  const Drawing drawing = draw_episode(small_view());
  CHECK(to_svg(drawing) == to_svg(draw_episode(small_view())));
  CHECK(to_png(drawing, 1, kFontFolder) == to_png(drawing, 1, kFontFolder));
  const std::string svg = to_svg(drawing);
  CHECK(contains(svg, "A &lt;title&gt; &amp; more"));
  CHECK(contains(svg, "✗"));
  CHECK(contains(svg, "✓"));
  std::vector<double> bars;  // boxes of the first query's line that have a class's colour
  double full = 0;
  for (const auto& shape : drawing.shapes)
    if (const auto* box = std::get_if<Drawing::Rectangle>(&shape)) {
      CHECK(box->x + box->width <= drawing.width);
      CHECK(box->y + box->height <= drawing.height);
      if (box->width > 30 && box->width < 50 && box->height != box->width) {
        bars.push_back(box->height);
        full = std::max(full, box->height);
      }
    }
  REQUIRE(bars.size() == 8);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(bars[i] == doctest::Approx(full * small_view().answers[0].weights[i]));
}

TEST_CASE("graphs: strongest edges, of nine tenths of the attention") {
  AttentionGraph graph;
  graph.title = "layer \"1\"";
  graph.rows = graph.columns = {{"s0", "A s0", 0u}, {"s1", "B s1", 1u}, {"q0", "q0", {}}};
  graph.weights = {0.95, 0.05, 0, 0.5, 0.5, 0, 0.2, 0.2, 0.6};
  const std::string one = to_dot(graph);
  CHECK(contains(one, "label=\"layer \\\"1\\\"\""));
  CHECK(contains(one, "\"s0\" -> \"s0\" [penwidth=4.10"));
  CHECK(!contains(one, "\"s0\" -> \"s1\""));
  CHECK(contains(one, "\"s1\" -> \"s0\""));
  CHECK(contains(one, "\"q0\" -> \"s1\""));
  CHECK(contains(one, "fillcolor=\"#0072b2\""));
  CHECK(contains(one, "\"s0\" [label=\"A s0\", pos=\"0.00,1.00!\""));  // top of the ring
  graph.columns = {{"s5", "s5", {}}};
  graph.weights = {1, 1, 1};
  CHECK(contains(to_dot(graph), "\"q0\" [label=\"q0\", pos=\"0.00,-0.60!\""));
  graph.columns = {{"s5", "s5", {}}, {"s6", "s6", {}}};
  graph.weights = {1, 0, 1, 0, 1, 0};
  CHECK(contains(to_dot(graph), "\"s6\" [label=\"s6\", pos=\"4.00,-0.45!\""));  // over one height
  CHECK(contains(to_dot(graph), "\"s5\" [label=\"s5\", pos=\"4.00,0.00!\""));
}

TEST_CASE("signs of classes") {
  CHECK(class_sign(0) == "A");
  CHECK(class_sign(25) == "Z");
  CHECK(class_sign(26) == "AA");
  CHECK(class_sign(26 * 27) == "AAA");
}
