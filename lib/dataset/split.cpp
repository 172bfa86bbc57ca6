#include "dataset/split.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"

namespace attune {
namespace {

constexpr std::size_t kListBytes = 64u << 20;
constexpr std::uint32_t kSplits = 3;

std::string did_you_mean(const std::string& name,
                         const std::map<std::string, std::vector<std::size_t>>& classes) {
  std::vector<std::string> known;
  for (const auto& [other, rows] : classes) known.push_back(other);
  const std::string near = nearest(name, known);
  return near.empty() ? "" : " (did you mean " + near + "?)";
}

}  // namespace

std::vector<std::string> parse_class_list(const std::string& list, const std::string& path) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  std::size_t line = 0;
  for (const std::string& text : attune::split(list, '\n')) {
    ++line;
    const std::string where = path + ": line " + std::to_string(line) + ": ";
    if (!valid_utf8(text)) throw Error(where + "want UTF-8, have other bytes");
    const std::string name = class_name(text);
    if (name.empty()) continue;
    if (!seen.insert(name).second) throw Error(where + "want each class once, have again " + name);
    names.push_back(name);
  }
  if (names.empty()) throw Error(path + ": want class names, one a line, have none");
  return names;
}

std::vector<std::string> read_class_list(const std::string& path) {
  return parse_class_list(read_file(path, kListBytes), path);
}

std::map<std::string, std::uint32_t> split_of_lists(const std::vector<ClassList>& lists) {
  std::map<std::string, std::uint32_t> split_of;
  for (std::uint32_t s = 0; s < lists.size(); ++s)
    for (const std::string& name : lists[s].names) {
      const auto [known, added] = split_of.emplace(name, s);
      if (!added)
        throw Error(lists[s].path + ": " + name +
                    ": want each class in one split, have it also in " + lists[known->second].path);
    }
  return split_of;
}

std::map<std::string, std::uint32_t> read_split_lists(const std::vector<std::string>& paths) {
  std::vector<ClassList> lists;
  for (const std::string& path : paths)
    lists.push_back({path, path.empty() ? std::vector<std::string>() : read_class_list(path)});
  return split_of_lists(lists);
}

void fill_classes(Pool& pool, const DealtClasses& dealt) {
  pool.class_name = dealt.name;
  pool.class_split = dealt.split;
  pool.class_of_origin.resize(dealt.name.size());
  std::iota(pool.class_of_origin.begin(), pool.class_of_origin.end(), 0u);
  pool.y.clear();
  for (std::size_t c = 0; c < dealt.name.size(); ++c)
    pool.y.insert(pool.y.end(), dealt.rows[c].size(), static_cast<std::uint32_t>(c));
}

ClassSplit::ClassSplit(const Config& config) {
  kind_ = config.choice("split", "fractions", {"fractions", "lists", "classes"},
                        "how classes are dealt");
  if (kind_ == "fractions") {
    fractions_ = config.reals("fractions", {0.6, 0.2, 0.2}, {0, 1},
                              "shares of the classes: train, val, test; they add up to 1");
    seed_ = config.integer("seed", 0, {0}, "seed of the shuffle of the classes");
    const double sum = std::accumulate(fractions_.begin(), fractions_.end(), 0.0);
    if (fractions_.size() != kSplits || std::abs(sum - 1) > 1e-9)
      throw UsageError(config.origin() + ": fractions: want three shares that add up to 1");
  } else {
    for (const std::string& name : split_names()) {
      if (kind_ == "lists") {
        lists_.push_back(config.text(name + "_list", "", "file of class names, one a line"));
      } else {
        classes_.push_back(config.texts(name + "_classes", {}, "names of classes"));
        for (std::string& given : classes_.back()) given = class_name(given);
        if (!classes_.back().empty()) lists_.push_back(name);
      }
    }
    unlisted_ = config.choice("unlisted", "error", {"error", "skip"}, "classes in no list");
    // Told when the classes are dealt: a key that is misspelt is named before.
    if (join(lists_, "").empty())
      missing_ = config.origin() + ": split: " + kind_ +
                 (kind_ == "lists" ? " want train_list, val_list or test_list"
                                   : " want train_classes, val_classes or test_classes");
  }
  min_examples_ = static_cast<std::size_t>(
      config.integer("min_examples", 2, {2, 1'000'000}, "smallest number of examples of a class"));
  small_classes_ =
      config.choice("small_classes", "error", {"error", "skip"}, "classes with too few examples");
}

