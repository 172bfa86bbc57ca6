#include "dataset/archive.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <map>

#include "base/error.hpp"
#include "dataset/identity.hpp"
#include "dataset/raw_files.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

std::map<std::string, Bytes> read_all(const std::string& path, const ArchiveLimits& limits = {}) {
  std::map<std::string, Bytes> found;
  for_each_entry(path, limits, [&](Entry&& entry) { found[entry.name] = entry.bytes; });
  return found;
}

std::string refusal(const std::string& path, const ArchiveLimits& limits = {}) {
  return message_of([&] { read_all(path, limits); });
}

// Incompressible, so that archives have their size.
Bytes noise(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 12345;
  for (auto& b : bytes)
    b = static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
  return bytes;
}

const std::vector<Member> kPlain = {{"b/two.txt", {'2', '2'}, AE_IFREG, ""},
                                    {"a", {}, AE_IFDIR, ""},
                                    {"a/one.txt", {'1'}, AE_IFREG, ""},
                                    {"ä/empty", {}, AE_IFREG, ""}};

}  // namespace

TEST_CASE("folders, zip and tar of every compression give the same entries") {
  const TemporaryFolder folder;
  const std::map<std::string, Bytes> want = {
      {"a/one.txt", {'1'}}, {"b/two.txt", {'2', '2'}}, {"ä/empty", {}}};
  for (const auto& [name, bytes] : want) put(folder / "tree/" + name, bytes);
  CHECK(read_all(folder / "tree") == want);
  CHECK(read_all(folder / "tree/") == want);
  make_archive(folder / "x.zip", kPlain);
  CHECK(read_all(folder / "x.zip") == want);
  make_archive(folder / "stored.zip", kPlain, "zip", "none", "zip:compression=store");
  CHECK(read_all(folder / "stored.zip") == want);
  for (const std::string filter : {"none", "gzip", "bzip2", "xz", "zstd"}) {
    CAPTURE(filter);
    make_archive(folder / "x.tar", kPlain, "pax", filter);
    CHECK(read_all(folder / "x.tar") == want);
  }
}

TEST_CASE("a folder is visited in the order of the names, an archive as stored") {
  const TemporaryFolder folder;
  std::vector<std::string> order;
  const auto note = [&](Entry&& entry) { order.push_back(entry.name); };
  for (const std::string name : {"b/x", "a.txt", "a/z", "B"}) put(folder / "tree/" + name, Bytes{});
  for_each_entry(folder / "tree", {}, note);
  CHECK(order == std::vector<std::string>{"B", "a.txt", "a/z", "b/x"});
  order.clear();
  make_archive(folder / "x.zip", kPlain);
  for_each_entry(folder / "x.zip", {}, note);
  CHECK(order == std::vector<std::string>{"b/two.txt", "a/one.txt", "ä/empty"});
}

TEST_CASE("names that lead out of the archive are refused") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"../up.png", ".."},        {"a/../../up.png", ".."}, {"a/..", ".."},
      {"/etc/x.png", "absolute"}, {".", "dots alone"},      {"./.", "dots alone"},
      {"C:/x.png", "absolute"},   {"a\tb.png", "control"},  {"a/b\\c.png", "'\\'"}};
  for (const std::string format : {"zip", "ustar"})
    for (const auto& [name, why] : cases) {
      CAPTURE(format);
      CAPTURE(name);
      make_archive(folder / "x", {{"fine.png", {1}, AE_IFREG, ""}, {name, {1}, AE_IFREG, ""}},
                   format);
      const std::string message = refusal(folder / "x");
      CAPTURE(message);
      CHECK(contains(message, why));
      CHECK(contains(message, folder / "x"));
    }
}

TEST_CASE("a name of two entries is refused, written the same way or not") {
  const TemporaryFolder folder;
  make_archive(folder / "x.zip", {{"a/b", {1}, AE_IFREG, ""}, {"a/b", {2}, AE_IFREG, ""}});
  CHECK(contains(refusal(folder / "x.zip"), "a/b: want each name once"));
  make_archive(folder / "x.tar", {{"a/b", {1}, AE_IFREG, ""}, {"a/./b", {2}, AE_IFREG, ""}},
               "ustar");
  CHECK(contains(refusal(folder / "x.tar"), "a/b: want each name once"));
}

TEST_CASE("links and devices are refused in archives and folders") {
  const TemporaryFolder folder;
  const std::vector<Member> links = {{"l", {}, AE_IFLNK, "/etc/passwd"},
                                     {"h", {}, AE_IFREG, "hard:fine"},
                                     {"f", {}, AE_IFIFO, ""}};
  for (const Member& link : links) {
    CAPTURE(link.name);
    make_archive(folder / "x.tar", {{"fine", {1}, AE_IFREG, ""}, link}, "ustar");
    CHECK(contains(refusal(folder / "x.tar"), link.name + ": want regular files"));
  }
  make_archive(folder / "x.zip", {links[0]}, "zip");
  CHECK(contains(refusal(folder / "x.zip"), "l: want regular files"));
  put(folder / "tree/a/file", Bytes{1});
  CHECK(::symlink("file", (folder / "tree/a/link").c_str()) == 0);
  CHECK(contains(refusal(folder / "tree"), "a/link: want regular files"));
}

