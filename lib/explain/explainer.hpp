#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/registry.hpp"
#include "base/rows.hpp"
#include "draw/drawing.hpp"
#include "train/model.hpp"

namespace attune {

// What attune-explain is asked for.
struct ExplainRequest {
  std::string model, pool, episodes;   // files; pool "" for agents
  std::vector<std::uint64_t> numbers;  // of frozen episodes or tasks, from 0; at least one
  std::string folder;                  // of pictures and weights; "-": to stdout
  std::string show;         // "colour" or "plain": as text for a terminal; "": weights as TSV
  std::size_t queries = 2;  // shown per class in pictures, 0 = all
  std::string fonts;        // folder of DejaVuSans.ttf
  std::shared_ptr<const ModelFile> file;  // `model`, opened by explain

  bool writes() const { return folder != "-"; }
  bool shows() const { return !writes() && !show.empty(); }
};

// Shows what a model of one task family attended to; registered under the family's name, and made
// with its files open: Error when they can't be read or don't belong together.
struct Explainer {
  virtual ~Explainer() = default;
  // Pictures and weights of one episode, into the request's folder.
  virtual void write(std::uint64_t number) const = 0;
  // For a terminal. UsageError when the family's data can't be shown so.
  virtual std::string text(std::uint64_t number) const = 0;
  virtual Rows rows(std::uint64_t number) const = 0;  // the weights
};

// <stem>.svg and <stem>.png.
void write_drawing(const std::string& stem, const Drawing& drawing, const ExplainRequest& request);

// Explains by the model's own family. UsageError when a pool is missing or is one too many.
void explain(ExplainRequest request);

}  // namespace attune
