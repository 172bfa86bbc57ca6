#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace attune {

// One episode of texts with a model's answers, and what these came from: which support texts, and
// which tokens of each text.
struct EpisodeText {
  struct Token {
    std::string text;
    double weight;      // share of its text's features; 0…1
    bool known = true;  // to the model
  };
  struct Item {
    std::uint32_t row;    // of the pool
    std::uint32_t label;  // 0…N−1
    std::vector<Token> tokens;
  };
  struct Answer {
    std::size_t query;            // place among the episode's queries
    std::vector<double> weights;  // over the support, sum 1; empty: the learner has none
    std::uint32_t predicted;
    double probability;  // of the predicted class
  };
  std::string title, subtitle;
  std::vector<std::string> class_name;  // of labels
  bool spaced = true;                   // tokens stand apart; not where they are characters
  std::vector<Item> support, query;
  std::vector<Answer> answers;  // of the queries shown
};

// For reading in a terminal: each query with its true and its predicted class, then the support
// texts by weight, the first `most` of them, each weight as number and bar. Tokens are the darker
// the more they weigh compared with the heaviest of their text; without colour those above the mean
// are followed by their weight in parentheses. Unknown tokens are underlined, or in brackets.
std::string to_terminal(const EpisodeText& episode, bool colour, std::size_t most = 8);
// The same as one page of HTML that needs nothing else, all support texts shown.
std::string to_html(const EpisodeText& episode);

}  // namespace attune