TEST_CASE("encrypted entries are refused") {
  const TemporaryFolder folder;
  make_archive(folder / "x.zip", {{"a", noise(100), AE_IFREG, ""}}, "zip", "none",
               "zip:encryption=traditional", "secret");
  CHECK(contains(refusal(folder / "x.zip"), "a: encrypted"));
}

TEST_CASE("bombs are refused by ratio, by size and by number of entries") {
  const TemporaryFolder folder;
  const Bytes zeros(40u << 20);
  for (const std::string filter : {"gzip", "xz"}) {
    make_archive(folder / "x.tar", {{"z", zeros, AE_IFREG, ""}}, "ustar", filter);
    CHECK(contains(refusal(folder / "x.tar"), "200 times the size"));
  }
  make_archive(folder / "x.zip", {{"z", zeros, AE_IFREG, ""}});
  CHECK(contains(refusal(folder / "x.zip"), "200 times the size"));
  // 16 MiB may shrink as much as they like.
  make_archive(folder / "x.zip", {{"z", Bytes(16u << 20), AE_IFREG, ""}});
  CHECK(read_all(folder / "x.zip").at("z").size() == 16u << 20);
  ArchiveLimits limits;
  limits.entry_bytes = 1000;
  make_archive(folder / "x.zip", {{"z", Bytes(1001), AE_IFREG, ""}});
  CHECK(contains(refusal(folder / "x.zip", limits), "z: want at most 1000 bytes"));
  limits = {};
  limits.total_bytes = 1500;
  make_archive(folder / "x.zip",
               {{"y", Bytes(1000), AE_IFREG, ""}, {"z", Bytes(501), AE_IFREG, ""}});
  CHECK(contains(refusal(folder / "x.zip", limits), "1500 bytes in all"));
  limits = {};
  limits.entries = 1;
  CHECK(contains(refusal(folder / "x.zip", limits), "at most 1 entries"));
}

