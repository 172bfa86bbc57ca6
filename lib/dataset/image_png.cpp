#include <cstring>

#include "base/error.hpp"
#include "base/png_errors.hpp"
#include "dataset/image_formats.hpp"

namespace attune {
namespace {

// All that must outlive a longjmp out of libpng.
struct PngJob : PngErrors {
  std::span<const std::uint8_t> bytes;
  std::size_t at = 0;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::uint32_t width = 0, height = 0, samples = 0;  // samples: per pixel, 1 to 4
  std::vector<std::uint8_t> pixels;                  // (Y,X,samples)
  std::vector<png_bytep> rows;

  ~PngJob() { png_destroy_read_struct(&png, &info, nullptr); }
};

void on_read(png_structp png, png_bytep to, std::size_t count) {
  auto* job = static_cast<PngJob*>(png_get_io_ptr(png));
  if (count > job->bytes.size() - job->at) png_error(png, "truncated");
  std::memcpy(to, job->bytes.data() + job->at, count);
  job->at += count;
}

void configure(PngJob& job) {
  png_set_read_fn(job.png, &job, on_read);
  png_set_user_limits(job.png, 1u << 20, 1u << 20);
  png_set_chunk_cache_max(job.png, 16);
  png_set_chunk_malloc_max(job.png, 1u << 20);
  // Text, colour profiles and the like are passed over: never decompressed, no gamma applied.
  png_set_keep_unknown_chunks(job.png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_set_crc_action(job.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors(job.png, 0);
}

void read_header(PngJob& job) {
  png_read_info(job.png, job.info);
  job.width = png_get_image_width(job.png, job.info);
  job.height = png_get_image_height(job.png, job.info);
  if (std::uint64_t{job.width} * job.height > kMaxPixels) png_error(job.png, "more than 64 Mpixel");
  png_set_expand(job.png);    // palette, 1, 2 and 4 bits, transparent colour
  png_set_scale_16(job.png);  // rounded
  png_set_interlace_handling(job.png);
  png_read_update_info(job.png, job.info);
  job.samples = png_get_channels(job.png, job.info);
}

// False after a libpng error; no objects with destructors here, longjmp would skip them.
bool run(PngJob& job) {
  if (setjmp(job.give_up)) return false;
  job.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, static_cast<PngErrors*>(&job),
                                   PngErrors::on_error, PngErrors::on_warning);
  if (!job.png) return false;
  job.info = png_create_info_struct(job.png);
  if (!job.info) return false;
  configure(job);
  read_header(job);
  const std::size_t stride = std::size_t{job.width} * job.samples;
  job.pixels.resize(stride * job.height);
  job.rows.resize(job.height);
  for (std::size_t y = 0; y < job.height; ++y) job.rows[y] = job.pixels.data() + y * stride;
  png_read_image(job.png, job.rows.data());
  png_read_end(job.png, nullptr);
  return true;
}

// (Y,X,samples) → (C,Y,X), transparency over white.
Image planes(const PngJob& job) {
  const bool alpha = job.samples == 2 || job.samples == 4;
  Image image{job.samples < 3 ? 1u : 3u, job.height, job.width, {}};
  const std::size_t plane = std::size_t{job.height} * job.width;
  image.pixels.resize(image.channels * plane);
  for (std::size_t i = 0; i < plane; ++i) {
    const std::uint8_t* pixel = job.pixels.data() + i * job.samples;
    const unsigned opaque = alpha ? pixel[image.channels] : 255u;
    for (std::size_t c = 0; c < image.channels; ++c)
      image.pixels[c * plane + i] =
          static_cast<std::uint8_t>((pixel[c] * opaque + 255 * (255 - opaque) + 127) / 255);
  }
  return image;
}

}  // namespace

Image decode_png(std::span<const std::uint8_t> bytes, const std::string& origin) {
  PngJob job;
  job.bytes = bytes;
  if (!run(job)) throw Error(origin + ": PNG: " + (job.problem.empty() ? "failed" : job.problem));
  return planes(job);
}

}  // namespace attune
