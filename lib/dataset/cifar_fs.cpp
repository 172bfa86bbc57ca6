// CIFAR-FS: the 100 classes of CIFAR-100 (Krizhevsky 2009), colour images of 32 × 32 pixels, dealt
// anew by class into 64 train, 16 validation, 20 test (Bertinetto et al. 2019, §4.1).
#include <boost/json.hpp>
#include <map>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "dataset/archive.hpp"
#include "dataset/identity.hpp"
#include "dataset/image.hpp"
#include "dataset/reader.hpp"
#include "dataset/split.hpp"

namespace attune {
namespace {

constexpr std::uint32_t kSide = 32, kChannels = 3;
const std::string kImages = "data/", kLists = "splits/";

// What the archive holds below its top folder, in whatever order it is stored.
struct Contents {
  std::map<std::string, std::map<std::string, std::vector<std::uint8_t>>> pixels;  // class, file
  std::map<std::string, std::string> lists;  // "bertinetto/train.txt" → its text
  Identity identity;                         // of the images
};

class CifarFs : public DatasetReader {
 public:
  explicit CifarFs(const Config& config)
      : lists_(config.text("lists", "bertinetto", "folder below splits/ with the class lists")) {}

  Pool read(const std::string& input) const override {
    if (input.empty()) throw UsageError("cifar_fs: want --input, the zip file or its folder");
    Contents contents;
    for_each_entry(input, {}, [&](Entry&& entry) { add(input, entry, contents); });
    if (contents.pixels.empty())
      throw Error(input + ": want images data/<class>/<image>.png, have none");
    boost::json::object source{{"reader", "cifar_fs"},
                               {"images_sha256", contents.identity.hex()},
                               {"images", contents.identity.files()},
                               {"lists", lists_}};
    const auto split_of = splits(input, contents, source);
    Pool pool = make_pool(input, contents, split_of);
    pool.title = "CIFAR-FS, lists " + lists_;
    pool.source = boost::json::serialize(source);
    return pool;
  }

 private:
  void add(const std::string& input, const Entry& entry, Contents& contents) const {
    std::string name = entry.name;
    if (name.starts_with("__MACOSX/")) return;
    if (!name.starts_with(kImages) && !name.starts_with(kLists))
      name = name.substr(name.find('/') + 1);
    const std::vector<std::string> parts = split(name, '/');
    if (name.starts_with(kLists) && name.ends_with(".txt")) {
      contents.lists[name.substr(kLists.size())] = {entry.bytes.begin(), entry.bytes.end()};
      return;
    }
    if (!name.starts_with(kImages) || !name.ends_with(".png") || parts.back().starts_with("._"))
      return;
    const std::string where = input + ": " + entry.name;
    if (parts.size() != 3) throw Error(where + ": want data/<class>/<image>.png");
    Image image = decode_image(entry.bytes, where);
    if (image.channels != kChannels || image.height != kSide || image.width != kSide)
      throw Error(where + ": want 32 x 32 pixels in 3 channels, have " +
                  std::to_string(image.height) + " x " + std::to_string(image.width) + " in " +
                  std::to_string(image.channels));
    contents.identity.add(name, entry.bytes);
    contents.pixels[parts[1]][parts[2]] = std::move(image.pixels);
  }

  std::map<std::string, std::uint32_t> splits(const std::string& input, const Contents& contents,
                                              boost::json::object& source) const {
    std::vector<ClassList> lists;
    for (const std::string& name : split_names()) {
      const std::string file = lists_ + "/" + name + ".txt", path = input + ": splits/" + file;
      const auto found = contents.lists.find(file);
      if (found == contents.lists.end()) throw Error(path + ": want this list of classes");
      source[name + "_list_sha256"] = sha256(found->second);
      lists.push_back({path, parse_class_list(found->second, path)});
      for (const std::string& listed : lists.back().names)
        if (!contents.pixels.contains(listed))
          throw Error(path + ": " + listed + ": want images of every listed class, have none");
    }
    return split_of_lists(lists);
  }

  // Classes in no list are left out; classes and images sorted by name.
  static Pool make_pool(const std::string& input, Contents& contents,
                        const std::map<std::string, std::uint32_t>& split_of) {
    Pool pool;
    pool.example_shape = {kChannels, kSide, kSide};
    DealtClasses dealt;
    std::size_t rows = 0;
    for (const auto& [name, s] : split_of) {
      auto& images = contents.pixels[name];
      if (images.size() < 2) throw Error(input + ": " + name + ": want 2 images or more, have 1");
      dealt.name.push_back(name);
      dealt.split.push_back(s);
      dealt.rows.emplace_back();
      for (auto& [file, pixels] : images) {
        dealt.rows.back().push_back(rows++);
        pool.pixels.insert(pool.pixels.end(), pixels.begin(), pixels.end());
        pixels = {};  // freed as the pool fills
      }
    }
    fill_classes(pool, dealt);
    pool.group.assign(pool.y.size(), 0);
    return pool;
  }

  std::string lists_;
};

const Register<DatasetReader> cifar_fs{
    "cifar_fs", "colour images of 100 classes, the official zip file (Bertinetto et al. 2019)",
    [](const Config& config) { return std::make_unique<CifarFs>(config); }};

}  // namespace
}  // namespace attune
