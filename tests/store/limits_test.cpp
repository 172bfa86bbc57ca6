// Files that were forged, each with a right content hash: refused soon, and before memory is taken.
#include "store/limits.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "store/forge.hpp"
#include "store/temporary.hpp"

using namespace attune;
using namespace attune::store;

namespace {

struct Folder {
  Temporary folder;
  std::string path = folder / "forged.h5";

  // What Reader says of a file that `fill` put its part in.
  template <typename Fill>
  std::string after(Fill fill, hid_t creation = H5P_DEFAULT) {
    {
      Forge forge(path, creation);
      fill(forge);
    }
    return refusal_of(path);
  }
  // Of one dataset /x that is created, not written.
  std::string of(const std::vector<hsize_t>& dims, const std::vector<hsize_t>& chunk,
                 hid_t type = H5T_STD_U8LE) {
    return after(
        [&](Forge& forge) { H5Dclose(forge.dataset("/x", dims, Forge::list_of(chunk), type)); });
  }
};

// Nested groups "g", `depth` of them.
void nest(Forge& forge, int depth) {
  hid_t group = H5Gopen2(forge.file, "/", H5P_DEFAULT);
  for (int i = 0; i < depth; ++i) {
    const hid_t inner = H5Gcreate2(group, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(group);
    group = inner;
  }
  H5Gclose(group);
}

constexpr hsize_t kHuge = hsize_t{1} << 40;

}  // namespace

TEST_CASE("a forged file of nothing strange is taken") {
  Folder f;
  CHECK(f.after([](Forge& forge) {
    nest(forge, 8);
    forge.zeros("/x", {100, 30}, Forge::list_of({7, 11}, 1));
    forge.zeros("/y", {3, 40, 50}, Forge::list_of({1, 40, 50}));
    forge.zeros("/z", {5}, Forge::list_of({}));
  }) == "");
}

TEST_CASE("nested groups are refused at the ninth, however many there are") {
  Folder f;
  for (const int depth : {10, 4000, 30000}) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string said = f.after([&](Forge& forge) { nest(forge, depth); });
    CHECK(said ==
          f.path + ": /g/g/g/g/g/g/g/g/g/g: want at most 8 groups inside each other, have more");
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
  }
}

