#pragma once
// Raw data for the tests: small archives, PNG and JPEG files, made by the libraries' own writers.
#include <archive.h>
#include <archive_entry.h>
#include <png.h>

#include <boost/filesystem.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs <cstdio> before it.
#include <jpeglib.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace attune::testing {

using Bytes = std::vector<std::uint8_t>;

// A fresh folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(boost::filesystem::temp_directory_path() /
              boost::filesystem::unique_path("attune-%%%%%%%%%%")) {
    boost::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { boost::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  boost::filesystem::path path_;
};

inline void put(const std::string& path, const Bytes& bytes) {
  boost::filesystem::create_directories(boost::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}
inline void put(const std::string& path, const std::string& text) {
  put(path, Bytes(text.begin(), text.end()));
}
inline Bytes get(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

struct Member {
  std::string name;
  Bytes bytes;
  unsigned type = AE_IFREG;
  std::string target;  // of a link; "hard:" before it makes a hard link
};

// format: "zip", "ustar", "pax"; filter: "none", "gzip", "xz", "zstd", "bzip2"; options as
// archive_write_set_options takes them; a password encrypts.
inline void make_archive(const std::string& path, const std::vector<Member>& members,
                         const std::string& format = "zip", const std::string& filter = "none",
                         const std::string& options = "", const std::string& password = "") {
  archive* a = archive_write_new();
  archive_write_set_format_by_name(a, format.c_str());
  if (filter != "none") archive_write_add_filter_by_name(a, filter.c_str());
  if (!password.empty()) archive_write_set_passphrase(a, password.c_str());
  if (!options.empty() && archive_write_set_options(a, options.c_str()) != ARCHIVE_OK)
    throw std::runtime_error(archive_error_string(a));
  archive_write_open_filename(a, path.c_str());
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname_utf8(entry, member.name.c_str());
    archive_entry_copy_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
    if (member.target.starts_with("hard:"))
      archive_entry_set_hardlink(entry, member.target.c_str() + 5);
    else if (!member.target.empty())
      archive_entry_set_symlink(entry, member.target.c_str());
    if (archive_write_header(a, entry) < ARCHIVE_WARN)
      throw std::runtime_error(archive_error_string(a));
    if (!member.bytes.empty()) archive_write_data(a, member.bytes.data(), member.bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
}

struct PngLook {
  int colour = PNG_COLOR_TYPE_GRAY, depth = 8;
  bool interlaced = false;
  std::vector<png_color> palette;
  std::vector<std::uint8_t> palette_alpha;
  int transparent_grey = -1;  // tRNS of a grey image
};

// `packed`: the rows as they stand in the file (big-endian samples, packed bits).
inline Bytes make_png(std::uint32_t width, std::uint32_t height, const Bytes& packed,
                      const PngLook& look = {}) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  Bytes out;
  png_set_write_fn(
      png, &out,
      [](png_structp p, png_bytep data, std::size_t count) {
        auto* to = static_cast<Bytes*>(png_get_io_ptr(p));
        to->insert(to->end(), data, data + count);
      },
      nullptr);
  png_set_IHDR(png, info, width, height, look.depth, look.colour,
               look.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!look.palette.empty())
    png_set_PLTE(png, info, look.palette.data(), static_cast<int>(look.palette.size()));
  if (!look.palette_alpha.empty())
    png_set_tRNS(png, info, look.palette_alpha.data(), static_cast<int>(look.palette_alpha.size()),
                 nullptr);
  if (look.transparent_grey >= 0) {
    png_color_16 value{};
    value.gray = static_cast<png_uint_16>(look.transparent_grey);
    png_set_tRNS(png, info, nullptr, 0, &value);
  }
  png_write_info(png, info);
  const std::size_t stride = png_get_rowbytes(png, info);
  if (packed.size() != stride * height) throw std::runtime_error("make_png: wrong size");
  std::vector<png_bytep> rows;
  Bytes copy = packed;
  for (std::size_t y = 0; y < height; ++y) rows.push_back(copy.data() + y * stride);
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

// rows: (Y,X,samples); samples 1 or 3.
inline Bytes make_jpeg(std::uint32_t width, std::uint32_t height, int samples, const Bytes& rows,
                       bool progressive = false) {
  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = samples;
  jpeg.in_color_space = samples == 1 ? JCS_GRAYSCALE : samples == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 95, TRUE);
  if (progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  Bytes copy = rows;
  for (std::size_t y = 0; y < height; ++y) {
    JSAMPROW row = copy.data() + y * width * static_cast<std::size_t>(samples);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  Bytes out(memory, memory + size);
  jpeg_destroy_compress(&jpeg);
  std::free(memory);
  return out;
}

// Message of the Error that `call` throws; "" when it throws none.
template <typename Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace attune::testing
