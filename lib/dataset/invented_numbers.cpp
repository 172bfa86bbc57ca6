#include "dataset/invented_numbers.hpp"

#include <array>
#include <set>
#include <string_view>

namespace attune {
namespace {

using Texts = std::array<std::string, 10>;

// Letters of a language, and words of them.
class Sounds {
 public:
  explicit Sounds(Rng& rng)
      : consonants_(some("bcdfghjklmnpqrstvwxz", 6 + rng.below(10), rng)),
        vowels_(some("aeiouy", 2 + rng.below(4), rng)),
        closed_(rng.uniform(0.1, 0.7)),
        open_start_(rng.uniform(0, 0.4)),
        shortest_(1 + rng.below(2)),
        longest_(shortest_ + rng.below(3)) {}

  std::string word(Rng& rng) const {
    return syllables(shortest_ + rng.below(longest_ - shortest_ + 1), rng);
  }
  std::string ending(Rng& rng) const { return syllables(1, rng); }
  bool vowel(char letter) const { return vowels_.find(letter) != std::string::npos; }

 private:
  static std::string some(std::string_view letters, std::size_t count, Rng& rng) {
    std::string result;
    for (const std::uint32_t i : rng.choose(letters.size(), count)) result += letters[i];
    return result;
  }
  static char one(const std::string& letters, Rng& rng) {
    return letters[rng.below(letters.size())];
  }

  std::string syllables(std::size_t count, Rng& rng) const {
    std::string word;
    for (std::size_t s = 0; s < count; ++s) {
      if (s > 0 || !rng.bernoulli(open_start_)) word += one(consonants_, rng);
      word += one(vowels_, rng);
      if (rng.bernoulli(closed_)) word += one(consonants_, rng);
    }
    return word;
  }

  std::string consonants_, vowels_;
  double closed_, open_start_;
  std::size_t shortest_, longest_;
};

class Language {
 public:
  explicit Language(Rng rng) : sounds_(rng) {
    const double base = rng.uniform();
    base_ = base < 0.75 ? Base::ten : base < 0.87 ? Base::twenty : Base::mixed;
    units_first_ = rng.bernoulli(0.2);
    elides_ = rng.bernoulli(0.25);
    between_ = link(rng);
    draw_units(rng);
    ten_ = sounds_.word(rng);
    score_ = sounds_.word(rng);
    draw_tens(rng);
    draw_teens(rng);
    draw_bound(rng);
    hundred_ = sounds_.word(rng);
    hundred_link_ = link(rng);
  }

  std::string name(int n) const {
    if (n >= 100) {
      const std::string hundreds =
          (n < 200 ? "" : unit_.at(digit(n / 100)) + hundred_link_) + hundred_;
      return n % 100 == 0 ? hundreds : hundreds + hundred_link_ + name(n % 100);
    }
    if (n < 10) return unit_[digit(n)];
    if (n == 10) return ten_;
    if (n < 20) return teen_[digit(n - 10)];
    int tens = n / 10, rest = n % 10;
    if (by_twenties(tens)) {
      --tens;
      rest += 10;
    }
    if (rest == 0) return tens_.at(digit(tens));
    return joined(bound_tens_.at(digit(tens)), rest < 10 ? bound_unit_[digit(rest)] : name(rest));
  }

 private:
  enum class Base { ten, twenty, mixed };

  static std::size_t digit(int n) { return static_cast<std::size_t>(n); }
  // Of thirty, fifty, … what is above the last twenty is counted on.
  bool by_twenties(int tens) const {
    if (tens % 2 == 0) return false;
    return base_ == Base::twenty || (base_ == Base::mixed && tens >= 7);
  }

  std::string link(Rng& rng) const {
    const double kind = rng.uniform();
    if (kind < 0.35) return "";
    if (kind < 0.7) return " ";
    if (kind < 0.78) return "-";
    const std::string word = sounds_.ending(rng);
    return kind < 0.9 ? " " + word + " " : word;
  }

