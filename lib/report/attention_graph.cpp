#include <algorithm>
#include <numeric>
#include <set>

#include "base/text.hpp"
#include "report/episode_picture.hpp"

namespace attune {
namespace {

constexpr std::size_t kMostEdges = 6;  // of a node
constexpr double kShown = 0.9;         // of its attention

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
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

std::string node_text(const AttentionGraph::Node& node) {
  std::string out = "  " + quoted(node.name) + " [label=" + quoted(node.text);
  if (node.label)
    out += ", fillcolor=" + quoted(colour_text(class_colour(*node.label))) +
           (node.name.front() == 'q' ? ", shape=box" : "");
  return out + "];\n";
}

}  // namespace

std::string to_dot(const AttentionGraph& graph) {
  std::set<std::string> seen;
  std::string nodes, edges;
  for (const auto* side : {&graph.rows, &graph.columns})
    for (const auto& node : *side)
      if (seen.insert(node.name).second) nodes += node_text(node);
  const bool two_sides = seen.size() == graph.rows.size() + graph.columns.size();
  const std::size_t n = graph.columns.size();
  for (std::size_t r = 0; r < graph.rows.size(); ++r) {
    const double* weights = graph.weights.data() + r * n;
    for (const std::size_t c : strongest(weights, n))
      edges += "  " + quoted(graph.rows[r].name) + " -> " + quoted(graph.columns[c].name) +
               " [penwidth=" + to_text(0.3 + 4 * weights[c], 2) + ", tooltip=\"" +
               to_text(weights[c], 4) + "\"];\n";
  }
  // Who attends on the left and what is attended to on the right; one set of items on a ring.
  const std::string layout =
      two_sides ? "layout=dot; rankdir=LR; nodesep=0.05; ranksep=3" : "layout=circo; mindist=0.2";
  return "digraph attention {\n  label=" + quoted(graph.title) + "; labelloc=t; " + layout +
         "; fontname=\"DejaVu Sans\"; splines=line;\n"
         "  node [style=filled, shape=ellipse, fillcolor=\"#eeeeee\", fontname=\"DejaVu Sans\", "
         "fontsize=10, height=0.2, width=0.3, margin=0.03];\n"
         "  edge [color=\"#00000080\", arrowsize=0.4];\n" +
         nodes + edges + "}\n";
}

}  // namespace attune
