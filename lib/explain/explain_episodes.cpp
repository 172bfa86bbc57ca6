#include <algorithm>

#include "base/file.hpp"
#include "explain/episode_views.hpp"
#include "explain/explainer.hpp"

namespace attune {
namespace {

void write_graphs(const std::string& stem, const Answers& a) {
  for (const auto& [name, graph] : graphs_of(a))
    write_file(stem + "." + name + ".dot", to_dot(graph));
}

void write_all(const std::string& stem, const OpenModel& model, const Answers& a,
               const ExplainRequest& request) {
  if (model.pool->is_text()) {
    write_file(stem + ".html", to_html(text_view_of(model, a, request.queries)));
    if (a.trace.query_tokens.rank() == 2)
      write_file(stem + ".tokens.tsv", format_rows(token_rows(model, a)));
    if (a.trace.weights.rank() == 2) write_file(stem + ".tsv", format_rows(weight_rows(a)));
    return write_graphs(stem, a);
  }
  const Drawing drawing = draw_episode(view_of(model, a, request.queries));
  write_file(stem + ".svg", to_svg(drawing));
  write_file(stem + ".png", to_png(drawing, 2, request.fonts));
  write_file(stem + ".tsv", format_rows(weight_rows(a)));
  write_graphs(stem, a);
}

class EpisodeExplainer : public Explainer {
 public:
  void operator()(const ExplainRequest& request) const override {
    const OpenModel model = open_model(request.model, request.pool, request.episodes);
    EncodedPool pool(model.learner, model.pool, model.params);
    if (request.writes()) make_folders(request.folder);
    if (request.shows() && !model.pool->is_text())
      throw UsageError("show: want a pool of texts, have other examples");
    Rows all;
    for (const std::uint64_t number : request.numbers) {
      const Answers a = answer_episode(model, pool, number);
      if (request.writes()) {
        write_all(request.folder + "/episode-" + std::to_string(number), model, a, request);
      } else if (request.shows()) {
        write_stdout(
            to_terminal(text_view_of(model, a, request.queries), request.show == "colour"));
      } else {
        Rows rows = a.trace.weights.rank() == 2 ? weight_rows(a) : token_rows(model, a);
        all.columns = rows.columns;
        std::ranges::move(rows.lines, std::back_inserter(all.lines));
      }
    }
    if (!request.writes() && !request.shows()) write_stdout(format_rows(all));
  }
};

const Register<Explainer> part{"classification", "support items, words and graphs of an episode",
                               [](const Config&) { return std::make_unique<EpisodeExplainer>(); }};

}  // namespace
}  // namespace attune