TEST_CASE("a zip whose entries overlap, each quoting the next, is a bomb too") {
  // Fifield 2019, "A better zip bomb": entry i is the header of entry i+1, in a stored block, and
  // then all of entry i+1.
  constexpr std::size_t kEntries = 64, kStride = 30 + 3 + 5;
  const Bytes zeros(1u << 20);
  z_stream deflater{};
  REQUIRE(deflateInit2(&deflater, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes packed(8192), content = zeros;
  deflater.next_in = const_cast<Bytef*>(zeros.data());
  deflater.avail_in = static_cast<uInt>(zeros.size());
  deflater.next_out = packed.data();
  deflater.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&deflater, Z_FINISH) == Z_STREAM_END);
  packed.resize(deflater.total_out);
  deflateEnd(&deflater);

  const auto number = [](Bytes& to, std::size_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  const auto join = [](Bytes head, const Bytes& tail) {
    head.insert(head.end(), tail.begin(), tail.end());
    return head;
  };
  Bytes directory;
  for (std::size_t i = kEntries; i-- > 0;) {
    Bytes common;  // of the local header and of the directory
    for (const std::size_t value : {20, 0, 8, 0, 0}) number(common, value, 2);
    number(common, crc32(0, content.data(), static_cast<uInt>(content.size())), 4);
    number(common, packed.size(), 4);
    number(common, content.size(), 4);
    number(common, 3, 2);
    number(common, 0, 2);
    const std::string digits = std::to_string(100 + i);
    const Bytes name(digits.begin(), digits.end());
    const Bytes header = join(join({'P', 'K', 3, 4}, common), name);
    Bytes line = join({'P', 'K', 1, 2, 20, 0}, common);
    number(line, 0, 8);
    number(line, 0, 2);
    number(line, i * kStride, 4);
    directory = join(join(line, name), directory);
    Bytes block = {0};  // stored, not the last
    number(block, header.size(), 2);
    number(block, ~header.size() & 0xffff, 2);
    packed = i > 0 ? join(join(block, header), packed) : join(header, packed);
    content = join(header, content);
  }
  Bytes end = {'P', 'K', 5, 6, 0, 0, 0, 0};
  for (int i = 0; i < 2; ++i) number(end, kEntries, 2);
  number(end, directory.size(), 4);
  number(end, packed.size(), 4);
  number(end, 0, 2);
  const TemporaryFolder folder;
  put(folder / "bomb.zip", join(join(packed, directory), end));
  CHECK(contains(refusal(folder / "bomb.zip"), "200 times the size"));
  ArchiveLimits generous;
  generous.ratio = 1e9;
  CHECK(read_all(folder / "bomb.zip", generous).size() == kEntries);
}

TEST_CASE("a cut archive is refused wherever it is cut") {
  const TemporaryFolder folder;
  const std::vector<Member> members = {{"a", noise(700), AE_IFREG, ""},
                                       {"b", noise(300), AE_IFREG, ""},
                                       {"c", noise(512), AE_IFREG, ""}};
  for (const std::string kind : {"zip", "ustar", "ustar.gzip"}) {
    const bool gzip = kind == "ustar.gzip";
    make_archive(folder / "whole", members, gzip ? "ustar" : kind, gzip ? "gzip" : "none");
    const Bytes whole = get(folder / "whole");
    REQUIRE(read_all(folder / "whole").size() == 3);
    // Of a plain tar the zeros after the end mark may be missing: nothing is lost with them.
    const std::size_t needed = kind == "ustar" ? 512 * 7 + 1 : whole.size();
    std::size_t taken = 0;
    for (std::size_t size = 0; size<needed; size += size % 512> 508 ? 1 : 5) {
      put(folder / "cut", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      const bool refused = refusal(folder / "cut") != "";
      if (!refused) ++taken;
      if (!refused) MESSAGE(kind, ": cut to ", size, " of ", whole.size());
    }
    CHECK(taken == 0);
  }
}

TEST_CASE("a flipped bit in stored or deflated data is noticed") {
  const TemporaryFolder folder;
  for (const std::string option : {"zip:compression=store", "zip:compression=deflate"}) {
    make_archive(folder / "x.zip", {{"a", noise(2000), AE_IFREG, ""}}, "zip", "none", option);
    Bytes damaged = get(folder / "x.zip");
    damaged[1000] ^= 4;
    put(folder / "x.zip", damaged);
    CHECK(contains(refusal(folder / "x.zip"), "a: damaged"));
  }
}

TEST_CASE("what is no folder and no archive is refused by name") {
  const TemporaryFolder folder;
  CHECK(contains(refusal(folder / "none"), "no such file"));
  put(folder / "empty.zip", Bytes{});
  CHECK(contains(refusal(folder / "empty.zip"), "zip or tar"));
  put(folder / "text.zip", std::string("hello, I am text and nothing else at all\n"));
  CHECK(contains(refusal(folder / "text.zip"), "zip or tar"));
  CHECK(contains(refusal("/dev/zero"), "want a folder or an archive"));
}

TEST_CASE("an identity does not depend on the order, but on every name and byte") {
  const auto hash = [](const std::vector<std::pair<std::string, Bytes>>& files) {
    Identity identity;
    for (const auto& [name, bytes] : files) identity.add(name, bytes);
    return identity.hex();
  };
  // printf 1 > a; printf 22 > b; sha256sum a b | sha256sum
  CHECK(hash({{"b", {'2', '2'}}, {"a", {'1'}}}) ==
        "5f7f905419cbfd157c687f1fe40a631a0e843faee3fef0c10b692d21720c78ff");
  CHECK(hash({{"a", {'1'}}, {"b", {'2', '2'}}}) == hash({{"b", {'2', '2'}}, {"a", {'1'}}}));
  CHECK(hash({{"a", {'1'}}}) != hash({{"b", {'1'}}}));
  CHECK(hash({{"a", {'1'}}}) != hash({{"a", {'2'}}}));
  Identity twice;
  twice.add("a", {});
  CHECK_THROWS_AS(twice.add("a", {}), Error);
}

TEST_CASE("names come composed from folders and archives alike, and each but once") {
  const std::string composed = "Caf\u00e9/\u00fc.txt", decomposed = "Cafe\u0301/u\u0308.txt";
  const TemporaryFolder folder;
  put(folder / ("tree/" + decomposed), Bytes{'1'});
  CHECK(read_all(folder / "tree") == std::map<std::string, Bytes>{{composed, {'1'}}});
  put(folder / ("tree/Cafe\u0301/\u00fc.txt"), Bytes{'2'});
  CHECK(contains(refusal(folder / "tree"), composed + ": want each name once, have it twice"));
}

TEST_CASE("a folder in two spellings is refused, whatever stands in it") {
  const TemporaryFolder folder;
  put(folder / "tree/Caf\u00e9/1.txt", Bytes{'1'});
  put(folder / "tree/other/Cafe\u0301/2.txt", Bytes{'2'});
  CHECK(read_all(folder / "tree").size() == 2);
  put(folder / "tree/Cafe\u0301/2.txt", Bytes{'2'});
  CHECK(refusal(folder / "tree") == (folder / "tree") +
                                        ": want each folder once, have two spellings of Caf\u00e9: "
                                        "\"Cafe\\u{301}\" and \"Caf\\u{e9}\" (rename one)");
}
