#include "base/file.hpp"
#include "explain/explainer.hpp"
#include "report/alignment_picture.hpp"
#include "train/open_translation.hpp"

namespace attune {
namespace {

AlignmentView view_of(const Translated& a, const Translated::Query& query,
                      const Translated::Map& map) {
  AlignmentView view;
  view.title = query.source + " → " + query.answer;
  view.subtitle = (query.answer == query.reference ? "right" : "wrong, want " + query.reference) +
                  " · " + map.name + " · episode " + std::to_string(a.number);
  view.support.resize(a.support.size());
  for (const Translated::Item& item : a.items)
    (item.target ? view.support[item.pair].target : view.support[item.pair].source)
        .push_back(item.text);
  view.step = query.step;
  view.weights = map.w;
  return view;
}

void write_pictures(const std::string& stem, const Translated& a, const ExplainRequest& request) {
  for (std::size_t q = 0; q < a.queries.size(); ++q)
    for (const Translated::Map& map : a.queries[q].maps) {
      const Drawing drawing = draw_alignment(view_of(a, a.queries[q], map));
      const std::string name = stem + ".query" + std::to_string(q) + "." + map.name;
      write_file(name + ".svg", to_svg(drawing));
      write_file(name + ".png", to_png(drawing, 2, request.fonts));
    }
}

// What of the support a translator read each token of its answers from.
class TranslationExplainer : public Explainer {
 public:
  void operator()(const ExplainRequest& request) const override {
    const Model model = read_model_header(request.model);
    const Config config = Config::parse(model.config, request.model + ": /config");
    const OpenTranslation open =
        open_translation(model, config, request.model, request.pool, request.episodes);
    if (request.writes()) make_folders(request.folder);
    Rows all;
    for (const std::uint64_t number : request.numbers) {
      const Translated a = translated(open, number);
      const Rows rows = alignment_rows(a);
      if (request.writes()) {
        const std::string stem = request.folder + "/episode-" + std::to_string(number);
        write_pictures(stem, a, request);
        write_file(stem + ".tsv", format_rows(rows));
      } else if (request.shows()) {
        for (const Translated::Query& query : a.queries)
          write_stdout(to_terminal(view_of(a, query, query.maps.front())));
      } else {
        all.columns = rows.columns;
        all.lines.insert(all.lines.end(), rows.lines.begin(), rows.lines.end());
      }
    }
    if (!request.writes() && !request.shows()) write_stdout(format_rows(all));
  }
};

const Register<Explainer> part{
    "translation", "which pair each token of an answer was read from",
    [](const Config&) { return std::make_unique<TranslationExplainer>(); }};

}  // namespace
}  // namespace attune
