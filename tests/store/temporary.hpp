#pragma once
#include <boost/filesystem.hpp>
#include <fstream>
#include <iterator>
#include <string>

// A fresh folder for the files of one test, gone with it.
class Temporary {
 public:
  Temporary()
      : folder_(boost::filesystem::temp_directory_path() /
                boost::filesystem::unique_path("attune-%%%%%%%%%%%%")) {
    boost::filesystem::create_directories(folder_);
  }
  ~Temporary() {
    boost::system::error_code ignored;
    boost::filesystem::remove_all(folder_, ignored);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  std::string operator/(const std::string& name) const { return (folder_ / name).string(); }

 private:
  boost::filesystem::path folder_;
};

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}
