#include "store/h5.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <numeric>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "store/temporary.hpp"

using namespace attune;
using namespace attune::store;

namespace {

constexpr const char* kLong = "long";

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i % 977) * 0.37f;
  return values;
}

// One dataset of every type, an empty one, a scalar, one of several chunks, texts of all lengths.
std::string write_sample(const std::string& path) {
  Writer writer(path, "attune-sample", 3);
  const std::vector<std::uint8_t> pixels = {0, 1, 254, 255, 7, 9};
  const std::vector<std::uint32_t> labels = {0, 4294967295u};
  const std::vector<std::int64_t> counts = {INT64_MIN, -1, 0, INT64_MAX};
  const std::vector<double> scalar = {0.1};
  const std::vector<std::string> names = {"", "ä", "a much longer name than the others", "b"};
  writer.write<std::uint8_t>("/a/pixels", {3, 2}, pixels, "pixels");
  writer.write<std::uint32_t>("/a/b/labels", {2}, labels, "labels");
  writer.write<std::int64_t>("/a/counts", {2, 2}, counts, "counts");
  writer.write<float>("/values", {3, 200000}, ramp(600000), "values");
  writer.write<double>("/scalar", {}, scalar, "scalar");
  writer.write<float>("/empty", {0, 5}, {}, "nothing");
  writer.write<std::string>("/names", {4}, names, "names");
  writer.write<std::string>("/no_names", {0}, {}, "nothing");
  writer.attribute("title", "Käfer 甲虫");
  writer.attribute("nothing", "");
  writer.attribute(kLong, std::string(100000, 'x') + "y");
  writer.attribute("number", std::int64_t{-42});
  return writer.commit();
}

std::string message_of(const std::string& path, const std::string& kind = "attune-sample",
                       int version = 3) {
  try {
    Reader reader(path, kind, version);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every type and shape comes back as it was written") {
  const Temporary folder;
  const std::string path = folder / "sample.h5", hash = write_sample(path);
  const Reader reader(path, "attune-sample", 3);
  CHECK(reader.hash() == hash);
  CHECK(reader.path() == path);
  CHECK(reader.names() == std::vector<std::string>{"/a/b/labels", "/a/counts", "/a/pixels",
                                                   "/empty", "/names", "/no_names", "/scalar",
                                                   "/text/long", "/values"});
  CHECK(reader.dims("/a/pixels") == Dims{3, 2});
  CHECK(reader.read<std::uint8_t>("/a/pixels") == std::vector<std::uint8_t>{0, 1, 254, 255, 7, 9});
  CHECK(reader.read<std::uint32_t>("/a/b/labels") == std::vector<std::uint32_t>{0, 4294967295u});
  CHECK(reader.read<std::int64_t>("/a/counts") ==
        std::vector<std::int64_t>{INT64_MIN, -1, 0, INT64_MAX});
  CHECK(reader.read<float>("/values") == ramp(600000));
  CHECK(reader.dims("/scalar").empty());
  CHECK(reader.read<double>("/scalar") == std::vector<double>{0.1});
  CHECK(reader.dims("/empty") == Dims{0, 5});
  CHECK(reader.read<float>("/empty").empty());
  CHECK(reader.read<std::string>("/names") ==
        std::vector<std::string>{"", "ä", "a much longer name than the others", "b"});
  CHECK(reader.read<std::string>("/no_names").empty());
  CHECK(reader.about("/names") == "names");
  CHECK(reader.describe("/a/pixels") == "uint8 (3,2)");
  CHECK(reader.type("/names") == Type::text);
  CHECK(reader.has("/names"));
  CHECK_FALSE(reader.has("/a"));
}

TEST_CASE("attributes come back, long ones from a dataset") {
  const Temporary folder;
  write_sample(folder / "sample.h5");
  const Reader reader(folder / "sample.h5", "attune-sample", 3);
  CHECK(reader.text_attribute("title") == "Käfer 甲虫");
  CHECK(reader.text_attribute("nothing") == "");
  CHECK(reader.text_attribute(kLong) == std::string(100000, 'x') + "y");
  CHECK(reader.attribute_is_text(kLong));
  CHECK(reader.integer_attribute("number") == -42);
  CHECK(reader.text_attribute("format") == "attune-sample");
  CHECK(reader.integer_attribute("format_version") == 3);
  CHECK(reader.has_attribute(kLong));
  CHECK_FALSE(reader.has_attribute("absent"));
  CHECK_THROWS_AS(reader.text_attribute("number"), Error);
  CHECK_THROWS_AS(reader.integer_attribute("title"), Error);
  CHECK_THROWS_AS(reader.integer_attribute("absent"), Error);
  const FileKind kind = identify(folder / "sample.h5");
  CHECK(kind.kind == "attune-sample");
  CHECK(kind.version == 3);
}

TEST_CASE("rows of the first axis are a slice of the whole") {
  const Temporary folder;
  write_sample(folder / "sample.h5");
  const Reader reader(folder / "sample.h5", "attune-sample", 3);
  const std::vector<float> whole = ramp(600000);
  CHECK(reader.read_rows<float>("/values", 1, 3) ==
        std::vector<float>(whole.begin() + 200000, whole.end()));
  CHECK(reader.read_rows<float>("/values", 2, 2).empty());
  CHECK(reader.read_rows<std::string>("/names", 1, 2) == std::vector<std::string>{"ä"});
  CHECK_THROWS_AS(reader.read_rows<float>("/values", 2, 4), Error);
  CHECK_THROWS_AS(reader.read_rows<float>("/values", 2, 1), Error);
  CHECK_THROWS_AS(reader.read_rows<double>("/scalar", 0, 1), Error);
}

TEST_CASE("the content hash is over the values as the header of digest.hpp says") {
  const Temporary folder;
  Writer writer(folder / "x.h5", "attune-x", 1);
  const std::vector<std::uint32_t> values = {1, 2, 3};
  writer.write<std::uint32_t>("/x", {3}, values, "note");
  const std::string hash = writer.commit();
  const auto number = [](std::uint64_t value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);
  };
  const auto field = [&](const std::string& text) { return number(text.size()) + text; };
  const std::string data(reinterpret_cast<const char*>(values.data()), 12);
  const std::string digest = sha256(field("uint32") + number(1) + number(3) + field("note") + data);
  CHECK(hash == sha256(field("attribute") + field("format") + field("text") + field("attune-x") +
                       field("attribute") + field("format_version") + field("int64") + number(1) +
                       field("dataset") + field("/x") + field(digest)));
}

