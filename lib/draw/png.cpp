#include "base/error.hpp"
#include "base/png_errors.hpp"
#include "draw/drawing.hpp"

namespace attune {
namespace {

// All that must outlive a longjmp out of libpng.
struct PngJob : PngErrors {
  const std::uint8_t* samples;
  std::size_t rows, columns, channels;
  std::string bytes;
  png_structp png = nullptr;
  png_infop info = nullptr;

  ~PngJob() { png_destroy_write_struct(&png, &info); }
};

void on_write(png_structp png, png_bytep from, std::size_t count) {
  static_cast<PngJob*>(png_get_io_ptr(png))->bytes.append(reinterpret_cast<char*>(from), count);
}

void on_flush(png_structp) {}

// False after a libpng error; no objects with destructors here, longjmp would skip them.
bool run(PngJob& job) {
  if (setjmp(job.give_up)) return false;
  job.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, static_cast<PngErrors*>(&job),
                                    PngErrors::on_error, PngErrors::on_warning);
  if (!job.png) return false;
  job.info = png_create_info_struct(job.png);
  if (!job.info) return false;
  png_set_write_fn(job.png, &job, on_write, on_flush);
  png_set_IHDR(job.png, job.info, static_cast<png_uint_32>(job.columns),
               static_cast<png_uint_32>(job.rows), 8,
               job.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(job.png, 9);
  png_write_info(job.png, job.info);
  for (std::size_t y = 0; y < job.rows; ++y)
    png_write_row(job.png, job.samples + y * job.columns * job.channels);
  png_write_end(job.png, nullptr);
  return true;
}

}  // namespace

std::string encode_png(const std::uint8_t* samples, std::size_t rows, std::size_t columns,
                       std::size_t channels) {
  if (channels != 1 && channels != 3)
    throw Error("PNG: want 1 or 3 channels, have " + std::to_string(channels));
  PngJob job{};
  job.samples = samples;
  job.rows = rows;
  job.columns = columns;
  job.channels = channels;
  if (!run(job)) throw Error(job.text());
  return job.bytes;
}

}  // namespace attune
