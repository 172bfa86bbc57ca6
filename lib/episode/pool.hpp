#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace attune {

// Labelled examples of one data set with a class-disjoint split: what `convert` writes and
// everything else reads. Examples are stored once; episodes are index tables into it.
//
// HDF5 layout (kind "attune-pool", version 1):
//   /pool/x           uint8 (P,C,Y,X) images, 0 = background, 255 = ink or full intensity; or
//                     float32 (P,D) features, finite; in a pool of texts instead:
//   /pool/word        text (W), unique: all tokens of the pool
//   /pool/token       uint32 (tokens of all examples, one after the other), rows of word
//   /pool/token_begin uint32 (P+1): tokens [token_begin[i], token_begin[i+1]) are example i's, 1 or
//                     more
//   /pool/token_mark  uint8 (tokens), 0 none, 1 first entity, 2 second entity; only in pools whose
//                     texts have marked parts
//   /pool/text        uint8 (bytes of all texts as they were read, UTF-8, one after the other)
//   /pool/text_begin  uint32 (P+1), as token_begin
//   /pool/y           uint32 (P) class of each example, ascending: examples of one class are
//                     consecutive, and every class has at least one
//   /pool/group       uint32 (P) source of the example (drawer, font face); support and query of
//                     an episode may be asked to have different groups; all 0 when there are none
//   /pool/class_name  text (classes), unique, no control characters
//   /pool/class_split uint32 (classes) 0 train, 1 validation, 2 test
//   /pool/class_of_origin uint32 (classes) classes made from one another (rotations) share a
//                     number, and are all in one split
//   /pool/group_name  text (groups), may be empty
//   attributes: title, source (JSON: hashes of the raw data, converter configuration), about
struct Tokens {
  std::vector<std::string> word;
  std::vector<std::uint32_t> token, begin;
  std::vector<std::uint8_t> mark;  // empty: nothing is marked
  std::vector<std::string> text;   // of each example
  std::size_t longest() const;     // tokens of an example
};

struct Pool {
  std::vector<std::uint32_t> example_shape;  // (C,Y,X), (D), or of texts (1 or 2,longest)
  std::vector<std::uint8_t> pixels;          // P × prod(example_shape), or empty
  std::vector<float> features;               // P × D, or empty
  Tokens tokens;                             // of texts, or empty
  std::vector<std::uint32_t> y, group;
  std::vector<std::string> class_name, group_name;
  std::vector<std::uint32_t> class_split, class_of_origin;
  std::string title, source;
  std::string hash;    // content hash once written or read
  std::string origin;  // the file it was read from or written to, for messages

  std::size_t examples() const { return y.size(); }
  std::size_t example_size() const;
  std::size_t classes() const { return class_name.size(); }
  bool is_text() const { return !tokens.begin.empty(); }
  // First example of each class and one past the last (classes()+1 numbers).
  std::vector<std::uint32_t> class_begin() const;
};

// Classes of "train", "val", "test", or several joined by '+' ("train+val"), ascending; may be
// empty. UsageError for other names and repeated ones.
std::vector<std::uint32_t> classes_of_split(const Pool& pool, const std::string& split);

void check_pool(const Pool& pool);  // Error for the first broken promise of the layout above
std::string write_pool(const std::string& path, Pool& pool);  // checks first; sets and returns hash
Pool read_pool(const std::string& path);

}  // namespace attune
