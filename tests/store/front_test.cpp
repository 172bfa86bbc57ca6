#include "store/front.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

#include "store/forge.hpp"
#include "store/temporary.hpp"

using namespace attune;
using namespace attune::store;

namespace {

void make_valid(const std::string& path) { const Forge forge(path); }

// The first bytes of a right file of that size, and a hole behind them.
void put_hole(const std::string& path, std::string front, std::uint64_t size) {
  constexpr std::size_t kEnd = 28;
  if (front.size() > kEnd) std::memcpy(front.data() + kEnd, &size, sizeof size);
  put_bytes(path, front);
  REQUIRE(truncate(path.c_str(), static_cast<off_t>(size)) == 0);
}

}  // namespace

TEST_CASE("3 GB that are a hole are refused by the first bytes or by what is on the disk") {
  const Temporary folder;
  make_valid(folder / "valid.h5");
  const std::string front = bytes_of(folder / "valid.h5").substr(0, 48), path = folder / "hole.h5";
  const auto begin = std::chrono::steady_clock::now();
  put_hole(path, "", 3'000'000'000);
  CHECK(refusal_of(path) == path + ": want an HDF5 file, have another format");
  put_hole(path, front, 3'000'000'000);
  CHECK(refusal_of(path) ==
        has("want a file whose 3000000000 bytes are on the disk, have 4096 of them"));
  CHECK_THROWS_AS(identify(path), Error);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
}

TEST_CASE("the superblock says how long the file is, and is one that Attune writes") {
  const Temporary folder;
  const std::string path = folder / "x.h5";
  make_valid(path);
  const std::string bytes = bytes_of(path), length = std::to_string(bytes.size());
  CHECK(refusal_of(path) == "");
  put_bytes(path, bytes + "x");
  CHECK(refusal_of(path) == path + ": want an undamaged HDF5 file of " + length +
                                " bytes, as it says itself, have " +
                                std::to_string(bytes.size() + 1));
  put_bytes(path, bytes.substr(0, bytes.size() - 1));
  CHECK(refusal_of(path) == has("as it says itself"));
  put_bytes(path, bytes.substr(0, 40));
  CHECK(refusal_of(path) == path + ": want an undamaged HDF5 file, have the beginning of one");
  { const Forge old(path, H5P_DEFAULT, H5F_LIBVER_EARLIEST); }
  CHECK(refusal_of(path) == has("want an HDF5 file of superblock version 2 or 3"));
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_userblock(creation, 512);
  { const Forge behind(path, creation); }
  CHECK(refusal_of(path) == path + ": want an HDF5 file, have another format");
  // Lists of old groups may run in circles.
  H5Pset_userblock(creation, 0);
  H5Pset_shared_mesg_nindexes(creation, 1);
  H5Pset_shared_mesg_index(creation, 0, H5O_SHMESG_ATTR_FLAG, 50);
  { const Forge shared(path, creation, H5F_LIBVER_EARLIEST); }
  CHECK(refusal_of(path) == has("want groups as HDF5 1.10 writes them, have a symbol table"));
  H5Pclose(creation);
}
