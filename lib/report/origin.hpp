#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/rows.hpp"

namespace attune {

// How scores came about, as the last columns of their rows say. Rows of older versions lack them.
struct Origin {
  std::string split;         // what the episodes were drawn from: "test", "val+test"; "-": no split
  std::string mode;          // "inductive" or "transductive"
  std::string tested_on;     // title of the pool
  std::string tested_pool;   // 16 digits of its hash
  std::string trained_pool;  // of the pool trained on; "-" where nothing was trained
  std::string config;        // of the model's configuration, without seed and stopping point
  std::string bits;          // class of bits: "avx2"

  bool transductive() const { return mode == "transductive"; }
};

struct OriginColumn {
  const char* name;
  std::string Origin::*member;
};
const std::vector<OriginColumn>& origin_columns();
bool is_origin_column(std::string_view name);

// Whether rows tell it. Error where they have some of the columns, but not all.
bool tell_origin(const Rows& rows);
// Error, beginning with `where`, for another mode and for hashes that are none.
void check_origin(const Origin& origin, const std::string& where);

// Whether a model trained on `trained_on` ("<title>:train+val") saw a part of the pool that it is
// tested on.
bool saw_its_test(const Origin& origin, const std::string& trained_on);
// Whether both name the same splits: "train+val" and "val+train".
bool same_splits(const std::string& a, const std::string& b);

}  // namespace attune
