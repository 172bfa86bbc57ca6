#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/splits.hpp"
#include "episode/pool.hpp"

namespace attune {

// Class names of a list file: one a line, in the form of class_name(); empty lines are dropped.
// Error for a name twice, bytes that are not UTF-8, or no name at all.
std::vector<std::string> read_class_list(const std::string& path);
std::vector<std::string> parse_class_list(const std::string& list, const std::string& path);

struct ClassList {
  std::string path;  // for messages
  std::vector<std::string> names;
};

// Split (0 train, 1 validation, 2 test) of every class in three lists, or list files ("": none).
// Error when a class is in two of them, naming both.
std::map<std::string, std::uint32_t> split_of_lists(const std::vector<ClassList>& lists);
std::map<std::string, std::uint32_t> read_split_lists(const std::vector<std::string>& paths);

// The examples of a data set by class: `name` sorted bytewise, `rows` in the order given.
struct DealtClasses {
  std::vector<std::string> name;
  std::vector<std::vector<std::size_t>> rows;
  std::vector<std::uint32_t> split;  // 0 train, 1 validation, 2 test
  std::vector<std::string> skipped;  // classes left out, as the configuration asked
};

// Sets class_name, class_split, class_of_origin (each class its own) and y of a pool whose examples
// come class by class in the order of `dealt`.
void fill_classes(Pool& pool, const DealtClasses& dealt);

// Deals whole classes to train, validation and test: no class is in two of them. Names that are
// equal in the form of class_name() are one class, in labels, lists and settings alike.
// Keys: "split" fractions|lists|classes; "fractions" [train, val, test], "seed"; "train_list",
// "val_list", "test_list" (files); "train_classes", "val_classes", "test_classes" (names);
// "unlisted" error|skip; "min_examples", "small_classes" error|skip.
class ClassSplit {
 public:
  explicit ClassSplit(const Config& config);

  // label[i]: class of example i. Error (after `origin`) for too small or unlisted classes, listed
  // classes without examples, and a split that was asked for but would be empty; UsageError when
  // no list of classes was given where lists were asked for.
  DealtClasses deal(const std::vector<std::string>& label, const std::string& origin) const;

  // What the split was made from, as JSON; list files by their SHA-256, never by their path.
  std::string describe() const;

 private:
  void drop_small(std::map<std::string, std::vector<std::size_t>>& classes, DealtClasses& dealt,
                  const std::string& origin) const;
  void deal_by_fractions(DealtClasses& dealt, const std::string& origin) const;
  void deal_by_lists(std::map<std::string, std::vector<std::size_t>>& classes, DealtClasses& dealt,
                     const std::string& origin) const;
  std::vector<ClassList> class_lists() const;

  std::string kind_, unlisted_, small_classes_;
  std::string missing_;  // what is wanted and was not given
  std::vector<double> fractions_;
  std::int64_t seed_ = 0;
  std::size_t min_examples_ = 2;
  std::vector<std::string> lists_;                 // of "lists": files
  std::vector<std::vector<std::string>> classes_;  // of "classes": names
};

}  // namespace attune
