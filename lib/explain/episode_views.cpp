#include "explain/episode_views.hpp"

namespace attune {
namespace {

// Ink dark on white; of other than 1 or 3 channels their mean.
EpisodeView::Item item_of(const Pool& pool, std::uint32_t row, std::uint32_t label) {
  EpisodeView::Item item{row, label, {}};
  if (pool.pixels.empty()) return item;
  const std::size_t size = pool.example_size(), channels = pool.example_shape[0];
  const std::size_t plane = size / channels;
  const std::uint8_t* pixels = pool.pixels.data() + row * size;
  for (std::size_t i = 0; i < plane; ++i) {
    std::size_t sum = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      if (channels == 3) item.samples.push_back(pixels[c * plane + i]);
      sum += pixels[c * plane + i];
    }
    if (channels != 3) item.samples.push_back(static_cast<std::uint8_t>(255 - sum / channels));
  }
  return item;
}

// "matching, set_to_set, cosine, softmax": the learner, its attention and the parts of that.
std::string kinds_of(const Config& learner) {
  std::vector<std::string> kinds;
  const auto add = [&](const Config& node) {
    if (node.has("kind")) kinds.push_back(node.required_text("kind", ""));
  };
  add(learner);
  add(learner.child("attention"));
  for (const char* part : {"score", "normaliser"}) add(learner.child("attention").child(part));
  return join(kinds, ", ");
}

// Nodes of one side of a map. Support items come first, then queries; a last node beyond the
// support is each row itself.
std::vector<AttentionGraph::Node> nodes_of(const std::string& what, std::size_t count,
                                           const Episode& episode) {
  std::vector<AttentionGraph::Node> nodes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    if (what == "query") {
      nodes.push_back({"q" + number, "", episode.query_labels[i]});
    } else if (what == "prototypes") {
      nodes.push_back({"p" + number, "", static_cast<std::uint32_t>(i)});
    } else if (i < episode.support.size()) {
      nodes.push_back({"s" + number, "", episode.support_labels[i]});
    } else {
      nodes.push_back({"query", "the query", {}});
    }
    if (nodes.back().label)
      nodes.back().text = class_sign(*nodes.back().label) + " " + nodes.back().name;
  }
  return nodes;
}

}  // namespace

EpisodeView view_of(const OpenModel& model, const Answers& a, std::size_t shown) {
  EpisodeView view;
  const Pool& pool = *model.pool;
  const EpisodeShape& shape = model.file->shape;
  if (!pool.pixels.empty()) {
    view.rows = pool.example_shape[1];
    view.columns = pool.example_shape[2];
    view.channels = pool.example_shape[0] == 3 ? 3 : 1;
  }
  for (const std::uint32_t c : a.episode.classes) view.class_name.push_back(pool.class_name[c]);
  for (std::size_t s = 0; s < a.episode.support.size(); ++s)
    view.support.push_back(item_of(pool, a.episode.support[s], a.episode.support_labels[s]));
  const std::size_t queries = a.episode.query.size();
  for (std::size_t q = 0; q < queries; ++q) {
    view.query.push_back(item_of(pool, a.episode.query[q], a.episode.query_labels[q]));
    if (shown && q % shape.queries >= shown) continue;
    std::vector<double> weights;
    if (a.trace.weights.rank() == 2) weights.assign(a.weights(q).begin(), a.weights(q).end());
    view.answers.push_back({q, std::move(weights), a.called[q], a.probability(q)});
  }
  view.title = "Episode " + std::to_string(a.number) + " · " + std::to_string(shape.ways) +
               "-way " + std::to_string(shape.shots) + "-shot · " + std::to_string(a.right()) +
               " of " + std::to_string(queries) + " queries right";
  view.subtitle = kinds_of(model.config.child("learner"));
  return view;
}

EpisodeText text_view_of(const OpenModel& model, const Answers& a, std::size_t shown) {
  const Tokens& tokens = model.pool->tokens;
  const EpisodeView view = view_of(model, a, shown);
  EpisodeText text{view.title, view.subtitle, view.class_name, true, {}, {}, {}};
  text.spaced = model.pool->source.find("\"break\":\"characters\"") == std::string::npos;
  const auto add = [&](std::vector<EpisodeText::Item>& items,
                       const std::vector<std::uint32_t>& rows, const Indices& labels,
                       const Array& weights) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EpisodeText::Item item{rows[i], labels[i], {}};
      const std::uint32_t begin = tokens.begin[rows[i]];
      for (std::uint32_t t = begin; t < tokens.begin[rows[i] + 1]; ++t) {
        const std::string& word = tokens.word[tokens.token[t]];
        const bool weighed = weights.rank() == 2;
        item.tokens.push_back(
            {word,
             weighed ? static_cast<double>(weights.data()[i * weights.dim(1) + t - begin]) : 0,
             model.model.vocabulary.find(word).has_value()});
      }
      items.push_back(std::move(item));
    }
  };
  add(text.support, a.episode.support, a.episode.support_labels, a.trace.support_tokens);
  add(text.query, a.episode.query, a.episode.query_labels, a.trace.query_tokens);
  for (const EpisodeView::Answer& answer : view.answers)
    text.answers.push_back({answer.query, answer.weights, answer.predicted, answer.probability});
  return text;
}

std::vector<std::pair<std::string, AttentionGraph>> graphs_of(const Answers& a) {
  std::vector<std::pair<std::string, AttentionGraph>> graphs;
  for (const Trace::Map& map : a.trace.maps) {
    const std::size_t heads = map.weights.dim(0), size = map.weights.size() / heads;
    for (std::size_t h = 0; h < heads; ++h) {
      const std::string head = heads > 1 ? ".head" + std::to_string(h + 1) : "";
      AttentionGraph graph{map.name + head + ": what each " + map.rows + " item attends to",
                           nodes_of(map.rows, map.weights.dim(1), a.episode),
                           nodes_of(map.columns, map.weights.dim(2), a.episode),
                           {}};
      for (const Real weight : map.weights.values().subspan(h * size, size))
        graph.weights.push_back(static_cast<double>(weight));
      graphs.emplace_back(map.name + head, std::move(graph));
    }
  }
  return graphs;
}

}  // namespace attune
