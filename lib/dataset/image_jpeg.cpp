// jpeglib.h needs FILE and size_t from <cstdio> before it.
#include <cstdio>
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <csetjmp>

#include "base/error.hpp"
#include "dataset/image_formats.hpp"

namespace attune {
namespace {

constexpr int kMaxScans = 200;  // a progressive file may ask for the same image again and again

// All that must outlive a longjmp out of libjpeg. `manager` comes first: libjpeg hands its address
// back.
struct JpegJob {
  jpeg_error_mgr manager;
  jpeg_decompress_struct jpeg;
  jpeg_progress_mgr progress;
  std::jmp_buf give_up;
  char problem[JMSG_LENGTH_MAX] = "";
  std::span<const std::uint8_t> bytes;
  std::vector<std::uint8_t> pixels, row;  // (C,Y,X); (X,C)

  JpegJob() { jpeg.err = nullptr; }
  ~JpegJob() {
    if (jpeg.err) jpeg_destroy_decompress(&jpeg);
  }
};

[[noreturn]] void give_up(JpegJob& job, const char* problem) {
  std::snprintf(job.problem, sizeof job.problem, "%s", problem);
  std::longjmp(job.give_up, 1);
}

void on_error(j_common_ptr jpeg) {
  auto* job = static_cast<JpegJob*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, job->problem);
  std::longjmp(job->give_up, 1);
}

// libjpeg only warns of truncated and damaged data, and paints the rest grey.
void on_message(j_common_ptr jpeg, int level) {
  if (level < 0) on_error(jpeg);
}

void on_progress(j_common_ptr jpeg) {
  auto* job = static_cast<JpegJob*>(jpeg->client_data);
  if (job->jpeg.input_scan_number > kMaxScans) give_up(*job, "too many scans");
}

void start(JpegJob& job) {
  job.jpeg.client_data = &job;
  job.progress.progress_monitor = on_progress;
  job.jpeg.progress = &job.progress;
  jpeg_mem_src(&job.jpeg, job.bytes.data(), static_cast<unsigned long>(job.bytes.size()));
  jpeg_read_header(&job.jpeg, TRUE);
  const jpeg_decompress_struct& jpeg = job.jpeg;
  if (std::uint64_t{jpeg.image_width} * jpeg.image_height > kMaxPixels)
    give_up(job, "more than 64 Mpixel");
  // Each block of 8 x 8 takes a bit at least, but for arithmetic coding, which few readers know.
  constexpr std::uint64_t kPixelsOfByte = 1024, kSmall = 1 << 20;
  if (std::uint64_t{jpeg.image_width} * jpeg.image_height >
      kSmall + kPixelsOfByte * job.bytes.size())
    give_up(job, "want as much data as its size takes, have less");
  const bool grey = jpeg.jpeg_color_space == JCS_GRAYSCALE;
  if (!grey && jpeg.jpeg_color_space != JCS_YCbCr && jpeg.jpeg_color_space != JCS_RGB)
    give_up(job, "want grey or RGB colours, have another colour space");
  job.jpeg.out_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
  job.jpeg.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&job.jpeg);
}

// False after a libjpeg error. libjpeg is never called from a frame that holds objects with
// destructors: longjmp would skip them.
bool run(JpegJob& job) {
  jpeg_std_error(&job.manager);
  job.manager.error_exit = on_error;
  job.manager.emit_message = on_message;
  if (setjmp(job.give_up)) return false;
  job.jpeg.client_data = &job;
  job.jpeg.err = &job.manager;
  jpeg_create_decompress(&job.jpeg);
  start(job);
  const auto samples = static_cast<std::size_t>(job.jpeg.output_components);
  const std::size_t width = job.jpeg.output_width, height = job.jpeg.output_height;
  job.pixels.resize(samples * width * height);
  job.row.resize(samples * width);
  for (std::size_t y = 0; y < height; ++y) {
    JSAMPROW row = job.row.data();
    jpeg_read_scanlines(&job.jpeg, &row, 1);
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < samples; ++c)
        job.pixels[(c * height + y) * width + x] = job.row[x * samples + c];
  }
  jpeg_finish_decompress(&job.jpeg);
  return true;
}

}  // namespace

Image decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& origin) {
  JpegJob job;
  job.bytes = bytes;
  if (!run(job)) throw Error(origin + ": JPEG: " + job.problem);
  return {static_cast<std::uint32_t>(job.jpeg.output_components), job.jpeg.output_height,
          job.jpeg.output_width, std::move(job.pixels)};
}

}  // namespace attune
