// PNG and JPEG: what is decoded has as many pixels as it says, and can be worked on.
#include "dataset/image.hpp"

#include "base/error.hpp"
#include "memory_file.hpp"

using namespace attune;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const Image image = decode_image({data, size}, "input");
    require(image.channels == 1 || image.channels == 3);
    require(image.pixels.size() == std::size_t{image.channels} * image.height * image.width);
    if (image.pixels.size() > std::size_t{1} << 16U) return 0;
    const Image small = resize(to_grey(image), 28, 28);
    require(small.pixels.size() == 28 * 28);
  } catch (const Error&) {
  }
  return 0;
}
