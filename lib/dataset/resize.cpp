#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/error.hpp"
#include "dataset/image.hpp"

namespace attune {
namespace {

// What one output row or column takes from the input: weight[i] of line begin+i, over `total`.
struct Taps {
  std::uint32_t begin = 0;
  std::vector<std::uint64_t> weight;
};
struct Axis {
  std::vector<Taps> taps;  // one for each output line
  std::uint64_t total = 1;
};

// In units of 1/out of an input line: input line i covers [i·out, (i+1)·out), output line j covers
// [j·in, (j+1)·in); the weight is the overlap.
Axis box_axis(std::uint32_t in, std::uint32_t out) {
  Axis axis{std::vector<Taps>(out), in};
  for (std::uint64_t j = 0; j < out; ++j) {
    const std::uint64_t low = j * in, high = low + in;
    axis.taps[j].begin = static_cast<std::uint32_t>(low / out);
    for (std::uint64_t i = low / out; i * out < high; ++i)
      axis.taps[j].weight.push_back(std::min((i + 1) * out, high) - std::max(i * out, low));
  }
  return axis;
}

// Centres of output lines lie at ((2j+1)·in − out) / (2·out) in input lines; the edge is repeated.
Axis linear_axis(std::uint32_t in, std::uint32_t out) {
  const std::int64_t unit = 2 * static_cast<std::int64_t>(out);
  Axis axis{std::vector<Taps>(out), static_cast<std::uint64_t>(unit)};
  const std::int64_t last = static_cast<std::int64_t>(in) - 1;
  for (std::int64_t j = 0; j < out; ++j) {
    const std::int64_t position =
        std::min(std::max<std::int64_t>((2 * j + 1) * in - out, 0), last * unit);
    const std::int64_t line = std::min(position / unit, std::max<std::int64_t>(last - 1, 0));
    const std::int64_t part = position - line * unit;
    Taps& taps = axis.taps[static_cast<std::size_t>(j)];
    taps.begin = static_cast<std::uint32_t>(line);
    taps.weight.push_back(static_cast<std::uint64_t>(unit - part));
    if (part > 0) taps.weight.push_back(static_cast<std::uint64_t>(part));
  }
  return axis;
}

Axis make_axis(std::uint32_t in, std::uint32_t out) {
  return out <= in ? box_axis(in, out) : linear_axis(in, out);
}

}  // namespace

Image resize(const Image& image, std::uint32_t height, std::uint32_t width) {
  if (image.pixels.empty() || height == 0 || width == 0)
    throw Error("image to resize: want at least 1 pixel before and after, have none");
  const Axis down = make_axis(image.height, height), across = make_axis(image.width, width);
  const std::uint64_t total = down.total * across.total;
  Image out{image.channels, height, width, {}};
  out.pixels.reserve(std::size_t{image.channels} * height * width);
  std::vector<std::uint64_t> row(image.width);
  for (std::size_t c = 0; c < image.channels; ++c) {
    const std::uint8_t* plane = image.pixels.data() + c * image.height * image.width;
    for (const Taps& rows : down.taps) {
      row.assign(image.width, 0);
      for (std::size_t i = 0; i < rows.weight.size(); ++i) {
        const std::uint8_t* line = plane + (rows.begin + i) * image.width;
        for (std::size_t x = 0; x < image.width; ++x) row[x] += rows.weight[i] * line[x];
      }
      for (const Taps& columns : across.taps) {
        std::uint64_t sum = total / 2;  // rounds to nearest
        for (std::size_t i = 0; i < columns.weight.size(); ++i)
          sum += columns.weight[i] * row[columns.begin + i];
        out.pixels.push_back(static_cast<std::uint8_t>(sum / total));
      }
    }
  }
  return out;
}

}  // namespace attune
