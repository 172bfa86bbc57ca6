// One's own pictures: class folders of PNG and JPEG files, unpacked or in an archive.
#include <algorithm>
#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dataset/archive.hpp"
#include "dataset/class_name.hpp"
#include "dataset/identity.hpp"
#include "dataset/image.hpp"
#include "dataset/reader.hpp"
#include "dataset/split.hpp"

namespace attune {
namespace {

const std::vector<std::string> kRead = {"png", "jpg", "jpeg"};
// Pictures that would be lost without a word if they were taken for other files.
const std::vector<std::string> kOtherImages = {"bmp",  "gif",  "tif",  "tiff", "webp", "jp2", "jxl",
                                               "heic", "heif", "avif", "ppm",  "pgm",  "svg"};

bool among(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// "JPG" of "a/b.JPG" in lower case, "" without a dot.
std::string extension(const std::string& file) {
  const std::size_t dot = file.rfind('.');
  std::string found = dot == std::string::npos ? "" : file.substr(dot + 1);
  for (char& c : found)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return found;
}

struct Picture {
  std::string name;                  // in the folder or archive
  std::vector<std::string> folders;  // on the way to it, below the root
  std::vector<std::uint8_t> pixels;
};

// How many leading folders all pictures share; the last folder of each stays.
std::size_t shared_folders(const std::vector<Picture>& pictures) {
  const std::vector<std::string>& first = pictures.front().folders;
  std::size_t shared = first.size() - 1;
  for (const Picture& picture : pictures) {
    shared = std::min(shared, picture.folders.size() - 1);
    for (std::size_t i = 0; i < shared; ++i)
      if (picture.folders[i] != first[i]) shared = i;
  }
  return shared;
}

class ImageFolders : public DatasetReader {
 public:
  explicit ImageFolders(const Config& config)
      : size_(static_cast<std::uint32_t>(
            config.integer("size", 28, {1, 1024}, "height and width to make, pixels"))),
        channels_(static_cast<std::uint32_t>(
            config.integer("channels", 1, {1, 3}, "1 grey, 3 red, green and blue"))),
        invert_(config.flag("invert", false, "dark ink on light paper becomes 255 on 0")),
        root_(
            trim_slashes(composed(config.text("root", "", "read only what is below this folder")))),
        levels_(config.choice("class_levels", "first", {"first", "all"},
                              "a class is the first folder, or the whole path of folders")),
        split_(config) {
    if (channels_ == 2) throw UsageError(config.origin() + ": channels: want 1 or 3, have 2");
  }

  Pool read(const std::string& input) const override {
    if (input.empty()) throw UsageError("images: want --input, a folder or an archive");
    Identity identity;
    std::size_t ignored = 0;
    std::vector<Picture> pictures;
    for_each_entry(input, {}, [&](Entry&& entry) {
      if (wanted(input, entry.name)) {
        identity.add(entry.name, entry.bytes);
        pictures.push_back(decode(input, entry));
      } else {
        ++ignored;
      }
    });
    if (pictures.empty())
      throw Error(input + ": want PNG or JPEG files in class folders, have none");
    std::sort(pictures.begin(), pictures.end(),
              [](const Picture& a, const Picture& b) { return a.name < b.name; });
    const DealtClasses dealt = split_.deal(labels(pictures, input), input);
    Pool pool = make_pool(pictures, dealt);
    pool.title = "images in class folders";
    pool.source = boost::json::serialize(
        boost::json::object{{"reader", "images"},
                            {"images_sha256", identity.hex()},
                            {"size", size_},
                            {"channels", channels_},
                            {"invert", invert_},
                            {"root", root_},
                            {"class_levels", levels_},
                            {"ignored_files", ignored},
                            {"skipped_classes", dealt.skipped.size()},
                            {"class_split", boost::json::parse(split_.describe())}});
    return pool;
  }

 private:
  static std::string trim_slashes(std::string path) {
    while (path.ends_with('/')) path.pop_back();
    return path;
  }

  bool wanted(const std::string& input, const std::string& name) const {
    if (!root_.empty() && !name.starts_with(root_ + "/")) return false;
    const std::string file = name.substr(name.rfind('/') + 1), kind = extension(file);
    // What macOS puts into the archives it makes is no picture.
    if (file.starts_with("._") || name.starts_with("__MACOSX/")) return false;
    if (among(kOtherImages, kind))
      throw Error(input + ": " + name + ": want PNG or JPEG images, have ." + kind);
    return among(kRead, kind);
  }

  Picture decode(const std::string& input, const Entry& entry) const {
    const std::size_t start = root_.empty() ? 0 : root_.size() + 1;
    Picture picture{entry.name, attune::split(entry.name.substr(start), '/'), {}};
    picture.folders.pop_back();
    if (picture.folders.empty())
      throw Error(input + ": " + entry.name + ": want each image in the folder of its class");
    Image image = decode_image(entry.bytes, input + ": " + entry.name);
    image = resize(channels_ == 1 ? to_grey(image) : to_rgb(image), size_, size_);
    picture.pixels = invert_ ? attune::invert(image).pixels : std::move(image.pixels);
    return picture;
  }

  std::vector<std::string> labels(const std::vector<Picture>& pictures,
                                  const std::string& input) const {
    const std::size_t shared = shared_folders(pictures);
    OneSpelling spelling;
    std::vector<std::string> label;
    for (const Picture& picture : pictures) {
      const auto begin = picture.folders.begin() + static_cast<std::ptrdiff_t>(shared);
      const std::string folders =
          levels_ == "first" ? *begin : join({begin, picture.folders.end()}, "/");
      label.push_back(spelling.of(folders, input));
    }
    return label;
  }

  Pool make_pool(std::vector<Picture>& pictures, const DealtClasses& dealt) const {
    Pool pool;
    pool.example_shape = {channels_, size_, size_};
    fill_classes(pool, dealt);
    pool.group.assign(pool.y.size(), 0);
    pool.pixels.reserve(pool.y.size() * pool.example_size());
    for (const auto& rows : dealt.rows)
      for (const std::size_t row : rows) {
        std::vector<std::uint8_t> pixels;
        pixels.swap(pictures[row].pixels);  // freed as the pool fills
        pool.pixels.insert(pool.pixels.end(), pixels.begin(), pixels.end());
      }
    return pool;
  }

  std::uint32_t size_, channels_;
  bool invert_;
  std::string root_, levels_;
  ClassSplit split_;
};

}  // namespace

const Register<DatasetReader> image_folders{
    "images", "class folders of PNG or JPEG files, or an archive of them",
    [](const Config& config) { return std::make_unique<ImageFolders>(config); }};

}  // namespace attune
