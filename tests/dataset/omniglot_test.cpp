#include "dataset/omniglot.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "dataset/image.hpp"
#include "dataset/raw_files.hpp"
#include "dataset/reader.hpp"
#include "source_path.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

// 105 x 105, 1 bit, paper 1: a block of ink of its own for each drawing, in the upper left.
Bytes drawing(std::size_t character, std::size_t drawer) {
  constexpr std::size_t kStride = 14;
  Bytes packed(kStride * 105, 0xff);
  for (std::size_t y = 0; y < 10 + 2 * drawer; ++y)
    for (std::size_t x = 0; x < 2 + character; ++x) packed[y * kStride + x] = 0;
  PngLook look;
  look.depth = 1;
  return make_png(105, 105, packed, look);
}

std::vector<Member> drawings(const std::string& set, const std::vector<std::string>& characters) {
  std::vector<Member> members;
  for (std::size_t c = 0; c < characters.size(); ++c)
    for (std::size_t d = 1; d <= 20; ++d)
      members.push_back({set + "/" + characters[c] + "/" + std::to_string(1000 + c) +
                             (d < 10 ? "_0" : "_") + std::to_string(d) + ".png",
                         drawing(c, d), AE_IFREG, ""});
  return members;
}

const std::vector<std::string> kBackground = {"A/character01", "A/character02", "B/character01",
                                              "C/character01"};
const std::vector<std::string> kEvaluation = {"D/character01", "D/character02"};

std::string lines(const std::vector<std::string>& characters) {
  std::string text;
  for (const std::string& character : characters)
    for (const std::string turn : {"000", "090", "180", "270"})
      text += character + "/rot" + turn + "\n";
  return text;
}

void make_raw(const TemporaryFolder& folder) {
  make_archive(folder / "images_background.zip", drawings("images_background", kBackground));
  make_archive(folder / "images_evaluation.zip", drawings("images_evaluation", kEvaluation));
  put(folder / "splits/vinyals/train.txt", lines({"A/character01", "D/character01"}));
  put(folder / "splits/vinyals/val.txt", lines({"A/character02"}));
  put(folder / "splits/vinyals/trainval.txt",
      lines({"A/character01", "A/character02", "D/character01"}));
  put(folder / "splits/vinyals/test.txt", lines({"B/character01", "D/character02"}));
}

Pool read(const std::string& input, const std::vector<std::string>& settings = {}) {
  Config config = Config::parse(R"({"kind": "omniglot", "verify": false})", "test");
  for (const std::string& setting : settings) config.set(setting);
  const auto reader = ReaderRegistry::make(config, "");
  config.finish();
  Pool pool = reader->read(input);
  check_pool(pool);
  return pool;
}

std::map<std::string, std::uint32_t> splits(const Pool& pool) {
  std::map<std::string, std::uint32_t> found;
  for (std::size_t c = 0; c < pool.classes(); ++c) found[pool.class_name[c]] = pool.class_split[c];
  return found;
}

Image example(const Pool& pool, std::size_t i) {
  const std::size_t size = pool.example_size();
  return {1,
          pool.example_shape[1],
          pool.example_shape[2],
          {pool.pixels.begin() + static_cast<std::ptrdiff_t>(i * size),
           pool.pixels.begin() + static_cast<std::ptrdiff_t>((i + 1) * size)}};
}

}  // namespace

