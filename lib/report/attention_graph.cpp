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

struct Writer {
  const AttentionGraph& graph;
  std::string out;

  void node(const AttentionGraph::Node& node, const std::string& prefix) {
    out += "  " + quoted(prefix + node.name) + " [label=" + quoted(node.text);
    if (node.label)
      out += ", fillcolor=" + quoted(colour_text(class_colour(*node.label))) +
             ", shape=" + (node.name.front() == 's' ? "circle" : "box");
    out += "];\n";
  }

  void head(std::size_t h, const std::string& prefix) {
    std::set<std::string> seen;
    for (const auto* side : {&graph.rows, &graph.columns})
      for (const auto& one : *side)
        if (seen.insert(one.name).second) node(one, prefix);
    const std::size_t n = graph.columns.size();
    for (std::size_t r = 0; r < graph.rows.size(); ++r) {
      const double* weights = graph.weights.data() + (h * graph.rows.size() + r) * n;
      for (const std::size_t c : strongest(weights, n))
        out += "  " + quoted(prefix + graph.rows[r].name) + " -> " +
               quoted(prefix + graph.columns[c].name) +
               " [penwidth=" + to_text(0.3 + 4 * weights[c], 2) +
               ", weight=" + to_text(1 + 20 * weights[c], 0) + ", tooltip=\"" +
               to_text(weights[c], 4) + "\"];\n";
    }
  }
};

}  // namespace

std::string to_dot(const AttentionGraph& graph) {
  const std::size_t heads = graph.weights.size() / (graph.rows.size() * graph.columns.size());
  Writer writer{graph,
                "digraph attention {\n"
                "  label=" +
                    quoted(graph.title) +
                    ";\n"
                    "  labelloc=t; layout=dot; rankdir=TB; nodesep=0.15; ranksep=0.9;\n"
                    "  node [style=filled, fillcolor=\"#eeeeee\", fontname=\"DejaVu Sans\", "
                    "fontsize=10, margin=0.04];\n"
                    "  edge [color=\"#00000090\", arrowsize=0.5];\n"};
  for (std::size_t h = 0; h < heads; ++h) {
    const std::string prefix = heads > 1 ? "h" + std::to_string(h + 1) + "_" : "";
    if (heads > 1)
      writer.out += "  subgraph cluster_" + std::to_string(h + 1) + " { label=\"head " +
                    std::to_string(h + 1) + "\"; color=\"#999999\";\n";
    writer.head(h, prefix);
    if (heads > 1) writer.out += "  }\n";
  }
  return writer.out + "}\n";
}

}  // namespace attune
