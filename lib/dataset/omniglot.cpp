// Omniglot: 1,623 hand-written characters of 50 alphabets, each drawn by 20 people
// (Lake, Salakhutdinov, Tenenbaum, Science 350, 2015).
#include "dataset/omniglot.hpp"

#include <boost/json.hpp>
#include <map>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "dataset/archive.hpp"
#include "dataset/identity.hpp"
#include "dataset/image.hpp"
#include "dataset/reader.hpp"
#include "dataset/split.hpp"

namespace attune {

const char* omniglot_identity() {
  return "8745d3284205c70953ebeacd9061b7dfdadc5961afab7b71a1553c9aa5bcb1af";
}

namespace {

constexpr int kTurns = 4;
constexpr std::size_t kDrawers = 20;
const std::string kLists[] = {"train", "val", "trainval", "test"};
const std::string kSets[] = {"images_background", "images_evaluation"};

// One character: its drawings in the order of the drawers, already small, ink = 255.
struct Character {
  bool background = false;
  std::map<std::uint32_t, Image> drawing;  // by drawer, 1…20
};
using Characters = std::map<std::string, Character>;  // "Alphabet/character01"

// The number in "0709_13.png" after '_': who drew it.
std::uint32_t drawer_of(const std::string& file, const std::string& name) {
  const std::size_t start = file.find('_') + 1, end = file.size() - 4;
  if (start > 0 && end == start + 2) {
    const char tens = file[start], ones = file[start + 1];
    if (tens >= '0' && tens <= '9' && ones >= '0' && ones <= '9') {
      const int drawer = (tens - '0') * 10 + (ones - '0');
      if (drawer >= 1 && drawer <= static_cast<int>(kDrawers))
        return static_cast<std::uint32_t>(drawer);
    }
  }
  throw Error(name + ": want a file name that ends in the drawer, _01 to _20, before .png");
}

// "Alphabet/character01/rot090" → the character and the number of quarter turns.
std::pair<std::string, int> parse_class(const std::string& line, const std::string& path) {
  const std::size_t slash = line.rfind('/');
  if (slash != std::string::npos)
    for (int turn = 0; turn < kTurns; ++turn)
      if (line.substr(slash + 1) == omniglot_rotation(turn)) return {line.substr(0, slash), turn};
  throw Error(path + ": " + line + ": want Alphabet/character/rotDDD, DDD 000, 090, 180 or 270");
}

class Omniglot : public DatasetReader {
 public:
  explicit Omniglot(const Config& config)
      : split_(config.choice("split", "vinyals", {"vinyals", "lake"},
                             "Vinyals et al. 2016 (list files) or background/evaluation")),
        rotations_(config.flag("rotations", true, "turns by 90, 180, 270 degrees as own classes")),
        verify_(config.flag("verify", true, "the drawings must be those of the original")),
        size_(static_cast<std::uint32_t>(
            config.integer("size", 28, {1, 105}, "height and width of the images, pixels"))) {
    if (split_ == "vinyals") {
      for (const std::string& name : kLists)
        lists_.push_back(config.text(
            name + "_list", "",
            "file of class names; empty: splits/vinyals/" + name + ".txt of the input"));
    } else {
      seed_ = config.integer("seed", 0, {0}, "seed of the choice of validation alphabets");
      validation_fraction_ = config.real("validation_fraction", 0.15, {0, 0.9},
                                         "share of background characters for validation");
    }
  }

  Pool read(const std::string& input) const override {
    if (input.empty())
      throw UsageError("omniglot: want --input, the folder with " + kSets[0] + ".zip and " +
                       kSets[1] + ".zip");
    Identity identity;
    const Characters characters = read_characters(input, identity);
    const std::string found = identity.hex();
    if (verify_ && found != omniglot_identity())
      throw Error(input + ": identity of the " + std::to_string(identity.files()) +
                  " drawings: want " + omniglot_identity() + ", have " + found +
                  " (verify=false takes them all the same)");
    boost::json::object source{{"reader", "omniglot"},
                               {"drawings_sha256", found},
                               {"size", size_},
                               {"rotations", rotations_},
                               {"split", split_}};
    const auto split_of =
        split_ == "lake" ? lake_split(characters, source) : vinyals_split(input, source);
    Pool pool = make_pool(characters, split_of, input);
    pool.title = "Omniglot, " + split_ + " split";
    pool.source = boost::json::serialize(source);
    return pool;
  }

 private:
  using SplitOf = std::map<std::string, std::uint32_t>;  // of "Alphabet/character01/rot000"

  Characters read_characters(const std::string& input, Identity& identity) const {
    Characters characters;
    for (const std::string& set : kSets) {
      const std::string zip = input + "/" + set + ".zip", folder = input + "/" + set;
      const bool packed = exists(zip);
      if (!packed && !exists(folder))
        throw Error(input + ": want " + set + ".zip, or the folder " + set +
                    ", have neither (datasets/omniglot/README.md says where to get them)");
      for_each_entry(packed ? zip : folder, {},
                     [&](Entry&& entry) { add_drawing(set, entry, characters, identity); });
    }
    if (characters.empty()) throw Error(input + ": want drawings, have none");
    return characters;
  }

