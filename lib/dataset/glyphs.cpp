// Letters of many scripts, drawn from the fonts of Debian packages: the data set that needs no
// download.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/glyph_alike.hpp"
#include "dataset/glyph_font.hpp"
#include "dataset/glyph_table.hpp"
#include "dataset/reader.hpp"

namespace attune {
namespace {

constexpr std::size_t kMinFaces = 4, kMinFamilies = 2;

// About 64, 12 and 24 % of the classes. Scripts that borrowed letters from one another stand
// together, so that the scripts of the test are new.
const std::vector<std::string> kTrain = {
    "Latin",      "Greek",    "Cyrillic", "Runic",    "Hebrew", "Arabic",
    "Devanagari", "Bengali",  "Gurmukhi", "Gujarati", "Oriya",  "Thai",
    "Lao",        "Canadian", "Hiragana", "Katakana", "Han",    "Hangul"};
const std::vector<std::string> kVal = {"Armenian", "Cherokee", "Khmer",   "Sinhala",
                                       "Thaana",   "Nko",      "Tifinagh"};
const std::vector<std::string> kTest = {"Georgian",  "Ethiopic", "Kannada", "Telugu",
                                        "Malayalam", "Tamil",    "Myanmar", "Tibetan"};

std::string code_point(char32_t character) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(character));
  return text;
}

// A letter and the faces that draw it, each in its own way.
struct Letter {
  std::string script;
  std::uint32_t split = 0;
  char32_t character = 0;
  std::vector<GlyphPicture> pictures;
};

// The faces of the table, opened when first asked for.
class Faces {
 public:
  explicit Faces(const std::string& folder) : folder_(folder), fonts_(glyph_faces().size()) {}

  const GlyphFont& operator[](std::size_t face) {
    if (!fonts_[face]) {
      const GlyphFace& entry = glyph_faces()[face];
      const std::string path = folder_ + "/" + std::string(entry.file);
      if (!exists(path)) {
        throw Error(path + ": want a font of package " + std::string(entry.package) +
                    ", have none; install it (make deps)");
      }
      fonts_[face].emplace(path);
    }
    return *fonts_[face];
  }
  // Package, file and SHA-256 of every font opened, in the order of the table.
  boost::json::array identities() const {
    boost::json::array list;
    for (std::size_t face = 0; face < fonts_.size(); ++face) {
      if (!fonts_[face]) continue;
      const GlyphFace& entry = glyph_faces()[face];
      list.push_back({{"package", entry.package},
                      {"file", entry.file},
                      {"sha256", sha256_file(folder_ + "/" + std::string(entry.file))}});
    }
    return list;
  }

 private:
  std::string folder_;
  std::vector<std::optional<GlyphFont>> fonts_;
};

