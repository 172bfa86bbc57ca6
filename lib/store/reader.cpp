#include "base/error.hpp"
#include "store/dataset.hpp"
#include "store/front.hpp"
#include "store/image.hpp"
#include "store/walk.hpp"

namespace attune::store {
namespace {

Handle open_image(Image& image, const std::string& path) {
  const WithinHdf5 scope;
  prepare_library();
  const Handle access = image.access();
  return own(H5Fopen(image.name().c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose, {path, ""},
             "an undamaged HDF5 file");
}

FileKind kind_of(hid_t file, const std::string& path) {
  const WithinHdf5 scope;
  check_attribute_count(file, kMostAttributes, {path, ""});
  if (H5Aexists(file, "format") <= 0 || H5Aexists(file, "format_version") <= 0) {
    fail({path, ""}, "a file written by Attune", "one without the attributes format and version");
  }
  const Attribute kind = read_attribute(file, "format", path);
  const Attribute version = read_attribute(file, "format_version", path);
  const auto* text = std::get_if<std::string>(&kind);
  const auto* number = std::get_if<std::int64_t>(&version);
  if (!text || !number) fail({path, "attribute format"}, "a text and an int64", "other types");
  return {*text, *number};
}

}  // namespace

struct Reader::State {
  State(const std::string& name, Reading why)
      : path(name), image(read_hdf5(name, why)), file(open_image(image, name)) {}
  std::string path, hash;
  std::int64_t version = 0;
  Image image;  // outlives the HDF5 handles below
  Handle file;
  std::map<std::string, Attribute> attributes;
  std::map<std::string, Dataset> datasets;

