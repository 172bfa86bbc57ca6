#include "learner/query_graphs.hpp"

#include <algorithm>

namespace attune {
namespace {

constexpr auto kDiagonal = static_cast<std::uint32_t>(-1);

}  // namespace

std::size_t QueryGraphs::row(std::size_t graph, std::size_t node) const {
  if (!shared) return graph * nodes() + node;
  return node < support ? node : support + graph;
}

Indices QueryGraphs::rows() const {
  Indices result;
  for (std::size_t graph = 0; graph < queries; ++graph)
    for (std::size_t node = 0; node < nodes(); ++node)
      result.push_back(static_cast<std::uint32_t>(row(graph, node)));
  return result;
}

Indices QueryGraphs::rows_of_query() const {
  Indices result;
  for (std::size_t graph = 0; graph < queries; ++graph)
    result.push_back(static_cast<std::uint32_t>(row(graph, support)));
  return result;
}

GraphPairs::GraphPairs(const QueryGraphs& graphs, bool of_query_only) {
  const std::size_t nodes = graphs.nodes(), last = graphs.support;
  const auto add = [&](std::size_t graph, std::size_t a, std::size_t b) {
    left.push_back(static_cast<std::uint32_t>(graphs.row(graph, a)));
    right.push_back(static_cast<std::uint32_t>(graphs.row(graph, b)));
  };
  std::vector<std::uint32_t> number(nodes * nodes);  // of one graph's pairs
  for (std::size_t graph = 0; graph < graphs.queries; ++graph) {
    const bool again = graphs.shared && graph > 0;
    for (std::size_t b = of_query_only ? last : 1; b < nodes; ++b)
      for (std::size_t a = 0; a < b; ++a) {
        if (again && b < last) continue;  // support with support: the first graph's pair
        number[a * nodes + b] = number[b * nodes + a] = static_cast<std::uint32_t>(left.size());
        add(graph, a, b);
      }
    const std::size_t begin = of_query_only ? last * nodes : 0;
    for (std::size_t entry = begin; entry < nodes * nodes; ++entry)
      pair.push_back(entry / nodes == entry % nodes ? kDiagonal : number[entry]);
  }
  std::replace(pair.begin(), pair.end(), kDiagonal, static_cast<std::uint32_t>(left.size()));
}

}  // namespace attune