class Glyphs : public DatasetReader {
 public:
  explicit Glyphs(const Config& config)
      : fonts_(config.text("fonts", "/usr/share/fonts", "folder of the installed fonts")),
        side_(static_cast<std::uint32_t>(
            config.integer("side", 28, {8, 256}, "height and width of the images, pixels"))),
        instances_(static_cast<std::uint32_t>(
            config.integer("instances", 30, {4, 1000}, "examples of each class"))),
        letters_(static_cast<std::size_t>(config.integer(
            "letters", 110, {1, 100'000}, "most classes taken from one script, evenly spaced"))),
        seed_(config.integer("seed", 0, {0}, "seed of the jitters")),
        alike_(config.real("alike", 0.07, {0, 1}, "letters nearer than this are look-alikes")),
        repeated_(config.real("repeated", 0.004, {0, 1},
                              "faces nearer than this draw a letter the same way")) {
    const Config jitter = config.child("jitter");
    range_.rotation = jitter.real("rotation", 12, {0, 45}, "largest turn either way, degrees");
    range_.shear = jitter.real("shear", 0.2, {0, 1}, "largest slant either way, x over y");
    range_.smallest = jitter.real("smallest", 0.85, {0.1, 1}, "smallest scale, each axis");
    range_.largest = jitter.real("largest", 1.1, {1, 2}, "largest scale, each axis");
    range_.shift = jitter.real("shift", 1.5, {0, 14}, "largest shift either way, pixels of 28");
    splits_ = {config.texts("train", kTrain, "scripts of the training split"),
               config.texts("val", kVal, "scripts of the validation split"),
               config.texts("test", kTest, "scripts of the test split")};
    std::map<std::string, int> uses;
    for (const auto& scripts : splits_) {
      for (const std::string& script : scripts) {
        glyph_letters(script);
        if (++uses[script] > 1) throw UsageError("script " + script + ": want it once, have twice");
      }
    }
  }

  Pool read(const std::string& input) const override {
    if (!input.empty()) throw UsageError("glyphs: want no input, have " + input);
    Faces faces(fonts_);
    const std::vector<Letter> letters = thin_out(distinct(candidates(faces)));
    Pool pool = draw(letters, faces);
    pool.title = "Glyphs: letters of " + std::to_string(script_count(letters)) + " scripts";
    pool.source = source(faces);
    return pool;
  }

 private:
  // Letters with enough faces, in the order of the splits and of the code points.
  std::vector<Letter> candidates(Faces& faces) const {
    std::vector<Letter> letters;
    for (std::uint32_t split = 0; split < splits_.size(); ++split) {
      for (const std::string& script : splits_[split]) {
        for (const char32_t character : glyph_letters(script)) {
          Letter letter{script, split, character, pictures(script, character, faces)};
          if (enough(letter.pictures)) letters.push_back(std::move(letter));
        }
      }
    }
    return letters;
  }

  std::vector<GlyphPicture> pictures(const std::string& script, char32_t character,
                                     Faces& faces) const {
    std::vector<GlyphPicture> list;
    for (std::uint32_t face = 0; face < glyph_faces().size(); ++face) {
      if (!drawn_with(glyph_faces()[face], script) || !faces[face].has(character)) continue;
      list.push_back({face, faces[face].draw(character, kCompareSide)});
    }
    drop_repeated_faces(list, repeated_);
    return list;
  }

  static bool enough(const std::vector<GlyphPicture>& pictures) {
    std::set<std::string_view> families;
    for (const GlyphPicture& picture : pictures) {
      families.insert(glyph_faces()[picture.face].family);
    }
    return pictures.size() >= kMinFaces && families.size() >= kMinFamilies;
  }

  std::vector<Letter> distinct(std::vector<Letter> letters) const {
    std::vector<std::vector<GlyphPicture>> pictures;
    for (const Letter& letter : letters) pictures.push_back(letter.pictures);
    const std::vector<bool> keep = keep_distinct(pictures, alike_);
    std::vector<Letter> kept;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      if (keep[i]) kept.push_back(std::move(letters[i]));
    }
    return kept;
  }

  // At most letters_ of each script, evenly spaced over it, so that no script outweighs the others.
  std::vector<Letter> thin_out(std::vector<Letter> letters) const {
    std::map<std::string, std::size_t> total, seen;
    for (const Letter& letter : letters) ++total[letter.script];
    std::vector<Letter> kept;
    for (Letter& letter : letters) {
      const std::size_t n = total[letter.script], take = std::min(n, letters_);
      const std::size_t i = seen[letter.script]++;
      if ((i + 1) * take / n > i * take / n) kept.push_back(std::move(letter));
    }
    return kept;
  }

  Pool draw(const std::vector<Letter>& letters, Faces& faces) const {
    Pool pool;
    pool.example_shape = {1, side_, side_};
    for (const GlyphFace& face : glyph_faces()) {
      pool.group_name.push_back(std::string(face.family) + " " + std::string(face.style));
    }
    GlyphJitterRange range = range_;
    range.shift *= side_ / 28.0;
    const Rng rng(static_cast<std::uint64_t>(seed_), "glyphs");
    for (const Letter& letter : letters) {
      const auto y = static_cast<std::uint32_t>(pool.class_name.size());
      pool.class_name.push_back(letter.script + "/" + code_point(letter.character));
      pool.class_split.push_back(letter.split);
      pool.class_of_origin.push_back(y);
      const std::size_t count = letter.pictures.size();
      for (std::uint32_t i = 0; i < instances_; ++i) {
        const std::uint32_t face = letter.pictures[i * count / instances_].face;
        Rng own = rng.at(letter.character, i);
        const GlyphPixels pixels =
            faces[face].draw(letter.character, side_, draw_jitter(range, own));
        pool.pixels.insert(pool.pixels.end(), pixels.begin(), pixels.end());
        pool.y.push_back(y);
        pool.group.push_back(face);
      }
    }
    return pool;
  }

  static std::size_t script_count(const std::vector<Letter>& letters) {
    std::set<std::string> scripts;
    for (const Letter& letter : letters) scripts.insert(letter.script);
    return scripts.size();
  }

  std::string source(const Faces& faces) const {
    const auto list = [](const std::vector<std::string>& names) {
      return boost::json::array(names.begin(), names.end());
    };
    return boost::json::serialize(boost::json::object{{"reader", "glyphs"},
                                                      {"freetype", freetype_version()},
                                                      {"side", side_},
                                                      {"instances", instances_},
                                                      {"letters", letters_},
                                                      {"seed", seed_},
                                                      {"alike", to_text(alike_)},
                                                      {"repeated", to_text(repeated_)},
                                                      {"jitter",
                                                       {{"rotation", to_text(range_.rotation)},
                                                        {"shear", to_text(range_.shear)},
                                                        {"smallest", to_text(range_.smallest)},
                                                        {"largest", to_text(range_.largest)},
                                                        {"shift", to_text(range_.shift)}}},
                                                      {"train", list(splits_[0])},
                                                      {"val", list(splits_[1])},
                                                      {"test", list(splits_[2])},
                                                      {"fonts", faces.identities()}});
  }

  std::string fonts_;
  std::uint32_t side_, instances_;
  std::size_t letters_;
  std::int64_t seed_;
  double alike_, repeated_;
  GlyphJitterRange range_;
  std::vector<std::vector<std::string>> splits_;  // train, val, test
};

}  // namespace

const Register<DatasetReader> glyphs{
    "glyphs", "letters of many scripts drawn from installed fonts; no download",
    [](const Config& config) { return std::make_unique<Glyphs>(config); }};

}  // namespace attune
