#include <algorithm>

#include "base/cli.hpp"
#include "learner/faithfulness.hpp"
#include "train/episode_rows.hpp"
#include "train/open_model.hpp"
#include "train/task_family.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "probe", "measures whether a model's attention explains its answers, one row per episode",
    "  attune-probe --model m.h5 --pool p.h5 --episodes 5w5s.h5 --first 1000 -o rows.tsv.gz\n"
    "  attune-tabulate rows.tsv.gz\n"
    "Support items are deleted by attention, at random and by class; labels are swapped; ranks "
    "are\n"
    "compared with leave-one-out importance; all again with weights drawn anew. The columns are\n"
    "explained below the table and in lib/learner/faithfulness.hpp. Wants 2 shots or more.\n"};

void probe(const po::variables_map& options) {
  const std::size_t queries = whole_number(options, "queries", 1, 1 << 20);
  const EpisodeJob job = read_episode_job(options, false);
  const ModelFile model(job.model);
  refuse_unknown_keys(model);
  const OpenModel open = open_model(model, job.pool, job.episodes);
  const std::size_t measured = std::min<std::size_t>(queries, open.file->shape.queries);
  RowHead head = job.named(row_head(open));
  head.shape.back().second = measured;
  watch_signals();
  const auto file = open.file;
  FaithfulnessEvaluator evaluator(open.learner, open.pool,
                                  [file](std::uint64_t number) { return file->episode(number); },
                                  file->shape.ways, open.params, {measured, open.model.seed});
  std::vector<ScoreColumn> columns;
  for (const auto& measure : faithfulness_measures()) columns.push_back({measure, 6});
  const std::size_t count = job.count(file->count());
  write_rows(job, score_episodes(kInfo.verb, head, count, 50, columns, evaluator), nullptr);
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options = episode_options();
  options.add_options()("queries", po::value<std::int64_t>()->default_value(1),
                        "measured per class");
  return run_tool(argc, argv, kInfo, options, {}, probe);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
