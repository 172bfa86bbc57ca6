// The committed corpus, what the fuzzers have found to be different, passes once through every
// harness in each build: a harness that finds a promise broken ends the program.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>

#include "dataset/archive.hpp"
#include "source_path.hpp"

extern "C" {
int fuzz_archive(const std::uint8_t* data, std::size_t size);
int fuzz_catalogue(const std::uint8_t* data, std::size_t size);
int fuzz_checkpoint(const std::uint8_t* data, std::size_t size);
int fuzz_config(const std::uint8_t* data, std::size_t size);
int fuzz_episodes(const std::uint8_t* data, std::size_t size);
int fuzz_hdf5(const std::uint8_t* data, std::size_t size);
int fuzz_image(const std::uint8_t* data, std::size_t size);
int fuzz_model(const std::uint8_t* data, std::size_t size);
int fuzz_report(const std::uint8_t* data, std::size_t size);
int fuzz_rows(const std::uint8_t* data, std::size_t size);
int fuzz_table(const std::uint8_t* data, std::size_t size);
int fuzz_tokens(const std::uint8_t* data, std::size_t size);
int fuzz_vectors(const std::uint8_t* data, std::size_t size);
}

TEST_CASE("the committed corpus breaks no promise of a parser") {
  const std::map<std::string, int (*)(const std::uint8_t*, std::size_t)> harness = {
      {"archive", fuzz_archive}, {"catalogue", fuzz_catalogue}, {"checkpoint", fuzz_checkpoint},
      {"config", fuzz_config},   {"model", fuzz_model},         {"episodes", fuzz_episodes},
      {"hdf5", fuzz_hdf5},       {"image", fuzz_image},         {"report", fuzz_report},
      {"rows", fuzz_rows},       {"table", fuzz_table},         {"tokens", fuzz_tokens},
      {"vectors", fuzz_vectors}};
  std::map<std::string, std::size_t> inputs;
  attune::for_each_entry(source_path("tests/fuzz/corpus.tar.gz"), {}, [&](attune::Entry&& entry) {
    const std::string name = entry.name.substr(0, entry.name.find('/'));
    CHECK(harness.at(name)(entry.bytes.data(), entry.bytes.size()) == 0);
    ++inputs[name];
  });
  for (const auto& [name, run] : harness) CHECK_MESSAGE(inputs[name] > 3, name);
}
