#include "dataset/twins.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>

#include "base/hash.hpp"
#include "base/splits.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"
#include "metric/code_points.hpp"

namespace attune {
namespace {

constexpr std::size_t kNamed = 2;     // twins that a line names
constexpr std::size_t kLetters = 40;  // of a text that is shown
constexpr std::uint64_t kShare = 10;  // of a language: a tenth of its pairs
constexpr std::size_t kSplits = 3;

using TwinRows = std::vector<std::uint32_t>;

// A digest of an example, too long to be forged or to be equal by chance, and its row.
struct Print {
  std::array<std::uint64_t, 2> digest;
  std::uint32_t row;
  bool operator<(const Print& other) const {
    return digest != other.digest ? digest < other.digest : row < other.row;
  }
};

Print print_of(Sha256& sum, std::uint32_t row) {
  constexpr std::size_t kDigits = 16;
  const std::string hex = sum.hex();
  Print print{{}, row};
  for (std::size_t i = 0; i < print.digest.size(); ++i)
    std::from_chars(hex.data() + i * kDigits, hex.data() + (i + 1) * kDigits, print.digest[i], 16);
  return print;
}

// Calls `take` for the rows, ascending, of each set of two or more equal examples, in the order of
// their first rows.
void for_each_twins(std::vector<Print>& prints, const std::function<void(const TwinRows&)>& take) {
  std::sort(prints.begin(), prints.end());
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (std::size_t begin = 0, end = 0; begin < prints.size(); begin = end) {
    while (end < prints.size() && prints[end].digest == prints[begin].digest) ++end;
    if (end - begin > 1) runs.emplace_back(begin, end);
  }
  std::ranges::sort(runs, {}, [&](const auto& run) { return prints[run.first].row; });
  TwinRows rows;
  for (const auto& [begin, end] : runs) {
    rows.clear();
    for (std::size_t i = begin; i < end; ++i) rows.push_back(prints[i].row);
    take(rows);
  }
}

std::vector<Print> prints_of(const Pool& pool) {
  std::vector<Print> prints;
  prints.reserve(pool.examples());
  const std::size_t size = pool.example_size();
  std::vector<float> values(pool.features.empty() ? 0 : size);
  for (std::size_t i = 0; i < pool.examples(); ++i) {
    Sha256 sum;
    if (pool.is_text()) {
      const Tokens& tokens = pool.tokens;
      const std::size_t begin = tokens.begin[i], count = tokens.begin[i + 1] - begin;
      sum.add(tokens.token.data() + begin, count * sizeof(std::uint32_t));
      if (!tokens.mark.empty()) sum.add(tokens.mark.data() + begin, count);
    } else if (!pool.pixels.empty()) {
      sum.add(pool.pixels.data() + i * size, size);
    } else {
      // -0 and 0 are one number.
      for (std::size_t d = 0; d < size; ++d) values[d] = pool.features[i * size + d] + 0.0F;
      sum.add(values.data(), size * sizeof(float));
    }
    prints.push_back(print_of(sum, static_cast<std::uint32_t>(i)));
  }
  return prints;
}

// So many, and the first few by name.
struct Count {
  std::size_t number = 0;
  std::vector<std::string> names;
  bool more = false;  // than are named
  void add(const std::function<std::string()>& name, std::size_t times = 1) {
    number += times;
    if (names.size() == kNamed)
      more = true;
    else
      names.push_back(name());
  }
  // "12 of 60 <what>, e.g. a, b, …"
  std::string line(std::size_t all, const std::string& what) const {
    return std::to_string(number) + " of " + std::to_string(all) + " " + what + ", e.g. " +
           join(names, ", ") + (more ? ", …" : "");
  }
};

// The beginning of a text, in quotes and on one line.
std::string shown(const std::string& text) {
  const std::u32string letters = code_points(class_name(text));
  return '"' + utf8(letters.substr(0, kLetters)) + (letters.size() > kLetters ? "…" : "") + '"';
}

class PoolTwins {
 public:
  explicit PoolTwins(const Pool& pool) : pool_(pool), begin_(pool.class_begin()) {
    for (const std::uint32_t label : pool.y) ++total_[pool.class_split[label]];
    std::vector<Print> prints = prints_of(pool);
    for_each_twins(prints, [this](const TwinRows& rows) {
      count_across(rows);
      count_torn(rows);
      count_alike(rows);
    });
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    if (const std::string line = line_across(); !line.empty()) lines.push_back(line);
    if (torn_.number > 0)
      lines.push_back(torn_.line(pool_.examples(), "examples stand in two classes of one split"));
    if (alike_.number > 0)
      lines.push_back(alike_.line(pool_.classes(), "classes hold one example again and again"));
    return lines;
  }

 private:
  std::uint32_t split_of(std::uint32_t row) const { return pool_.class_split[pool_.y[row]]; }
  std::string twins(std::uint32_t row, std::uint32_t other) const {
    return name(row) + " = " + name(other) +
           (pool_.is_text() ? ' ' + shown(pool_.tokens.text[row]) : "");
  }
  std::string name(std::uint32_t row) const {
    const std::uint32_t label = pool_.y[row];
    return pool_.class_name[label] + " example " + std::to_string(row - begin_[label] + 1);
  }

