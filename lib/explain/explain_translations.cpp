#include "base/output.hpp"
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
  view.followed = query.followed;
  return view;
}

// What of the support a translator read each token of its answers from.
class TranslationExplainer : public Explainer {
 public:
  TranslationExplainer(const Config&, const ExplainRequest& request)
      : request_(request), open_(open_translation(*request.file, request.pool, request.episodes)) {}

  void write(std::uint64_t number) const override {
    const Translated a = translated(open_, number);
    const std::string stem = request_.folder + "/episode-" + std::to_string(number);
    write_file(stem + ".tsv", format_rows(alignment_rows(a)));
    for (std::size_t q = 0; q < a.queries.size(); ++q)
      for (const Translated::Map& map : a.queries[q].maps)
        write_drawing(stem + ".query" + std::to_string(q) + "." + map.name,
                      draw_alignment(view_of(a, a.queries[q], map)), request_);
  }
  std::string text(std::uint64_t number) const override {
    const Translated a = translated(open_, number);
    std::string all;
    for (const Translated::Query& query : a.queries)
      all += to_terminal(view_of(a, query, query.maps.front()));
    return all;
  }
  Rows rows(std::uint64_t number) const override {
    return alignment_rows(translated(open_, number));
  }

 private:
  const ExplainRequest& request_;
  OpenTranslation open_;
};

const Register<Explainer, const ExplainRequest&> part{
    "translation", "which pair each token of an answer was read from",
    [](const Config& config, const ExplainRequest& request) {
      return std::make_unique<TranslationExplainer>(config, request);
    }};

}  // namespace
}  // namespace attune
