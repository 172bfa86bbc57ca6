#pragma once
#include <string>

// The path of a file of the source tree, given relative to its root.
std::string source_path(const std::string& relative);