TEST_CASE("omniglot: the Vinyals split is that of the lists, with turned classes") {
  const TemporaryFolder folder;
  make_raw(folder);
  const Pool pool = read(folder.path());
  CHECK(pool.example_shape == std::vector<std::uint32_t>{1, 28, 28});
  CHECK(pool.classes() == 5 * 4);
  CHECK(pool.examples() == 5 * 4 * 20);
  CHECK(pool.class_name[0] == "A/character01/rot000");
  CHECK(pool.class_name[3] == "A/character01/rot270");
  CHECK(splits(pool).at("D/character01/rot090") == 0);
  CHECK(splits(pool).at("A/character02/rot180") == 1);
  CHECK(splits(pool).at("D/character02/rot000") == 2);
  CHECK(splits(pool).count("C/character01/rot000") == 0);
  for (std::size_t c = 0; c < pool.classes(); ++c) CHECK(pool.class_of_origin[c] == c / 4);
  for (std::size_t i = 0; i < pool.examples(); ++i) {
    REQUIRE(pool.y[i] == i / 20);
    REQUIRE(pool.group[i] == i % 20);
  }
  CHECK(pool.group_name.size() == 20);
  CHECK(pool.group_name[19] == "drawer 20");
}

TEST_CASE("omniglot: ink is 255, small images are area averages, turns are counter-clockwise") {
  const TemporaryFolder folder;
  make_raw(folder);
  const Pool pool = read(folder.path());
  for (const std::size_t drawer : {0u, 7u, 19u}) {
    const Image raw = decode_image(drawing(0, drawer + 1), "x");
    const Image want = resize(invert(raw), 28, 28);
    CHECK(want.pixels[0] == 255);
    CHECK(want.pixels[28 * 28 - 1] == 0);
    for (int turn = 0; turn < 4; ++turn)
      CHECK(example(pool, 20 * static_cast<std::size_t>(turn) + drawer).pixels ==
            rotate90(want, turn).pixels);
  }
  // The ink of the upper left corner goes to the lower left with a quarter turn.
  CHECK(example(pool, 20).pixels[27 * 28] == 255);
  CHECK(read(folder.path(), {"size=105"}).example_shape[1] == 105);
}

TEST_CASE("omniglot: without turns, only the upright classes remain") {
  const TemporaryFolder folder;
  make_raw(folder);
  const Pool pool = read(folder.path(), {"rotations=false"});
  CHECK(pool.class_name == std::vector<std::string>{"A/character01/rot000", "A/character02/rot000",
                                                    "B/character01/rot000", "D/character01/rot000",
                                                    "D/character02/rot000"});
  CHECK(pool.class_split == std::vector<std::uint32_t>{0, 1, 2, 0, 2});
}

TEST_CASE("omniglot: Lake's split holds out whole background alphabets, by the seed") {
  const TemporaryFolder folder;
  make_raw(folder);
  std::set<std::string> ever;
  for (int seed = 0; seed < 8; ++seed) {
    const Pool pool = read(folder.path(), {"split=lake", "seed=" + std::to_string(seed)});
    CHECK(pool.classes() == 6 * 4);
    std::map<std::string, std::set<std::uint32_t>> of_alphabet;
    for (const auto& [name, split] : splits(pool)) of_alphabet[name.substr(0, 1)].insert(split);
    CHECK(of_alphabet.at("D") == std::set<std::uint32_t>{2});
    std::size_t held = 0;
    for (const std::string alphabet : {"A", "B", "C"}) {
      CHECK(of_alphabet.at(alphabet).size() == 1);
      CHECK(*of_alphabet.at(alphabet).begin() < 2);
      if (*of_alphabet.at(alphabet).begin() == 1) ever.insert(alphabet), ++held;
    }
    CHECK(held == 1);
    CHECK(splits(read(folder.path(), {"split=lake", "seed=" + std::to_string(seed)})) ==
          splits(pool));
  }
  CHECK(ever.size() > 1);
  const Pool all = read(folder.path(), {"split=lake", "validation_fraction=0"});
  for (const auto& [name, split] : splits(all)) CHECK(split != 1);
}

TEST_CASE("omniglot: unpacked folders give the same pool as the archives") {
  const TemporaryFolder packed, unpacked;
  make_raw(packed);
  for (const Member& m : drawings("images_background", kBackground))
    put(unpacked / m.name, m.bytes);
  for (const Member& m : drawings("images_evaluation", kEvaluation))
    put(unpacked / m.name, m.bytes);
  const Pool a = read(packed.path(), {"split=lake"}), b = read(unpacked.path(), {"split=lake"});
  CHECK(a.pixels == b.pixels);
  CHECK(a.class_name == b.class_name);
  CHECK(a.source == b.source);
}

