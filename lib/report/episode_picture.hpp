#pragma once
#include <optional>
#include <string>
#include <vector>

#include "draw/drawing.hpp"

namespace attune {

// One classification episode with a model's answers and what each of them attended to.
struct EpisodeView {
  struct Item {
    std::uint32_t row;    // of the pool
    std::uint32_t label;  // 0…N−1
    // (rows, columns, channels) of the example, ink dark; empty for feature vectors
    std::vector<std::uint8_t> samples;
  };
  struct Answer {
    std::size_t query;            // place among the episode's queries
    std::vector<double> weights;  // over the support, sum 1
    std::uint32_t predicted;
    double probability;  // of the predicted class
  };
  std::string title, subtitle;
  std::vector<std::string> class_name;  // of labels
  std::size_t rows = 0, columns = 0, channels = 1;
  std::vector<Item> support, query;
  std::vector<Answer> answers;  // of the queries shown
};

// "A", "B", … "Z", "AA", …: a class's sign in pictures, beside its colour.
std::string class_sign(std::size_t label);
// Seven colours that colour-blind people can tell apart (Okabe & Ito 2008, without yellow), in
// turn.
Colour class_colour(std::size_t label);

// From top to bottom: title, classes, the support, lines from each shown query to what it attends
// to (the wider the more), and for each shown query a line with its true and its predicted class,
// its weights as bars below the support items, and the effective number of items. All bars have one
// scale. A dashed line marks uniform attention; an answer that is wrong stands on grey with a
// cross.
Drawing draw_episode(const EpisodeView& view);

// Attention among items as a directed graph in Graphviz's DOT: an edge goes from who attends to
// what is attended to, the wider the more. Of each node only the strongest edges are kept, as many
// as make up nine tenths of its attention, at most six. Nodes have places (Graphviz: neato), one
// set of items a ring, two sets two columns.
struct AttentionGraph {
  struct Node {
    std::string name;                    // unique, "s3"
    std::string text;                    // shown
    std::optional<std::uint32_t> label;  // class, for sign and colour
  };
  std::string title;
  std::vector<Node> rows, columns;  // may share names
  std::vector<double> weights;      // (rows, columns)
};
std::string to_dot(const AttentionGraph& graph);

}  // namespace attune