void ClassSplit::drop_small(std::map<std::string, std::vector<std::size_t>>& classes,
                            DealtClasses& dealt, const std::string& origin) const {
  for (auto item = classes.begin(); item != classes.end();) {
    if (item->second.size() >= min_examples_) {
      ++item;
      continue;
    }
    if (small_classes_ == "error")
      throw Error(origin + ": class " + item->first + ": want at least " +
                  std::to_string(min_examples_) + " examples, have " +
                  std::to_string(item->second.size()) + " (small_classes=skip leaves it out)");
    dealt.skipped.push_back(item->first);
    item = classes.erase(item);
  }
}

void ClassSplit::deal_by_fractions(DealtClasses& dealt, const std::string& origin) const {
  const std::size_t classes = dealt.name.size();
  std::vector<std::uint32_t> order(classes);
  std::iota(order.begin(), order.end(), 0u);
  Rng(static_cast<std::uint64_t>(seed_), "class split").shuffle(order);
  const auto share = [&](std::size_t s) {
    return static_cast<std::size_t>(std::llround(fractions_[s] * static_cast<double>(classes)));
  };
  const std::size_t test = std::min(share(2), classes);
  const std::size_t validation = std::min(share(1), classes - test);
  const std::size_t count[kSplits] = {classes - test - validation, validation, test};
  dealt.split.assign(classes, 0);
  for (std::size_t i = 0; i < classes; ++i)
    dealt.split[order[i]] = i < count[0] ? 0u : i < count[0] + count[1] ? 1u : 2u;
  for (std::size_t s = 0; s < kSplits; ++s)
    if (fractions_[s] > 0 && count[s] == 0)
      throw Error(origin + ": want classes for the split " + split_names()[s] + ", have none (" +
                  std::to_string(classes) + " classes in all)");
}

std::vector<ClassList> ClassSplit::class_lists() const {
  std::vector<ClassList> lists;
  for (std::size_t s = 0; s < split_names().size(); ++s) {
    if (kind_ == "classes") {
      lists.push_back({split_names()[s] + "_classes", classes_[s]});
    } else {
      lists.push_back(
          {lists_[s], lists_[s].empty() ? std::vector<std::string>() : read_class_list(lists_[s])});
    }
  }
  return lists;
}

void ClassSplit::deal_by_lists(std::map<std::string, std::vector<std::size_t>>& classes,
                               DealtClasses& dealt, const std::string& origin) const {
  const std::vector<ClassList> lists = class_lists();
  const auto split_of = split_of_lists(lists);
  for (const auto& [name, s] : split_of)
    if (!classes.contains(name) &&
        std::find(dealt.skipped.begin(), dealt.skipped.end(), name) == dealt.skipped.end())
      throw Error(lists[s].path + ": " + name + ": want a class of " + origin + ", have none" +
                  did_you_mean(name, classes));
  for (auto& [name, rows] : classes) {
    const auto known = split_of.find(name);
    if (known == split_of.end()) {
      if (unlisted_ == "error")
        throw Error(origin + ": class " + name +
                    ": want it in one of the lists, have none (unlisted=skip leaves it out)");
      dealt.skipped.push_back(name);
      continue;
    }
    dealt.name.push_back(name);
    dealt.rows.push_back(std::move(rows));
    dealt.split.push_back(known->second);
  }
}

DealtClasses ClassSplit::deal(const std::vector<std::string>& label,
                              const std::string& origin) const {
  if (!missing_.empty()) throw UsageError(missing_);
  std::map<std::string, std::vector<std::size_t>> classes;
  for (std::size_t i = 0; i < label.size(); ++i) classes[class_name(label[i])].push_back(i);
  DealtClasses dealt;
  drop_small(classes, dealt, origin);
  if (kind_ != "fractions") {
    deal_by_lists(classes, dealt, origin);
  } else {
    for (auto& [name, rows] : classes) {
      dealt.name.push_back(name);
      dealt.rows.push_back(std::move(rows));
    }
    deal_by_fractions(dealt, origin);
  }
  if (dealt.name.empty()) throw Error(origin + ": want classes, have none");
  return dealt;
}

std::string ClassSplit::describe() const {
  boost::json::object told{{"split", kind_}};
  if (kind_ == "fractions") {
    boost::json::array shares;
    for (const double share : fractions_) shares.emplace_back(to_text(share));
    told["fractions"] = shares;
    told["seed"] = seed_;
  } else {
    for (std::size_t s = 0; s < classes_.size(); ++s)
      told[split_names()[s] + "_classes"] = boost::json::value_from(classes_[s]);
    for (std::size_t s = 0; kind_ == "lists" && s < kSplits; ++s)
      if (!lists_[s].empty()) told[split_names()[s] + "_list_sha256"] = sha256_file(lists_[s]);
    told["unlisted"] = unlisted_;
  }
  told["min_examples"] = min_examples_;
  told["small_classes"] = small_classes_;
  return boost::json::serialize(told);
}

}  // namespace attune