  void count_across(const TwinRows& rows) {
    std::array<const std::uint32_t*, kSplits> first{};
    for (const std::uint32_t& row : rows)
      if (!first[split_of(row)]) first[split_of(row)] = &row;
    for (const std::uint32_t row : rows)
      for (std::uint32_t earlier = 0; earlier < split_of(row); ++earlier) {
        if (!first[earlier]) continue;
        across_[split_of(row)][earlier].add([&] { return twins(row, *first[earlier]); });
        break;
      }
  }

  void count_torn(const TwinRows& rows) {
    for (std::uint32_t split = 0; split < kSplits; ++split) {
      const auto origin = [&](std::uint32_t row) { return pool_.class_of_origin[pool_.y[row]]; };
      const auto inside = [&](std::uint32_t row) { return split_of(row) == split; };
      const auto first = std::ranges::find_if(rows, inside);
      if (first == rows.end()) continue;
      const auto other = std::ranges::find_if(
          rows, [&](std::uint32_t row) { return inside(row) && origin(row) != origin(*first); });
      if (other == rows.end()) continue;
      torn_.add([&] { return twins(*other, *first); },
                static_cast<std::size_t>(std::ranges::count_if(rows, inside)));
    }
  }

  void count_alike(const TwinRows& rows) {
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
      const std::uint32_t label = pool_.y[rows[begin]];
      while (end < rows.size() && pool_.y[rows[end]] == label) ++end;
      if (end - begin > 1 && end - begin == begin_[label + 1] - begin_[label])
        alike_.add([&] { return pool_.class_name[label]; });
    }
  }

  std::string line_across() const {
    std::vector<std::string> parts;
    for (std::size_t split = kSplits; split-- > 0;)
      for (std::size_t earlier = 0; earlier < split; ++earlier)
        if (across_[split][earlier].number > 0)
          parts.push_back(across_[split][earlier].line(
              total_[split],
              split_names()[split] + " examples stand in " + split_names()[earlier] + " too"));
    return join(parts, "; ");
  }

  const Pool& pool_;
  std::vector<std::uint32_t> begin_;
  std::array<std::size_t, kSplits> total_{};                // examples of each split
  std::array<std::array<Count, kSplits>, kSplits> across_;  // by split and earliest other
  Count torn_, alike_;
};

std::vector<Print> prints_of(const PairPool& pool) {
  std::vector<Print> prints;
  prints.reserve(pool.pairs());
  for (std::size_t i = 0; i < pool.pairs(); ++i) {
    Sha256 sum;
    sum.add(&pool.source_of[i], sizeof(std::uint32_t)).add(pool.target[i]);
    prints.push_back(print_of(sum, static_cast<std::uint32_t>(i)));
  }
  return prints;
}

// The pairs of one language that stand in earlier splits too, and the first of them.
struct Borrowed {
  std::uint32_t pairs = 0, first = 0, from = 0;
};

std::vector<Borrowed> borrowed_pairs(const PairPool& pool) {
  std::vector<Borrowed> borrowed(pool.languages());
  std::vector<Print> prints = prints_of(pool);
  const auto split_of = [&](std::uint32_t row) { return pool.language_split[pool.language[row]]; };
  for_each_twins(prints, [&](const TwinRows& rows) {
    const std::uint32_t from = *std::ranges::min_element(rows, {}, split_of);
    for (const std::uint32_t row : rows) {
      Borrowed& language = borrowed[pool.language[row]];
      if (split_of(row) == split_of(from)) continue;
      if (language.pairs++ == 0) language.first = row, language.from = from;
    }
  });
  return borrowed;
}

}  // namespace

std::vector<std::string> twin_warnings(const Pool& pool) { return PoolTwins(pool).lines(); }

std::vector<std::string> twin_warnings(const PairPool& pool) {
  const std::vector<Borrowed> borrowed = borrowed_pairs(pool);
  const std::vector<std::uint32_t> begin = pool.language_begin();
  const auto name = [&](std::uint32_t row) {
    const std::uint32_t language = pool.language[row];
    return pool.language_name[language] + " pair " + std::to_string(row - begin[language] + 1);
  };
  std::array<std::size_t, kSplits> total{};
  std::array<Count, kSplits> counts;
  for (std::uint32_t l = 0; l < pool.languages(); ++l) {
    const std::uint32_t pairs = begin[l + 1] - begin[l];
    ++total[pool.language_split[l]];
    if (borrowed[l].pairs == 0 || kShare * borrowed[l].pairs < pairs) continue;
    counts[pool.language_split[l]].add([&] {
      return pool.language_name[l] + " " + std::to_string(borrowed[l].pairs) + " of " +
             std::to_string(pairs) + " (" + name(borrowed[l].first) + " = " +
             name(borrowed[l].from) + ")";
    });
  }
  std::vector<std::string> parts;
  for (std::size_t split = kSplits; split-- > 1;)
    if (counts[split].number > 0)
      parts.push_back(counts[split].line(
          total[split], split_names()[split] +
                            " languages have a tenth of their pairs or more in " +
                            (split == 2 && total[1] > 0 ? "train or val" : "train") + " too"));
  return parts.empty() ? parts : std::vector<std::string>{join(parts, "; ")};
}

}  // namespace attune