TEST_CASE("equal content gives equal bytes, in any order of attributes and at any time") {
  const Temporary folder;
  write_sample(folder / "one.h5");
  struct timespec pause {
    1, 100'000'000
  };
  nanosleep(&pause, nullptr);
  write_sample(folder / "two.h5");
  CHECK(bytes_of(folder / "one.h5") == bytes_of(folder / "two.h5"));
}

TEST_CASE("the hash tells apart type, shape, name, note and attributes") {
  const Temporary folder;
  std::vector<std::string> hashes;
  const auto write = [&](const std::string& name, const Dims& dims, auto values,
                         const std::string& note, const std::string& title) {
    Writer writer(folder / "x.h5", "attune-x", 1);
    using T = typename decltype(values)::value_type;
    writer.write<T>(name, dims, values, note);
    writer.attribute("title", title);
    hashes.push_back(writer.commit());
  };
  const std::vector<float> zeros(4);
  write("/x", {4}, zeros, "", "");
  write("/x", {2, 2}, zeros, "", "");
  write("/y", {4}, zeros, "", "");
  write("/x", {4}, std::vector<std::uint32_t>(4), "", "");
  write("/x", {4}, zeros, "note", "");
  write("/x", {4}, zeros, "", "title");
  write("/x", {2}, std::vector<std::string>{"ab", "c"}, "", "");
  write("/x", {2}, std::vector<std::string>{"a", "bc"}, "", "");
  std::sort(hashes.begin(), hashes.end());
  CHECK(std::unique(hashes.begin(), hashes.end()) == hashes.end());
}

