#include "dataset/glyph_alike.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace attune {
namespace {

constexpr std::uint32_t kSide = kCompareSide, kWide = kSide + 2;
constexpr std::uint32_t kBlock = 4, kBlocks = kSide / kBlock;
constexpr std::uint8_t kInk = 64;        // pixels below are an outline's faint rim
constexpr double kProportionGap = 0.25;  // of the longer side
constexpr double kCoarseSlack = 3;       // a shift of one pixel moves ink between blocks

// A picture made ready for many comparisons. Integers throughout: the same result everywhere.
struct Smooth {
  std::array<std::int16_t, kWide * kWide> pixels{};  // a border of one empty pixel on every side
  std::int64_t energy = 0;                           // sum of squares
  std::array<std::int32_t, 52> coarse{};  // sums of the 7 × 7 blocks, padded for vector loops
  std::int64_t coarse_energy = 0;
};

Smooth smooth(const GlyphPixels& pixels) {
  const auto at = [&](std::uint32_t y, std::uint32_t x) -> std::int32_t {
    return y < 1 || x < 1 || y > kSide || x > kSide ? 0 : pixels[(y - 1) * kSide + x - 1];
  };
  Smooth result;
  for (std::uint32_t y = 1; y <= kSide; ++y) {
    for (std::uint32_t x = 1; x <= kSide; ++x) {
      const std::int32_t sum =
          4 * at(y, x) + 2 * (at(y - 1, x) + at(y + 1, x) + at(y, x - 1) + at(y, x + 1)) +
          at(y - 1, x - 1) + at(y - 1, x + 1) + at(y + 1, x - 1) + at(y + 1, x + 1);
      const std::int32_t value = (sum + 8) / 16;
      result.pixels[y * kWide + x] = static_cast<std::int16_t>(value);
      result.energy += value * value;
      result.coarse[(y - 1) / kBlock * kBlocks + (x - 1) / kBlock] += value;
    }
  }
  for (const std::int64_t value : result.coarse) result.coarse_energy += value * value;
  return result;
}

double coarse_distance(const Smooth& a, const Smooth& b) {
  std::int32_t sum = 0;  // at most 49 · (16 · 255)² < 2³¹
  for (std::size_t i = 0; i < a.coarse.size(); ++i) {
    const std::int32_t gap = a.coarse[i] - b.coarse[i];
    sum += gap * gap;
  }
  return sum / static_cast<double>(a.coarse_energy + b.coarse_energy);
}

// The distance where it is below `limit`, else `limit`: a sum is given up once it passes that.
double distance(const Smooth& a, const Smooth& b, double limit) {
  const auto total = static_cast<double>(a.energy + b.energy);
  const auto most = static_cast<std::int64_t>(limit * total);
  std::int64_t best = most;
  for (std::uint32_t dy = 0; dy < 3; ++dy) {
    for (std::uint32_t dx = 0; dx < 3; ++dx) {
      std::int64_t sum = 0;
      for (std::uint32_t y = 1; y <= kSide && sum < best; ++y) {
        const std::int16_t* p = &a.pixels[y * kWide + 1];
        const std::int16_t* q = &b.pixels[(y + dy - 1) * kWide + dx];
        std::int32_t row = 0;
        for (std::uint32_t x = 0; x < kSide; ++x) {
          const std::int32_t gap = p[x] - q[x];
          row += gap * gap;
        }
        sum += row;
      }
      best = std::min(best, sum);
    }
  }
  return best < most ? static_cast<double>(best) / total : limit;
}

// −1 a thin upright bar … 0 a square … 1 a thin level bar.
double proportion(const GlyphPixels& pixels) {
  std::uint32_t left = kSide, right = 0, top = kSide, bottom = 0;
  for (std::uint32_t y = 0; y < kSide; ++y) {
    for (std::uint32_t x = 0; x < kSide; ++x) {
      if (pixels[y * kSide + x] < kInk) continue;
      left = std::min(left, x), right = std::max(right, x);
      top = std::min(top, y), bottom = std::max(bottom, y);
    }
  }
  if (left > right) return 0;
  const double width = right - left + 1, height = bottom - top + 1;
  return (width - height) / std::max(width, height);
}

// Kept pictures by their proportions, so that a new one meets only those near its own.
class Kept {
 public:
  explicit Kept(double threshold) : threshold_(threshold) {}

  bool looks_like_any(const Smooth& picture, double proportion) const {
    const auto end = pictures_.upper_bound(proportion + kProportionGap);
    for (auto it = pictures_.lower_bound(proportion - kProportionGap); it != end; ++it) {
      if (coarse_distance(picture, it->second) < kCoarseSlack * threshold_ &&
          distance(picture, it->second, threshold_) < threshold_) {
        return true;
      }
    }
    return false;
  }
  void add(const Smooth& picture, double proportion) { pictures_.emplace(proportion, picture); }

 private:
  double threshold_;
  std::multimap<double, Smooth> pictures_;
};

}  // namespace

double glyph_distance(const GlyphPixels& a, const GlyphPixels& b) {
  return distance(smooth(a), smooth(b), 1);
}

std::vector<bool> keep_distinct(const std::vector<std::vector<GlyphPicture>>& characters,
                                double threshold) {
  Kept kept(threshold);
  std::vector<bool> keep;
  for (const std::vector<GlyphPicture>& pictures : characters) {
    std::vector<std::pair<Smooth, double>> own;
    for (const GlyphPicture& picture : pictures) {
      own.emplace_back(smooth(picture.pixels), proportion(picture.pixels));
    }
    const bool alike = std::any_of(own.begin(), own.end(), [&](const auto& picture) {
      return kept.looks_like_any(picture.first, picture.second);
    });
    keep.push_back(!alike);
    if (alike) continue;
    for (const auto& [picture, shape] : own) kept.add(picture, shape);
  }
  return keep;
}

void drop_repeated_faces(std::vector<GlyphPicture>& pictures, double threshold) {
  std::vector<Smooth> seen;
  std::erase_if(pictures, [&](const GlyphPicture& picture) {
    const Smooth own = smooth(picture.pixels);
    const bool repeated = std::any_of(seen.begin(), seen.end(), [&](const Smooth& other) {
      return distance(own, other, threshold) < threshold;
    });
    if (!repeated) seen.push_back(own);
    return repeated;
  });
}

}  // namespace attune
