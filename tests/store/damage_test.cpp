// Files that were hit by bit flips, cuts, or people: never wrong data, never a crash.
#include <doctest/doctest.h>
#include <hdf5.h>
#include <malloc.h>

#include <cstring>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "store/h5.hpp"
#include "store/temporary.hpp"

using namespace attune;
using namespace attune::store;

// HDF5 1.10.8 itself loses a few hundred bytes whenever it refuses a damaged file or can't write
// one. That we close what we open is checked below by counting.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

namespace {

ssize_t open_objects() { return H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL); }

constexpr const char* kTitle = "a title";

std::vector<float> noise(std::size_t count) {
  Rng rng(7, "damage");
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.normal());
  return values;
}

const std::vector<float> kValues = noise(1500);
const std::vector<std::uint8_t> kPixels(3000, 5);
const std::vector<std::string> kNames = {"alpha", "beta", "gamma"};

void write_victim(const std::string& path) {
  Writer writer(path, "attune-victim", 1);
  writer.write<float>("/group/values", {30, 50}, kValues, "values");
  writer.write<std::uint8_t>("/group/pixels", {3, 10, 100}, kPixels, "pixels");
  writer.write<std::string>("/names", {3}, kNames, "names");
  writer.write<double>("/scalar", {}, std::vector<double>{2.5}, "one value");
  writer.attribute("title", kTitle);
  writer.attribute("config", std::string(20000, 'c'));
  writer.commit();
}

enum class Outcome { intact, refused, wrong };

// Reads everything there is and compares it with what was written.
Outcome read_victim(const std::string& path) {
  try {
    const Reader reader(path, "attune-victim", 1);
    const bool same = reader.read<float>("/group/values") == kValues &&
                      reader.dims("/group/values") == Dims{30, 50} &&
                      reader.read<std::uint8_t>("/group/pixels") == kPixels &&
                      reader.read<std::string>("/names") == kNames &&
                      reader.read<double>("/scalar") == std::vector<double>{2.5} &&
                      reader.about("/names") == "names" &&
                      reader.text_attribute("title") == kTitle &&
                      reader.text_attribute("config") == std::string(20000, 'c');
    return same ? Outcome::intact : Outcome::wrong;
  } catch (const Error&) {
    return Outcome::refused;
  }
}

}  // namespace

TEST_CASE("a group of many links, each byte damaged: never a crash, in memory that holds junk") {
  const Temporary folder;
  const std::string path = folder / "many.h5";
  {
    Writer writer(path, "attune-victim", 1);
    for (int i = 0; i < 20; ++i)
      writer.write<double>("/group/d" + std::to_string(i), {1}, std::vector<double>{1.0 * i},
                           "one");
    writer.commit();
  }
  const std::string bytes = bytes_of(path);
  mallopt(M_PERTURB, 0x5a);  // nothing that HDF5 forgets to fill is zero
  int refused = 0;
  for (std::size_t place = 8; place < bytes.size(); ++place) {
    std::string damaged = bytes;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    put_bytes(path, damaged);
    try {
      const Reader reader(path, "attune-victim", 1);
      for (int i = 0; i < 20; ++i)
        CHECK(reader.read<double>("/group/d" + std::to_string(i)) == std::vector<double>{1.0 * i});
    } catch (const Error&) {
      ++refused;
    }
  }
  mallopt(M_PERTURB, 0);
  CHECK(refused > static_cast<int>(bytes.size()) / 4);
}

TEST_CASE("2000 random bit flips: refused or harmless, never wrong data") {
  const Temporary folder;
  write_victim(folder / "victim.h5");
  REQUIRE(read_victim(folder / "victim.h5") == Outcome::intact);
  const std::string bytes = bytes_of(folder / "victim.h5");
  Rng rng(1, "flips");
  const auto open_before = open_objects();
  int wrong = 0, refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = bytes;
    const std::size_t place = rng.below(bytes.size());
    damaged[place] = static_cast<char>(damaged[place] ^ (1 << rng.below(8)));
    put_bytes(folder / "damaged.h5", damaged);
    const Outcome outcome = read_victim(folder / "damaged.h5");
    wrong += outcome == Outcome::wrong;
    refused += outcome == Outcome::refused;
  }
  CHECK(wrong == 0);
  CHECK(refused > 1000);
  CHECK(open_objects() == open_before);
}

TEST_CASE("300 truncations and 100 zeroed blocks: refused or harmless") {
  const Temporary folder;
  write_victim(folder / "victim.h5");
  const std::string bytes = bytes_of(folder / "victim.h5");
  int accepted = 0, wrong = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    put_bytes(folder / "damaged.h5", bytes.substr(0, i * bytes.size() / 300));
    accepted += read_victim(folder / "damaged.h5") != Outcome::refused;
  }
  CHECK(accepted == 0);
  for (std::size_t i = 0; i < 100; ++i) {
    std::string damaged = bytes;
    const std::size_t begin = i * bytes.size() / 100;
    std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(begin),
                std::min<std::size_t>(512, bytes.size() - begin), '\0');
    put_bytes(folder / "damaged.h5", damaged);
    wrong += read_victim(folder / "damaged.h5") == Outcome::wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a file whose data were changed by another program is refused by its content hash") {
  const Temporary folder;
  const std::string path = folder / "victim.h5";
  write_victim(path);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, "/scalar", H5P_DEFAULT);
  const double other = 2.75;
  REQUIRE(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &other) >= 0);
  H5Dclose(dataset);
  H5Fclose(file);
  CHECK_THROWS_WITH_AS(Reader(path, "attune-victim", 1), doctest::Contains("content: want SHA-256"),
                       Error);
}