TEST_CASE("a wrong kind, version, type or name is one clear line") {
  const Temporary folder;
  const std::string path = folder / "sample.h5";
  write_sample(path);
  CHECK(message_of(path, "attune-pool", 1) ==
        path + ": want attune-pool version 1, have attune-sample version 3");
  CHECK(message_of(path, "attune-sample", 4) ==
        path + ": want attune-sample version 4, have attune-sample version 3");
  CHECK(Reader(path, "attune-sample", 1, 3).version() == 3);
  CHECK(Reader(path, "attune-sample", 3, 4).version() == 3);
  CHECK_THROWS_WITH_AS(
      Reader(path, "attune-sample", 1, 2),
      (path + ": want attune-sample version 1 to 2, have attune-sample version 3").c_str(), Error);
  CHECK_THROWS_AS(Reader(path, "attune-sample", 4, 5), Error);
  const Reader reader(path, "attune-sample", 3);
  CHECK_THROWS_WITH_AS(reader.read<std::uint8_t>("/values"),
                       (path + ": /values: want uint8, have float32 (3,200000)").c_str(), Error);
  CHECK_THROWS_WITH_AS(reader.dims("/nowhere"),
                       (path + ": /nowhere: want a dataset, have none of that name").c_str(),
                       Error);
}

TEST_CASE("what is no HDF5 file is refused without waiting") {
  const Temporary folder;
  const auto have = [&](const std::string& path) {
    const std::string message = message_of(path);
    CHECK_THROWS_AS(identify(path), Error);
    const std::string prefix = path + ": want an HDF5 file, have ";
    return contains(message, prefix) ? message.substr(prefix.size()) : message;
  };
  boost::filesystem::create_directory(folder / "folder");
  CHECK(have(folder / "folder") == "a folder");
  mkfifo((folder / "pipe").c_str(), 0600);
  CHECK(have(folder / "pipe") == "something that is no regular file");
  CHECK(have("/dev/zero") == "something that is no regular file");
  CHECK(have(folder / "absent") == "No such file or directory");
  put_bytes(folder / "empty.h5", "");
  CHECK(have(folder / "empty.h5") == "an empty file");
  put_bytes(folder / "text.h5", std::string(5000, 'a'));
  CHECK(have(folder / "text.h5") == "another format");
  put_bytes(folder / "signature.h5", "\211HDF\r\n\032\n");
  CHECK(contains(have(folder / "signature.h5"), "want an undamaged HDF5 file, have the beginning"));
}

TEST_CASE("nothing appears before commit, and the old file stays") {
  const Temporary folder;
  const std::string path = folder / "x.h5";
  put_bytes(path, "old");
  {
    Writer writer(path, "attune-x", 1);
    writer.write<float>("/x", {4}, std::vector<float>(4), "");
    CHECK(bytes_of(path) == "old");
  }
  CHECK(bytes_of(path) == "old");
  CHECK(std::distance(boost::filesystem::directory_iterator(folder / "."),
                      boost::filesystem::directory_iterator()) == 1);
}

TEST_CASE("what can't be written is refused") {
  const Temporary folder;
  CHECK_THROWS_AS(Writer("-", "attune-x", 1), UsageError);
  CHECK_THROWS_AS(Writer(folder / "absent/x.h5", "attune-x", 1), Error);
  Writer writer(folder / "x.h5", "attune-x", 1);
  const std::vector<float> four(4);
  const std::vector<std::string> zero = {std::string("a\0b", 3)}, latin = {"\xe4"};
  CHECK_THROWS_AS(writer.write<float>("/x", {5}, four, ""), Error);
  CHECK_THROWS_AS(writer.write<float>("/x", {1ull << 33, 1ull << 33}, four, ""), Error);
  CHECK_THROWS_AS(writer.write<float>("x", {4}, four, ""), Error);
  CHECK_THROWS_AS(writer.write<float>("/x/", {4}, four, ""), Error);
  CHECK_THROWS_AS(writer.write<std::string>("/x", {1}, zero, ""), Error);
  CHECK_THROWS_AS(writer.write<std::string>("/x", {1}, latin, ""), Error);
  writer.write<float>("/x", {4}, four, "");
  CHECK_THROWS_AS(writer.write<float>("/x", {4}, four, ""), Error);
  CHECK_THROWS_AS(writer.write<float>("/x/y", {4}, four, ""), Error);
  writer.attribute("a", "b");
  CHECK_THROWS_AS(writer.attribute("a", "c"), Error);
}