  void add_drawing(const std::string& set, const Entry& entry, Characters& characters,
                   Identity& identity) const {
    std::vector<std::string> parts = attune::split(entry.name, '/');
    if (parts.front() == set) parts.erase(parts.begin());
    const std::string name = set + "/" + join(parts, "/");
    // What macOS puts into the archives it makes is no drawing.
    if (!name.ends_with(".png") || parts.front() == "__MACOSX" || parts.back().starts_with("._"))
      return;
    if (parts.size() != 3) throw Error(name + ": want " + set + "/Alphabet/character/drawing.png");
    identity.add(name, entry.bytes);
    const Image image = to_grey(decode_image(entry.bytes, name));
    if (image.height != 105 || image.width != 105)
      throw Error(name + ": want 105 x 105 pixels, have " + std::to_string(image.height) + " x " +
                  std::to_string(image.width));
    Character& character = characters[parts[0] + "/" + parts[1]];
    character.background = set == kSets[0];
    const std::uint32_t drawer = drawer_of(parts[2], name);
    if (!character.drawing.emplace(drawer, resize(invert(image), size_, size_)).second)
      throw Error(name + ": want one drawing by each drawer, have two");
  }

  // The published lists; rotations are named there line by line.
  SplitOf vinyals_split(const std::string& input, boost::json::object& source) const {
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      paths.push_back(lists_[i].empty() ? input + "/splits/vinyals/" + kLists[i] + ".txt"
                                        : lists_[i]);
      // The third, the union of the first two, is only checked.
      if (i != 2 || !lists_[i].empty() || exists(paths[i]))
        source[kLists[i] + "_list_sha256"] = sha256_file(paths[i]);
    }
    SplitOf split_of = read_split_lists({paths[0], paths[1], paths[3]});
    if (source.contains("trainval_list_sha256")) check_union(split_of, paths[2]);
    if (!rotations_)
      std::erase_if(split_of, [](const auto& item) { return !item.first.ends_with("/rot000"); });
    return split_of;
  }

  static void check_union(const SplitOf& split_of, const std::string& path) {
    std::set<std::string> listed, both;
    for (const std::string& name : read_class_list(path)) listed.insert(name);
    for (const auto& [name, s] : split_of)
      if (s < 2) both.insert(name);
    if (listed != both)
      throw Error(path + ": want the " + std::to_string(both.size()) +
                  " classes of train and val together, have " + std::to_string(listed.size()) +
                  " classes, not the same");
  }

  // Background = train, less whole alphabets for validation: characters of one alphabet resemble
  // each other, so a validation on seen alphabets would be too easy. Evaluation = test.
  SplitOf lake_split(const Characters& characters, boost::json::object& source) const {
    std::map<std::string, std::size_t> size_of;  // of the background alphabets
    std::size_t background = 0;
    for (const auto& [name, character] : characters) {
      if (!character.background) continue;
      ++size_of[name.substr(0, name.find('/'))];
      ++background;
    }
    std::vector<std::string> alphabets;
    for (const auto& [alphabet, size] : size_of) alphabets.push_back(alphabet);
    std::vector<std::uint32_t> order(alphabets.size());
    std::iota(order.begin(), order.end(), 0u);
    Rng(static_cast<std::uint64_t>(seed_), "omniglot validation alphabets").shuffle(order);
    std::set<std::string> held;
    std::size_t characters_held = 0;
    for (const std::uint32_t i : order) {
      if (static_cast<double>(characters_held) >=
          validation_fraction_ * static_cast<double>(background))
        break;
      held.insert(alphabets[i]);
      characters_held += size_of[alphabets[i]];
    }
    source["seed"] = seed_;
    source["validation_fraction"] = to_text(validation_fraction_);
    source["validation_alphabets"] = boost::json::array(held.begin(), held.end());
    SplitOf split_of;
    for (const auto& [name, character] : characters) {
      const bool validation = held.contains(name.substr(0, name.find('/')));
      for (int turn = 0; turn < (rotations_ ? kTurns : 1); ++turn)
        split_of[name + "/" + omniglot_rotation(turn)] = !character.background ? 2u
                                                         : validation          ? 1u
                                                                               : 0u;
    }
    return split_of;
  }

  Pool make_pool(const Characters& characters, const SplitOf& split_of,
                 const std::string& input) const {
    Pool pool;
    pool.example_shape = {1, size_, size_};
    std::map<std::string, std::uint32_t> origin;
    pool.pixels.reserve(split_of.size() * kDrawers * size_ * size_);
    for (const auto& [name, s] : split_of) {
      const auto [key, turn] = parse_class(name, "split lists");
      const auto character = characters.find(key);
      if (character == characters.end())
        throw Error(input + ": want the listed class " + name + ", have no such drawings");
      const auto y = static_cast<std::uint32_t>(pool.class_name.size());
      pool.class_name.push_back(name);
      pool.class_split.push_back(s);
      pool.class_of_origin.push_back(
          origin.emplace(key, static_cast<std::uint32_t>(origin.size())).first->second);
      for (const auto& [drawer, drawing] : character->second.drawing) {
        const Image turned = rotate90(drawing, turn);
        pool.pixels.insert(pool.pixels.end(), turned.pixels.begin(), turned.pixels.end());
        pool.y.push_back(y);
        pool.group.push_back(drawer - 1);
      }
    }
    for (std::size_t d = 1; d <= kDrawers; ++d)
      pool.group_name.push_back("drawer " + std::to_string(d));
    return pool;
  }

  std::string split_;
  bool rotations_, verify_;
  std::uint32_t size_;
  std::vector<std::string> lists_;  // train, val, trainval, test; "" means the default
  std::int64_t seed_ = 0;
  double validation_fraction_ = 0;
};

}  // namespace

std::string omniglot_rotation(int quarter_turns) {
  const std::string degrees = std::to_string(90 * quarter_turns);
  return "rot" + std::string(3 - degrees.size(), '0') + degrees;
}

const Register<DatasetReader> omniglot{
    "omniglot", "hand-written characters of 50 alphabets (Lake et al. 2015)",
    [](const Config& config) { return std::make_unique<Omniglot>(config); }};

}  // namespace attune
