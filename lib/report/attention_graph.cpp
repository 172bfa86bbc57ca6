#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "report/episode_picture.hpp"

namespace attune {
namespace {

constexpr std::size_t kMostEdges = 6;  // of a node
constexpr double kShown = 0.9;         // of its attention

// An identifier; Graphviz reads \" alone as something else than it stands there.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// What is shown: there "&lt;" is a sign too.
std::string quoted_label(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) out += c == '&' ? "&amp;" : std::string(1, c);
  return quoted(out);
}

std::vector<std::size_t> strongest(const double* weights, std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](auto i, auto j) { return weights[i] > weights[j]; });
  double sum = 0;
  std::size_t kept = 0;
  while (kept < std::min(n, kMostEdges) && sum < kShown && weights[order[kept]] > 0)
    sum += weights[order[kept++]];
  order.resize(kept);
  return order;
}

// At a place in inches, y up.
std::string node_text(const AttentionGraph::Node& node, double x, double y) {
  std::string out = "  " + quoted(node.name) + " [label=" + quoted_label(node.text) + ", pos=\"" +
                    to_text(x, 2) + "," + to_text(y, 2) + "!\"";
  if (node.label)
    out += ", fillcolor=" + quoted(colour_text(class_colour(*node.label))) +
           (node.name.front() == 'q' ? ", shape=box" : "");
  return out + "];\n";
}

// One set of items stands on a ring, clockwise, what else it attends to in the middle; of two sets,
// who attends stands on the left and what is attended to on the right, over the same height.
std::string all_nodes(const AttentionGraph& graph) {
  constexpr double kStep = 0.3;
  std::set<std::string> names;
  for (const auto& node : graph.rows) names.insert(node.name);
  const bool ring = std::ranges::any_of(
      graph.columns, [&](const auto& node) { return names.contains(node.name); });
  std::string out;
  double row = 0;
  const auto count = static_cast<double>(graph.rows.size());
  const double height =
      kStep * static_cast<double>(std::max(graph.rows.size(), graph.columns.size()));
  const auto step_of = [&](std::size_t nodes) {
    return ring ? kStep : height / static_cast<double>(std::max<std::size_t>(nodes, 1));
  };
  const double across = ring ? 0 : std::max(4.0, height / 4);
  const double radius = std::max(1.0, count * 0.55 / (2 * std::numbers::pi));
  for (const auto& node : graph.rows) {
    const double angle = 2 * std::numbers::pi * row / count;
    out += ring ? node_text(node, radius * std::sin(angle), radius * std::cos(angle))
                : node_text(node, 0, 0 - step_of(graph.rows.size()) * row);
    ++row;
  }
  row = 0;
  for (const auto& node : graph.columns)
    if (names.insert(node.name).second)
      out += node_text(node, across, 0 - step_of(graph.columns.size()) * row++);
  return out;
}

}  // namespace

std::string to_dot(const AttentionGraph& graph) {
  std::string edges;
  const std::size_t n = graph.columns.size();
  for (std::size_t r = 0; r < graph.rows.size(); ++r) {
    const double* weights = graph.weights.data() + r * n;
    for (const std::size_t c : strongest(weights, n))
      edges += "  " + quoted(graph.rows[r].name) + " -> " + quoted(graph.columns[c].name) +
               " [penwidth=" + to_text(0.3 + 4 * weights[c], 2) + ", tooltip=\"" +
               to_text(weights[c], 4) + "\"];\n";
  }
  return "digraph attention {\n  label=" + quoted_label(graph.title) +
         "; labelloc=t; layout=neato; splines=line; outputorder=edgesfirst; fontname=\"DejaVu "
         "Sans\";\n"
         "  node [style=filled, shape=ellipse, fillcolor=\"#eeeeee\", fontname=\"DejaVu Sans\", "
         "fontsize=10, height=0.2, width=0.3, margin=0.03];\n"
         "  edge [color=\"#00000080\", arrowsize=0.4];\n" +
         all_nodes(graph) + edges + "}\n";
}

}  // namespace attune
