#include "base/rng.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"

namespace attune {

namespace {

// FNV-1a over the name, then the finaliser of SplitMix64 (Steele et al. 2014), so that short names
// fill all 64 bits.
std::uint64_t stream_key(std::uint64_t parent, std::string_view stream) {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ parent;
  for (const char letter : stream) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  }
  hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31U);
}

}  // namespace

Rng::Counter Rng::philox4x64_10(const Counter& counter, const Key& key) {
  const r123::Philox4x64::ctr_type in{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x64::ctr_type out = r123::Philox4x64()(in, {{key[0], key[1]}});
  return {out[0], out[1], out[2], out[3]};
}

Rng::Rng(std::uint64_t seed, std::string_view stream, std::uint64_t step, std::uint64_t index)
    : key_{seed, stream_key(0, stream)}, counter_{step, index, 0, 0}, block_{} {}

Rng Rng::at(std::uint64_t step, std::uint64_t index) const {
  Rng other = *this;
  other.counter_ = {step, index, 0, 0};
  other.used_ = 4;
  return other;
}

Rng Rng::fork(std::string_view stream) const {
  Rng other = at(counter_[0], counter_[1]);
  other.key_[1] = stream_key(key_[1], stream);
  return other;
}

std::uint64_t Rng::bits() {
  if (used_ == block_.size()) {
    block_ = philox4x64_10(counter_, key_);
    ++counter_[2];
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t Rng::below(std::uint64_t bound) {
  if (bound == 0) throw Error("random number: want an upper bound of at least 1, have 0");
  // Lemire 2019, algorithm 5: the products with a low half under 2^64 mod bound are one too many.
  const std::uint64_t surplus = (0 - bound) % bound;
  for (;;) {
    const auto product = static_cast<unsigned __int128>(bits()) * bound;
    if (static_cast<std::uint64_t>(product) >= surplus) {
      return static_cast<std::uint64_t>(product >> 64U);
    }
  }
}

double Rng::uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }

double Rng::uniform(double low, double high) {
  const double value = low + (high - low) * uniform();
  return value < high ? value : std::nextafter(high, low);  // rounding may reach the open end
}

double Rng::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

bool Rng::bernoulli(double p) { return uniform() < p; }

void Rng::shuffle(std::span<std::uint32_t> items) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[below(i)]);
  }
}

std::vector<std::uint32_t> Rng::choose(std::uint64_t bound, std::size_t count) {
  constexpr std::uint64_t kLargest = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} + 1;
  if (count > bound || bound > kLargest) {
    throw Error("random choice: want at most " + std::to_string(bound) + " of at most " +
                std::to_string(kLargest) + " numbers, have " + std::to_string(count) + " of " +
                std::to_string(bound));
  }
  // The first `count` steps of Fisher–Yates on 0…bound−1; only what was moved is stored.
  std::unordered_map<std::uint64_t, std::uint64_t> moved;
  const auto item = [&moved](std::uint64_t place) {
    const auto found = moved.find(place);
    return found == moved.end() ? place : found->second;
  };
  std::vector<std::uint32_t> chosen(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t place = i + below(bound - i);
    chosen[i] = static_cast<std::uint32_t>(item(place));
    moved[place] = item(i);
  }
  return chosen;
}

}  // namespace attune
