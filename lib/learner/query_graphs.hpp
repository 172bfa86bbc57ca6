#pragma once
#include "array/array.hpp"

namespace attune {

// Q graphs of V = S+1 nodes: the S support items, all alike in every graph, and last one query.
// Where their features are those of the items, they stand in a matrix of S+Q rows, the support
// first; where each graph has changed its own, in one of Q·V rows, graph by graph.
struct QueryGraphs {
  std::size_t queries, support;
  bool shared;  // the S+Q rows

  std::size_t nodes() const { return support + 1; }
  std::size_t row(std::size_t graph, std::size_t node) const;
  Indices rows() const;           // of every node of every graph, (Q·V)
  Indices rows_of_query() const;  // (Q)
};

// Which pairs of rows have to be compared so that every entry of the adjacency matrices (Q,R,V) is
// known, given that it is symmetric: each pair once. R is V, or 1 for the rows of the queries only.
struct GraphPairs {
  GraphPairs(const QueryGraphs& graphs, bool of_query_only);
  Indices left, right;  // (P) rows
  Indices pair;         // (Q·R·V): the number of the entry's pair; P on the diagonal
};

}  // namespace attune