TEST_CASE("what a Reader would refuse is not written, and says why") {
  const Temporary folder;
  const std::string path = folder / "x.h5";
  const std::vector<std::uint8_t> zeros(100 << 20), four(4);
  {
    Writer writer(path, "attune-x", 1);
    writer.write<std::uint8_t>("/x", {100 << 20}, zeros, "");
    CHECK_THROWS_WITH_AS(writer.commit(), doctest::Contains("bytes of data in a file of"), Error);
  }
  CHECK_FALSE(boost::filesystem::exists(path));
  Writer writer(path, "attune-x", 1);
  const auto write = [&](const std::string& name, const std::string& note) {
    writer.write<std::uint8_t>(name, {4}, four, note);
  };
  CHECK_THROWS_WITH_AS(write("/1/2/3/4/5/6/7/8/9/x", ""), doctest::Contains("at most 8 groups"),
                       Error);
  write("/1/2/3/4/5/6/7/8/x", std::string(32768, 'n'));
  CHECK_THROWS_WITH_AS(write("/" + std::string(1024, 'n'), ""),
                       doctest::Contains("want a name of at most 1024 bytes"), Error);
  write("/" + std::string(1023, 'n'), "");
  CHECK_THROWS_WITH_AS(write("/y", std::string(32769, 'n')), doctest::Contains("want a note of"),
                       Error);
  for (int i = 0; i < 996; ++i) writer.attribute(std::to_string(i), std::int64_t{i});
  writer.commit();
  CHECK(Reader(path, "attune-x", 1).names().size() == 2);
}

TEST_CASE("a file of too many attributes or datasets is not written") {
  const Temporary folder;
  Writer crowded(folder / "x.h5", "attune-x", 1);
  for (int i = 0; i < 998; ++i) crowded.attribute(std::to_string(i), std::int64_t{i});
  CHECK_THROWS_WITH_AS(crowded.commit(), doctest::Contains("at most 1000 attributes"), Error);
  Writer full(folder / "y.h5", "attune-y", 1);
  const std::vector<std::uint8_t> none;
  for (int i = 0; i < 10'001; ++i) full.write<std::uint8_t>("/" + std::to_string(i), {0}, none, "");
  CHECK_THROWS_WITH_AS(full.commit(), doctest::Contains("at most 10000 groups and datasets"),
                       Error);
}

namespace {

// No file of this process can grow beyond `bytes` while this lives: writes fail with EFBIG.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, handler_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  void (*handler_)(int);
  rlimit old_{};
};

}  // namespace

TEST_CASE("a disk that fills up is an error and leaves nothing behind") {
  const Temporary folder;
  write_sample(folder / "whole.h5");
  const rlim_t whole = boost::filesystem::file_size(folder / "whole.h5");
  for (const rlim_t bytes : {rlim_t{0}, rlim_t{100}, whole / 10, whole / 2, whole - 1}) {
    const SmallDisk disk(bytes);
    CHECK_THROWS_WITH_AS(write_sample(folder / "x.h5"), doctest::Contains("File too large"), Error);
  }
  CHECK_FALSE(boost::filesystem::exists(folder / "x.h5"));
  CHECK(std::distance(boost::filesystem::directory_iterator(folder / "."),
                      boost::filesystem::directory_iterator()) == 1);  // whole.h5
  write_sample(folder / "x.h5");  // the library is still in order
  CHECK(message_of(folder / "x.h5") == "no error");
}

TEST_CASE("a file that could not be written is noticed though the disk has room again later") {
  const Temporary folder;
  Writer writer(folder / "x.h5", "attune-x", 1);
  const std::vector<float> values = ramp(1000);
  {
    const SmallDisk disk(0);
    writer.write<float>("/x", {1000}, values, "");  // in memory
    CHECK_THROWS_WITH_AS(writer.commit(), doctest::Contains("can't write: File too"), Error);
  }
  CHECK_THROWS_AS(writer.commit(), Error);
  CHECK_FALSE(boost::filesystem::exists(folder / "x.h5"));
}
