#pragma once
#include "episode/pool.hpp"
#include "store/h5.hpp"

namespace attune {

// The inside of pool.cpp: texts and their tokens.
void check_tokens(const Pool& pool);
void write_tokens(store::Writer& writer, const Pool& pool);
void read_tokens(const store::Reader& reader, Pool& pool);  // also the example's shape

[[noreturn]] void fail_pool(const Pool& pool, const std::string& object, const std::string& want,
                            const std::string& have);
void want_pool_size(const Pool& pool, const std::string& object, std::size_t want,
                    std::size_t have);
bool printable(const std::string& text);  // UTF-8 without control characters

}  // namespace attune
