#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/file.hpp"

namespace attune {

namespace {

constexpr int kGzipWindow = 15 + 16;  // 32 KiB window, gzip wrapper
constexpr std::size_t kStep = std::size_t{1} << 16U;

Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib reads, never writes
}

struct Inflater {
  z_stream stream{};
  Inflater() {
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw Error("gzip: out of memory");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
};

struct Deflater {
  z_stream stream{};
  Deflater() {
    constexpr int kMemoryLevel = 8;
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw Error("gzip: out of memory");
    }
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream); }
};

uInt input_size(std::string_view bytes, const std::string& origin) {
  if (bytes.size() > std::numeric_limits<uInt>::max()) {
    throw Error(origin + ": gzip: want less than 4 GiB, have " + std::to_string(bytes.size()));
  }
  return static_cast<uInt>(bytes.size());
}

}  // namespace

std::string gunzip(std::string_view bytes, const std::string& origin, std::size_t limit) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  stream.next_in = bytes_of(bytes);
  stream.avail_in = input_size(bytes, origin);
  std::string text;
  std::string step(kStep, '\0');
  int state = Z_OK;
  do {
    if (state == Z_STREAM_END) inflateReset(&stream);  // a file may be several, joined by cat
    stream.next_out = bytes_of(step);
    stream.avail_out = static_cast<uInt>(step.size());
    state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) {
      throw Error(origin + ": gzip: want whole compressed data, have " +
                  (state == Z_BUF_ERROR ? "a truncated file" : "damaged data"));
    }
    text.append(step, 0, step.size() - stream.avail_out);
    if (text.size() > limit) {
      throw Error(origin + ": gzip: want at most " + std::to_string(limit) +
                  " bytes after decompression, have more");
    }
  } while (state != Z_STREAM_END || stream.avail_in > 0);
  return text;
}

std::string gzip(std::string_view bytes) {
  Deflater deflater;
  z_stream& stream = deflater.stream;
  stream.next_in = bytes_of(bytes);
  stream.avail_in = input_size(bytes, "output");
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_out = bytes_of(packed);
  stream.avail_out = input_size(packed, "output");
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw Error("gzip: compression failed");
  packed.resize(packed.size() - stream.avail_out);
  return packed;
}

}  // namespace attune
