#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

struct JsonNode;

// What one read declared about its key: the schema of a program is the list of its reads.
struct ConfigField {
  std::string key;       // dotted path, e.g. "train.optimizer.learning_rate"
  std::string type;      // "integer", "real", "flag", "text", "choice", "object", "list"
  std::string fallback;  // JSON text of the default, empty when the key is required
  std::string allowed;   // "[0, 1]", "adam|sgd", empty when anything goes
  std::string doc;       // one line
};

// A node of a strict JSON configuration: UTF-8, at most 1 MiB and 16 levels; numbers are read
// exactly (std::from_chars); duplicate keys, comments, NaN, Infinity and numbers beyond double are
// refused. Copies share one tree. Every typed read declares its key (type, default, range, doc),
// which gives unknown-key errors, the resolved configuration and the schema without a second list.
// All errors are UsageError and name file, dotted key, wanted, found and the nearest known name.
class Config {
 public:
  struct IntegerRange {
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
  };
  struct RealRange {  // both ends included
    double min = -std::numeric_limits<double>::max();
    double max = std::numeric_limits<double>::max();
  };

  Config();  // {}
  static Config parse(std::string_view json, const std::string& origin);
  static Config load(const std::string& path);  // "-" reads stdin; a byte order mark is skipped

  // "train.steps=300": the text after '=' is JSON, or a plain string if it is not JSON. Merged as
  // below; "stages.0.width=8" reaches into a list. Keys with a dot in them can't be named so.
  void set(std::string_view assignment);
  // Keys of `over` replace ours; objects are merged key by key. An object whose "kind" differs is
  // replaced whole, since its other keys belong to the other kind.
  void merge(const Config& over);
  // Takes the keys of this node that are absent from `from`, each whole.
  void complete(const Config& from);
  Config clone() const;  // a tree of its own, with no reads noted

  // A fallback outside its range, or another one than at an earlier read, is our bug: logic_error.
  // Typed reads; the key is a single name within this node. The fallback is used when it is absent.
  std::int64_t integer(std::string_view key, std::int64_t fallback, IntegerRange range,
                       std::string_view doc) const;
  double real(std::string_view key, double fallback, RealRange range, std::string_view doc) const;
  bool flag(std::string_view key, bool fallback, std::string_view doc) const;
  std::string text(std::string_view key, std::string_view fallback, std::string_view doc) const;
  std::string choice(std::string_view key, std::string_view fallback,
                     const std::vector<std::string>& allowed, std::string_view doc) const;
  std::string required_text(std::string_view key, std::string_view doc) const;
  std::vector<std::int64_t> integers(std::string_view key,
                                     const std::vector<std::int64_t>& fallback, IntegerRange range,
                                     std::string_view doc) const;
  std::vector<double> reals(std::string_view key, const std::vector<double>& fallback,
                            RealRange range, std::string_view doc) const;
  std::vector<std::string> texts(std::string_view key, const std::vector<std::string>& fallback,
                                 std::string_view doc) const;
  // The object under `key`; an empty one when absent. Shares the tree: its reads count for the
  // root.
  Config child(std::string_view key) const;
  std::vector<Config> children(std::string_view key) const;  // list of objects; empty when absent
  // An object whose values the caller reads by name, e.g. {"5w1s": {...}}: its keys in file order.
  std::vector<std::string> keys() const;
  bool has(std::string_view key) const;

  // Throws UsageError for the first key below this node that no read asked for.
  void finish() const;
  // This node with all defaults filled in: keys sorted, numbers in shortest exact form, no white
  // space but one space after ':' and ','. Equal settings give equal text.
  std::string resolved() const;
  // The node as it was given (defaults not filled in), same form.
  std::string given() const;
  std::vector<ConfigField> schema() const;  // in order of first read
  std::string path() const;                 // dotted path of this node, "" for the root
  std::string origin() const;               // the file, for messages

 private:
  struct Tree;
  Config(std::shared_ptr<Tree> tree, std::shared_ptr<JsonNode> node);
  std::shared_ptr<JsonNode> read(const ConfigField& field) const;

  std::shared_ptr<Tree> tree_;      // what all nodes share: the reads in their order
  std::shared_ptr<JsonNode> node_;  // an object
};

}  // namespace attune