TEST_CASE("omniglot: what differs from the original is refused, naming both identities") {
  const TemporaryFolder folder;
  make_raw(folder);
  const std::string message = message_of([&] { read(folder.path(), {"verify=true"}); });
  CHECK(contains(message, omniglot_identity()));
  const auto source = boost::json::parse(read(folder.path()).source).as_object();
  CHECK(contains(message, std::string(source.at("drawings_sha256").as_string())));
}

TEST_CASE("omniglot: the identity in source.json is the one that is checked") {
  const std::string json = read_file(source_path("datasets/omniglot/source.json"), 1u << 20);
  const auto source = boost::json::parse(json).as_object();
  CHECK(source.at("drawings_sha256").as_string() == omniglot_identity());
}

TEST_CASE("omniglot: incomplete or odd raw data is refused by name") {
  const auto refusal = [](const TemporaryFolder& folder,
                          const std::vector<std::string>& settings = {"split=lake"}) {
    return message_of([&] { read(folder.path(), settings); });
  };
  {
    const TemporaryFolder folder;
    CHECK(contains(refusal(folder), "want images_background.zip"));
    CHECK_THROWS_AS(read(""), UsageError);
  }
  const auto with = [&](const Member& odd) {
    const TemporaryFolder folder;
    make_raw(folder);
    std::vector<Member> members = drawings("images_evaluation", {"D/character01"});
    members.push_back(odd);
    make_archive(folder / "images_evaluation.zip", members);
    return refusal(folder);
  };
  const Bytes fine = drawing(0, 1), small = make_png(28, 28, Bytes(28 * 28));
  CHECK(contains(with({"images_evaluation/D/x.png", fine, AE_IFREG, ""}), "D/x.png: want"));
  CHECK(contains(with({"images_evaluation/D/c/1_21.png", fine, AE_IFREG, ""}), "_01 to _20"));
  CHECK(contains(with({"images_evaluation/D/c/1_1.png", fine, AE_IFREG, ""}), "_01 to _20"));
  CHECK(contains(with({"images_evaluation/D/c/01.png", fine, AE_IFREG, ""}), "_01 to _20"));
  CHECK(contains(with({"images_evaluation/D/c/1_01.png", small, AE_IFREG, ""}), "105 x 105"));
  CHECK(contains(with({"images_evaluation/D/character01/9_01.png", fine, AE_IFREG, ""}), "two"));
  CHECK(with({"__MACOSX/images_evaluation/D/c/._1_01.png", {1, 2}, AE_IFREG, ""}) == "");
  CHECK(with({"images_evaluation/readme.txt", {1}, AE_IFREG, ""}) == "");
}

TEST_CASE("omniglot: lists that overlap, miss or contradict are refused") {
  const auto with = [](const std::string& file, const std::string& text) {
    const TemporaryFolder folder;
    make_raw(folder);
    put(folder / "splits/vinyals/" + file, text);
    return message_of([&] { read(folder.path()); });
  };
  CHECK(contains(with("val.txt", lines({"D/character02"})), "want each class in one split"));
  CHECK(contains(with("val.txt", lines({"C/character01"})), "trainval.txt: want the 12 classes"));
  CHECK(contains(with("test.txt", lines({"Z/character01"})), "Z/character01/rot000"));
  CHECK(contains(with("test.txt", "B/character01/rot045\n"), "want Alphabet/character/rotDDD"));
  CHECK(contains(with("test.txt", ""), "have none"));
  const TemporaryFolder folder;
  make_raw(folder);
  CHECK(contains(message_of([&] { read(folder.path(), {"trainval_list=/none.txt"}); }), "/none"));
  boost::filesystem::remove(folder / "splits/vinyals/train.txt");
  CHECK(contains(message_of([&] { read(folder.path()); }), "train.txt"));
}