TEST_CASE("each object has one name, and links lead nowhere else") {
  Folder f;
  CHECK(f.after([](Forge& forge) {
    forge.zeros("/a", {10}, Forge::list_of({10}));
    H5Lcreate_hard(forge.file, "/a", forge.file, "/b", H5P_DEFAULT, H5P_DEFAULT);
  }) == f.path + ": /b: want one name for each group and dataset, have a second link to one");
  CHECK(f.after([](Forge& forge) {
    nest(forge, 2);
    H5Lcreate_hard(forge.file, "/g", forge.file, "/g/g/again", H5P_DEFAULT, H5P_DEFAULT);
  }) == has("/g/g/again: want one name for each"));
  CHECK(f.after([](Forge& forge) {
    H5Lcreate_hard(forge.file, "/", forge.file, "/self", H5P_DEFAULT, H5P_DEFAULT);
  }) == has("/self: want one name"));
  CHECK(f.after([](Forge& forge) {
    H5Lcreate_soft("/nowhere", forge.file, "/x", H5P_DEFAULT, H5P_DEFAULT);
  }) == has("want datasets in groups, have links"));
  CHECK(f.after([](Forge& forge) {
    H5Lcreate_external("/etc/passwd", "/", forge.file, "/x", H5P_DEFAULT, H5P_DEFAULT);
  }) == has("want datasets in groups, have links"));
  CHECK(f.after([](Forge& forge) {
    const hid_t type = H5Tcopy(H5T_STD_U8LE);
    H5Tcommit2(forge.file, "/type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Tclose(type);
  }) == has("/type: want a dataset or a group, have something else"));
}

TEST_CASE("objects, attributes and names are counted") {
  Folder f;
  CHECK(f.after([](Forge& forge) {
    for (int i = 0; i < 10'001; ++i) {
      H5Gclose(
          H5Gcreate2(forge.file, std::to_string(i).c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    }
  }) == has("want at most 10000 groups and datasets, have more"));
  CHECK(f.after([](Forge& forge) {
    for (int i = 0; i < 1000; ++i) forge.attribute(forge.file, std::to_string(i), std::int64_t{i});
  }) == has("want at most 1000 attributes, have 1004"));
  CHECK(f.after([](Forge& forge) {
    const hid_t made = forge.dataset("/x", {4}, Forge::list_of({}));
    for (int i = 0; i < 17; ++i) forge.attribute(made, std::to_string(i), std::int64_t{i});
    H5Dclose(made);
  }) == has("/x: want at most 16 attributes, have 17"));
  CHECK(f.after([](Forge& forge) {
    forge.zeros("/" + std::string(3000, 'n'), {4}, Forge::list_of({}));
  }) == has("n...: want a name of at most 1024 bytes, have 3001"));
  CHECK(f.after([](Forge& forge) {
    forge.attribute(forge.file, "odd", std::string(40'000, 'x'));
  }) == has("attribute odd: want one text or one int64"));
}

TEST_CASE("what data take in memory is bounded by the file's size, one by one and together") {
  Folder f;
  CHECK(f.of({kHuge}, {1000}) == has("/x: want data that fit a file of"));
  CHECK(f.of({kHuge, 1 << 23}, {1000, 1}) == has("/x: want data that fit"));
  CHECK(f.of({0, kHuge}, {}) == has("/x: want data that fit"));
  CHECK(f.of({1 << 21}, {1 << 21}) == has("want chunks of at most 1 MiB"));
  CHECK(f.of({10'000'000}, {4096}, Forge::text_type(1)) == has("/x: want data that fit"));
  CHECK(f.of({1}, {1}, Forge::text_type(std::size_t{1} << 30)) == has("/x: want data that fit"));
  // 65 MiB in 1 MiB chunks of zeros, and 80 times 1 MiB.
  CHECK(f.after([](Forge& forge) {
    const hid_t made = forge.dataset("/x", {300, 1 << 20}, Forge::list_of({1, 1 << 20}, 1));
    const std::vector<Bytef> packed = packed_zeros(1 << 20);
    for (hsize_t row = 0; row < 300; ++row) {
      const hsize_t at[] = {row, 0};
      H5Dwrite_chunk(made, H5P_DEFAULT, 0, at, packed.size(), packed.data());
    }
    H5Dclose(made);
  }) == has("/x: want data that fit a file of"));
  CHECK(f.after([](Forge& forge) {
    for (int i = 10; i < 99; ++i) {
      forge.zeros("/x" + std::to_string(i), {1 << 20}, Forge::list_of({1 << 20}, 1));
    }
  }) == has(": want data that fit a file of"));
}

TEST_CASE("chunks: neither many, nor missing, nor shaped to be decoded over and over") {
  Folder f;
  CHECK(f.of({200'000}, {1}) == has("/x: want chunks of at least 8 KiB on average"));
  CHECK(f.of({1000}, {1000}) == has("/x: want"));
  CHECK(f.after([](Forge& forge) {
    H5Dclose(forge.dataset("/x", {1000}, Forge::list_of({500}, 1)));
  }) == has("have missing ones"));
  CHECK(f.of({1000}, {}) == has("/x: want stored data, have none"));
  CHECK(f.after([](Forge& forge) {
    const hid_t noise = forge.dataset("/a", {1 << 21}, Forge::list_of({}));
    const std::vector<std::uint8_t> values(1 << 21, 1);
    H5Dwrite(noise, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(noise);
    H5Dclose(forge.dataset("/x", {1 << 17, 1000}, Forge::list_of({1 << 17, 8}, 1)));
  }) == has("/x: want chunks of whole rows"));
}

TEST_CASE("a chunk decodes to its size: no bomb and none that is short") {
  Folder f;
  const auto with_chunk = [&](const std::vector<Bytef>& packed, int gzip,
                              std::uint32_t skipped = 0) {
    return f.after([&](Forge& forge) {
      const hid_t made = forge.dataset("/x", {1 << 18}, Forge::list_of({1 << 18}, gzip));
      const hsize_t start = 0;
      H5Dwrite_chunk(made, H5P_DEFAULT, skipped, &start, packed.size(), packed.data());
      H5Dclose(made);
    });
  };
  CHECK(with_chunk(packed_zeros(100 << 20), 1) ==
        has("/x: want intact data, have a chunk that decodes to more"));
  CHECK(with_chunk(packed_zeros(1000), 1) ==
        has("/x: want intact data, have a chunk that decodes to less"));
  CHECK(with_chunk(std::vector<Bytef>(1000), 1, 1) == has("a chunk that decodes to less"));
  CHECK(with_chunk(std::vector<Bytef>(1000), 1) ==
        has("/x: want intact data, have damaged gzip data"));
  CHECK(with_chunk(std::vector<Bytef>(1 << 20), 1) == has("have one longer than its data"));
  CHECK(with_chunk(packed_zeros(1000), 2) == has("want shuffle, gzip and Fletcher-32, each once"));
}

TEST_CASE("layouts, filters and types that Writer never makes are refused") {
  Folder f;
  const auto with_list = [&](hid_t list, hid_t type = H5T_STD_U8LE) {
    return f.after([&](Forge& forge) { H5Dclose(forge.dataset("/x", {64}, list, type)); });
  };
  const hid_t compact = Forge::list_of({}), outside = Forge::list_of({}),
              scaled = Forge::list_of({64});
  H5Pset_layout(compact, H5D_COMPACT);
  CHECK(with_list(compact) == has("want chunks inside the file, have another layout"));
  H5Pset_external(outside, "/etc/passwd", 0, 64);
  CHECK(with_list(outside) == has("want chunks inside the file, have another layout"));
  H5Pset_scaleoffset(scaled, H5Z_SO_INT, 2);
  CHECK(with_list(scaled) == has("want shuffle, gzip and Fletcher-32, each once, have filter 6"));
  CHECK(f.after([](Forge& forge) {
    const hsize_t size = 64;
    const hid_t space = H5Screate_simple(1, &size, nullptr), list = Forge::list_of({});
    H5Pset_virtual(list, space, "/etc/passwd", "/x", space);
    H5Dclose(forge.dataset("/x", {64}, list));
    H5Sclose(space);
  }) == has("want chunks inside the file, have another layout"));
  CHECK(with_list(Forge::list_of({}), H5T_STD_I16BE) == has("/x: want one of our types"));
  CHECK(with_list(Forge::list_of({}), H5T_STD_REF_OBJ) == has("/x: want one of our types"));
}
