#include "explain/explainer.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/output.hpp"
#include "base/printable.hpp"
#include "train/task_family.hpp"

namespace attune {

void write_drawing(const std::string& stem, const Drawing& drawing, const ExplainRequest& request) {
  write_file(stem + ".svg", to_svg(drawing));
  write_file(stem + ".png", to_png(drawing, 2, request.fonts));
}

void explain(ExplainRequest request) {
  request.file = std::make_shared<ModelFile>(request.model);
  const Config& config = request.file->config();
  check_pool_option(config, request.pool);
  refuse_unknown_keys(*request.file);
  using Explainers = Registry<Explainer, const ExplainRequest&>;
  const auto explainer = Explainers::entries().at(family_name(config)).make(config, request);
  if (request.writes()) make_folders(request.folder);
  Rows all;
  for (const std::uint64_t number : request.numbers) {
    if (request.writes()) {
      explainer->write(number);
    } else if (request.shows()) {
      write_stdout(explainer->text(number));
    } else {
      Rows rows = explainer->rows(number);
      all.columns = std::move(rows.columns);
      std::ranges::move(rows.lines, std::back_inserter(all.lines));
    }
  }
  if (!request.writes() && !request.shows()) write_stdout(printable(format_rows(all), "\n\t"));
}

}  // namespace attune
