#include "episode/pool.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/splits.hpp"
#include "base/text.hpp"
#include "episode/pool_tokens.hpp"
#include "store/h5.hpp"

namespace attune {

void fail_pool(const Pool& pool, const std::string& object, const std::string& want,
               const std::string& have) {
  throw Error((pool.origin.empty() ? "pool" : pool.origin) + ": /pool/" + object + ": want " +
              want + ", have " + have);
}

void want_pool_size(const Pool& pool, const std::string& object, std::size_t want,
                    std::size_t have) {
  if (want != have) fail_pool(pool, object, std::to_string(want) + " values", std::to_string(have));
}

bool printable(const std::string& text) {
  return valid_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

namespace {

constexpr int kVersion = 1;

void check_examples(const Pool& pool) {
  if (pool.is_text()) {
    check_tokens(pool);
    want_pool_size(pool, "x", 0, pool.pixels.size() + pool.features.size());
    return;
  }
  const bool images = pool.example_shape.size() == 3;
  if (!images && pool.example_shape.size() != 1) {
    fail_pool(pool, "x", "examples of 1 or 3 axes", std::to_string(pool.example_shape.size()));
  }
  if (pool.examples() == 0) fail_pool(pool, "x", "examples", "none");
  if (pool.examples() > UINT32_MAX) fail_pool(pool, "x", "at most 2^32 - 1 examples", "more");
  if (pool.example_size() == 0) fail_pool(pool, "x", "examples with values", "an empty axis");
  const std::size_t values = pool.examples() * pool.example_size();
  want_pool_size(pool, "x", images ? values : 0, pool.pixels.size());
  want_pool_size(pool, "x", images ? 0 : values, pool.features.size());
  for (std::size_t i = 0; i < pool.features.size(); ++i) {
    if (!std::isfinite(pool.features[i])) {
      fail_pool(pool, "x", "finite values",
                to_text(static_cast<double>(pool.features[i])) + " in row " +
                    std::to_string(i / pool.example_size()));
    }
  }
}

void check_labels(const Pool& pool) {
  std::uint32_t next = 0;  // class that may begin now
  for (std::size_t i = 0; i < pool.y.size(); ++i) {
    const std::uint32_t label = pool.y[i];
    if (label == next) {
      ++next;
    } else if (next == 0 || label != next - 1) {
      fail_pool(pool, "y", "classes 0, 1, 2, … one after the other",
                std::to_string(label) + " in row " + std::to_string(i));
    }
  }
  want_pool_size(pool, "class_name", next, pool.class_name.size());
  want_pool_size(pool, "group", pool.y.size(), pool.group.size());
  if (pool.group_name.empty()) return;
  for (std::size_t i = 0; i < pool.group.size(); ++i) {
    if (pool.group[i] >= pool.group_name.size()) {
      fail_pool(pool, "group", "a group below " + std::to_string(pool.group_name.size()),
                std::to_string(pool.group[i]) + " in row " + std::to_string(i));
    }
  }
}

void check_names(const Pool& pool) {
  std::set<std::string> seen;
  for (const std::string& name : pool.class_name) {
    if (name.empty() || !printable(name)) {
      fail_pool(pool, "class_name", "printable UTF-8", "a name that is not, or is empty");
    }
    if (!seen.insert(name).second)
      fail_pool(pool, "class_name", "unique names", "two of \"" + name + '"');
  }
  for (const std::string& name : pool.group_name) {
    if (!printable(name)) fail_pool(pool, "group_name", "printable UTF-8", "a name that is not");
  }
}

void check_splits(const Pool& pool) {
  want_pool_size(pool, "class_split", pool.classes(), pool.class_split.size());
  want_pool_size(pool, "class_of_origin", pool.classes(), pool.class_of_origin.size());
  std::map<std::uint32_t, std::size_t> first;  // of each origin
  for (std::size_t c = 0; c < pool.classes(); ++c) {
    if (pool.class_split[c] >= split_names().size()) {
      fail_pool(pool, "class_split", "0, 1 or 2", std::to_string(pool.class_split[c]));
    }
    const std::size_t other = first.emplace(pool.class_of_origin[c], c).first->second;
    if (pool.class_split[c] != pool.class_split[other]) {
      fail_pool(pool, "class_of_origin", "classes of one origin in one split",
                "\"" + pool.class_name[other] + "\" in " + split_names()[pool.class_split[other]] +
                    " and \"" + pool.class_name[c] + "\" in " + split_names()[pool.class_split[c]]);
    }
  }
}

store::Dims x_dims(const Pool& pool) {
  store::Dims dims = {pool.examples()};
  dims.insert(dims.end(), pool.example_shape.begin(), pool.example_shape.end());
  return dims;
}

template <typename T>
void put(store::Writer& writer, const std::string& name, const std::vector<T>& values,
         const std::string& note) {
  writer.write<T>("/pool/" + name, {values.size()}, values, note);
}

template <typename T>
void get(const store::Reader& reader, const std::string& name, std::vector<T>& values) {
  const std::string path = "/pool/" + name;
  if (reader.has(path) && reader.dims(path).size() != 1) {
    throw Error(reader.path() + ": " + path + ": want 1 axis, have " +
                std::to_string(reader.dims(path).size()));
  }
  values = reader.read<T>(path);
}

void read_x(const store::Reader& reader, Pool& pool) {
  const store::Dims dims = reader.dims("/pool/x");
  if (dims.empty()) fail_pool(pool, "x", "examples of 1 or 3 axes", "a single value");
  want_pool_size(pool, "y", dims[0], pool.y.size());
  for (std::size_t axis = 1; axis < dims.size(); ++axis) {
    if (dims[axis] > UINT32_MAX)
      fail_pool(pool, "x", "axes below 2^32", std::to_string(dims[axis]));
    pool.example_shape.push_back(static_cast<std::uint32_t>(dims[axis]));
  }
  if (reader.type("/pool/x") == store::Type::f32) {
    pool.features = reader.read<float>("/pool/x");
  } else {
    pool.pixels = reader.read<std::uint8_t>("/pool/x");
  }
}

}  // namespace

std::size_t Pool::example_size() const {
  std::size_t size = 1;
  for (const std::uint32_t dim : example_shape) size *= dim;
  return size;
}

std::vector<std::uint32_t> Pool::class_begin() const {
  std::vector<std::uint32_t> begin(classes() + 1);
  for (std::size_t c = 0; c <= classes(); ++c) {
    begin[c] = static_cast<std::uint32_t>(std::lower_bound(y.begin(), y.end(), c) - y.begin());
  }
  return begin;
}

std::vector<std::uint32_t> classes_of_split(const Pool& pool, const std::string& split) {
  return places_of_split(pool.class_split, split);
}

void check_pool(const Pool& pool) {
  check_examples(pool);
  check_labels(pool);
  check_names(pool);
  check_splits(pool);
}

std::string write_pool(const std::string& path, Pool& pool) {
  pool.origin = path;
  check_pool(pool);
  store::Writer writer(path, "attune-pool", kVersion);
  if (pool.is_text()) {
    write_tokens(writer, pool);
  } else if (pool.pixels.empty()) {
    writer.write<float>("/pool/x", x_dims(pool), pool.features, "features (example, dimension)");
  } else {
    writer.write<std::uint8_t>("/pool/x", x_dims(pool), pool.pixels,
                               "images (example, channel, row, column); 0 background, 255 ink");
  }
  put(writer, "y", pool.y, "class of each example, a row of class_name; ascending");
  put(writer, "group", pool.group,
      "source of each example (drawer, font face), a row of group_name if there are names");
  put(writer, "class_name", pool.class_name, "name of each class");
  put(writer, "class_split", pool.class_split, "of each class: 0 train, 1 validation, 2 test");
  put(writer, "class_of_origin", pool.class_of_origin,
      "classes made from one another (rotations) share a number");
  put(writer, "group_name", pool.group_name, "name of each group; may be empty");
  writer.attribute("title", pool.title);
  writer.attribute("source", pool.source);
  writer.attribute("about", std::string("Labelled examples with a class-disjoint split: ") +
                                (pool.is_text() ? "text i" : "row i of /pool/x") +
                                " is of class /pool/y[i]. Every dataset has an attribute "
                                "\"about\".");
  pool.hash = writer.commit();
  return pool.hash;
}

Pool read_pool(const std::string& path) {
  const store::Reader reader(path, "attune-pool", kVersion);
  Pool pool;
  pool.origin = path;
  get(reader, "y", pool.y);
  get(reader, "group", pool.group);
  get(reader, "class_name", pool.class_name);
  get(reader, "class_split", pool.class_split);
  get(reader, "class_of_origin", pool.class_of_origin);
  get(reader, "group_name", pool.group_name);
  if (reader.has("/pool/token")) {
    read_tokens(reader, pool);
  } else {
    read_x(reader, pool);
  }
  pool.title = reader.text_attribute("title");
  pool.source = reader.text_attribute("source");
  pool.hash = reader.hash();
  check_pool(pool);
  return pool;
}

}  // namespace attune