  void check_hash();
  const Dataset& at(const std::string& name) const {
    const auto found = datasets.find(name);
    if (found == datasets.end()) fail({path, name}, "a dataset", "none of that name");
    return found->second;
  }
};

void Reader::State::check_hash() {
  std::map<std::string, std::string> digests;
  for (const auto& [name, dataset] : datasets) digests[name] = dataset.digest();
  hash = content_digest(attributes, digests);
  const auto stored = attributes.find("sha256");
  const auto* text =
      stored == attributes.end() ? nullptr : std::get_if<std::string>(&stored->second);
  if (!text) fail({path, "attribute sha256"}, "a content hash", "none");
  if (*text != hash) fail({path, "content"}, "SHA-256 " + *text, hash + " (damaged or changed)");
}

Reader::Reader(const std::string& path, const std::string& kind, int version)
    : Reader(path, kind, version, version) {}

Reader::Reader(const std::string& path, const std::string& kind, int least, int most, Reading why)
    : state_(std::make_unique<State>(path, why)) {
  const FileKind have = kind_of(state_->file.get(), path);
  if (have.kind != kind || have.version < least || have.version > most) {
    fail({path, ""},
         kind + " version " + std::to_string(least) +
             (most > least ? " to " + std::to_string(most) : ""),
         have.kind + " version " + std::to_string(have.version));
  }
  state_->version = have.version;
  state_->attributes = read_attributes(state_->file.get(), path);
  if (!has_attribute("complete")) fail({path, ""}, "a complete file", "an unfinished one");
  Budget budget(state_->image.size());
  state_->datasets = open_datasets(state_->file.get(), path, budget);
  state_->check_hash();
}

Reader::~Reader() = default;

bool Reader::has(const std::string& name) const { return state_->datasets.count(name) > 0; }
Type Reader::type(const std::string& name) const { return state_->at(name).type(); }
Dims Reader::dims(const std::string& name) const { return state_->at(name).dims(); }
const std::string& Reader::hash() const { return state_->hash; }
const std::string& Reader::path() const { return state_->path; }
std::int64_t Reader::version() const { return state_->version; }

template <typename T>
std::vector<T> read_block(const Dataset& dataset, const Dims& start, const Dims& count) {
  const std::uint64_t elements = dataset.bytes_of(count) / dataset.width();
  if constexpr (std::is_same_v<T, std::string>) {
    std::vector<char> padded(dataset.bytes_of(count));
    dataset.read(start, count, padded.data());
    std::vector<T> texts(elements);
    for (std::size_t i = 0; i < elements; ++i)
      texts[i] = dataset.text(&padded[i * dataset.width()]);
    return texts;
  } else {
    std::vector<T> values(elements);
    dataset.read(start, count, values.data());
    return values;
  }
}

template <typename T>
std::vector<T> Reader::read(const std::string& name) const {
  const Dataset& dataset = state_->at(name);
  if (dataset.type() != type_of<T>()) {
    fail({state_->path, name}, type_name(type_of<T>()), dataset.describe());
  }
  return read_block<T>(dataset, Dims(dataset.dims().size(), 0), dataset.dims());
}

template <typename T>
std::vector<T> Reader::read_rows(const std::string& name, std::uint64_t begin,
                                 std::uint64_t end) const {
  const Dataset& dataset = state_->at(name);
  if (dataset.type() != type_of<T>()) {
    fail({state_->path, name}, type_name(type_of<T>()), dataset.describe());
  }
  if (dataset.dims().empty() || begin > end || end > dataset.dims()[0]) {
    fail({state_->path, name}, "rows " + std::to_string(begin) + " to " + std::to_string(end),
         dataset.describe());
  }
  Dims start(dataset.dims().size(), 0), count = dataset.dims();
  start[0] = begin;
  count[0] = end - begin;
  return read_block<T>(dataset, start, count);
}

template std::vector<std::uint8_t> Reader::read(const std::string&) const;
template std::vector<std::uint32_t> Reader::read(const std::string&) const;
template std::vector<std::int64_t> Reader::read(const std::string&) const;
template std::vector<float> Reader::read(const std::string&) const;
template std::vector<double> Reader::read(const std::string&) const;
template std::vector<std::string> Reader::read(const std::string&) const;
using Row = std::uint64_t;
template std::vector<std::uint8_t> Reader::read_rows(const std::string&, Row, Row) const;
template std::vector<std::uint32_t> Reader::read_rows(const std::string&, Row, Row) const;
template std::vector<std::int64_t> Reader::read_rows(const std::string&, Row, Row) const;
template std::vector<float> Reader::read_rows(const std::string&, Row, Row) const;
template std::vector<double> Reader::read_rows(const std::string&, Row, Row) const;
template std::vector<std::string> Reader::read_rows(const std::string&, Row, Row) const;

bool Reader::has_attribute(const std::string& name) const {
  return state_->attributes.count(name) > 0 || has(kTextFolder + name);
}

std::string Reader::text_attribute(const std::string& name) const {
  const auto found = state_->attributes.find(name);
  if (found == state_->attributes.end()) {
    if (has(kTextFolder + name)) return read<std::string>(kTextFolder + name).at(0);
    fail({path(), "attribute " + name}, "a text", "no such attribute");
  }
  const auto* text = std::get_if<std::string>(&found->second);
  if (!text) fail({path(), "attribute " + name}, "a text", "an int64");
  return *text;
}

std::int64_t Reader::integer_attribute(const std::string& name) const {
  const auto found = state_->attributes.find(name);
  if (found == state_->attributes.end()) {
    fail({path(), "attribute " + name}, "an int64", "no such attribute");
  }
  const auto* number = std::get_if<std::int64_t>(&found->second);
  if (!number) fail({path(), "attribute " + name}, "an int64", "a text");
  return *number;
}

std::vector<std::string> Reader::names() const {
  std::vector<std::string> list;
  for (const auto& [name, dataset] : state_->datasets) list.push_back(name);
  return list;
}

std::string Reader::about(const std::string& name) const { return state_->at(name).about(); }

std::string Reader::describe(const std::string& name) const { return state_->at(name).describe(); }

std::vector<std::string> Reader::attribute_names() const {
  std::vector<std::string> list;
  for (const auto& [name, value] : state_->attributes) list.push_back(name);
  return list;
}

bool Reader::attribute_is_text(const std::string& name) const {
  const auto found = state_->attributes.find(name);
  if (found == state_->attributes.end()) return has(kTextFolder + name);
  return std::holds_alternative<std::string>(found->second);
}

FileKind identify(const std::string& path) {
  Image image(read_hdf5(path));
  return kind_of(open_image(image, path).get(), path);
}

}  // namespace attune::store