  std::string joined(const std::string& tens, const std::string& unit) const {
    if (units_first_) return unit + between_ + tens;
    const bool meet =
        elides_ && between_.empty() && sounds_.vowel(tens.back()) && sounds_.vowel(unit.front());
    return (meet ? tens.substr(0, tens.size() - 1) : tens) + between_ + unit;
  }

  // Without its last letter, where one is left.
  static std::string cut(const std::string& word) {
    return word.size() < 3 ? word : word.substr(0, word.size() - 1);
  }

  void draw_units(Rng& rng) {
    for (std::string& unit : unit_) unit = sounds_.word(rng);
    if (!rng.bernoulli(0.12)) return;
    const std::string link = rng.bernoulli(0.5) ? "-" : "";
    for (std::size_t u = 6; u < 10; ++u) unit_[u] = unit_[5] + link + unit_[u - 5];
  }

  void draw_tens(Rng& rng) {
    const double kind = rng.uniform(), exceptions = rng.uniform(0, 0.2);
    const std::string ending = sounds_.ending(rng), space = rng.bernoulli(0.5) ? " " : "";
    const bool cuts = rng.bernoulli(0.3), behind = rng.bernoulli(0.1);
    for (std::size_t t = 2; t < 10; ++t) {
      const std::string& unit = unit_[base_ == Base::twenty ? t / 2 : t];
      const std::string& many = base_ == Base::twenty ? score_ : ten_;
      if (base_ == Base::twenty && t == 2)
        tens_[t] = score_;
      else if (kind < 0.25 || rng.bernoulli(t == 2 ? 0.4 : exceptions))
        tens_[t] = sounds_.word(rng);
      else if (kind < 0.65)
        tens_[t] = (cuts ? cut(unit) : unit) + ending;
      else
        tens_[t] = behind ? many + space + unit : unit + space + many;
    }
  }

  void draw_teens(Rng& rng) {
    const double kind = rng.uniform();
    const std::string ending = sounds_.ending(rng);
    const bool cuts = rng.bernoulli(0.3), few = rng.bernoulli(0.4);
    for (std::size_t u = 1; u < 10; ++u) {
      const std::string stem = cuts ? cut(unit_[u]) : unit_[u];
      if ((few && u < 3) || rng.bernoulli(0.06))
        teen_[u] = sounds_.word(rng);
      else if (kind < 0.45)
        teen_[u] = stem + ending;
      else if (kind < 0.55)
        teen_[u] = ending + unit_[u];
      else
        teen_[u] = joined(ten_, unit_[u]);
    }
  }

  // Forms within compounds.
  void draw_bound(Rng& rng) {
    bound_unit_ = unit_;
    bound_tens_ = tens_;
    const double units = rng.uniform(), tens = rng.uniform();
    const std::string ending = sounds_.ending(rng);
    for (std::string& unit : bound_unit_) {
      if (units < 0.15) unit += ending;
      if (units > 0.9) unit = cut(unit);
    }
    if (rng.bernoulli(0.2)) bound_unit_[1] = sounds_.word(rng);
    for (std::string& one : bound_tens_) {
      if (tens < 0.12) one += ending;
      if (tens > 0.88) one = cut(one);
    }
    if (rng.bernoulli(0.1)) bound_tens_[2] = sounds_.word(rng);
  }

  Sounds sounds_;
  Base base_ = Base::ten;
  bool units_first_ = false, elides_ = false;
  Texts unit_, tens_, teen_, bound_unit_, bound_tens_;
  std::string ten_, score_, hundred_, between_, hundred_link_;
};

}  // namespace

std::vector<std::string> invented_numbers(int largest, const Rng& rng) {
  for (std::uint64_t attempt = 0;; ++attempt) {
    const Language language(rng.fork("attempt-" + std::to_string(attempt)));
    std::vector<std::string> names;
    for (int n = 0; n <= largest; ++n) names.push_back(language.name(n));
    if (std::set<std::string>(names.begin(), names.end()).size() == names.size()) return names;
  }
}

}  // namespace attune
