#include "base/output.hpp"
#include "explain/episode_views.hpp"
#include "explain/explainer.hpp"

namespace attune {
namespace {

void write_graphs(const std::string& stem, const Answers& a) {
  for (const auto& [name, graph] : graphs_of(a))
    write_file(stem + "." + name + ".dot", to_dot(graph));
}

class EpisodeExplainer : public Explainer {
 public:
  EpisodeExplainer(const Config&, const ExplainRequest& request)
      : request_(request),
        model_(open_model(*request.file, request.pool, request.episodes)),
        pool_(model_.learner, model_.pool, model_.params) {}

  void write(std::uint64_t number) const override {
    const Answers a = answer_episode(model_, pool_, number);
    const std::string stem = request_.folder + "/episode-" + std::to_string(number);
    if (model_.pool->is_text()) {
      write_file(stem + ".html", to_html(text_view_of(model_, a, request_.queries)));
      if (a.trace.query_tokens.rank() == 2)
        write_file(stem + ".tokens.tsv", format_rows(token_rows(model_, a)));
    } else {
      write_drawing(stem, draw_episode(view_of(model_, a, request_.queries)), request_);
    }
    if (a.trace.weights.rank() == 2) write_file(stem + ".tsv", format_rows(weight_rows(a)));
    write_graphs(stem, a);
  }
  std::string text(std::uint64_t number) const override {
    if (!model_.pool->is_text())
      throw UsageError("show: want a pool of texts, have other examples");
    const Answers a = answer_episode(model_, pool_, number);
    return to_terminal(text_view_of(model_, a, request_.queries), request_.show == "colour");
  }
  Rows rows(std::uint64_t number) const override {
    const Answers a = answer_episode(model_, pool_, number);
    return a.trace.weights.rank() == 2 ? weight_rows(a) : token_rows(model_, a);
  }

 private:
  const ExplainRequest& request_;
  OpenModel model_;
  mutable EncodedPool pool_;  // remembers what it has encoded
};

const Register<Explainer, const ExplainRequest&> part{
    "classification", "support items, words and graphs of an episode",
    [](const Config& config, const ExplainRequest& request) {
      return std::make_unique<EpisodeExplainer>(config, request);
    }};

}  // namespace
}  // namespace attune
