#include "train/episode_rows.hpp"

#include <algorithm>
#include <numeric>

#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "train/side_file.hpp"

namespace po = boost::program_options;

namespace attune {

po::options_description episode_options() {
  po::options_description options;
  options.add_options()("model", po::value<std::string>()->required(), "model of attune-train")(
      "pool", po::value<std::string>(), "pool that the episodes index, where they need one")(
      "episodes", po::value<std::string>()->required(), "frozen episodes of attune-sample")(
      "cell", po::value<std::string>(), "name in the table (default: the learner's kind)")(
      "test", po::value<std::string>(), "name of the test (default: e.g. 5w1s)")(
      "first", po::value<std::int64_t>()->default_value(0), "only the first n episodes, 0 = all")(
      "threads", po::value<int>()->default_value(cores(), "all cores"),
      "changes no bit of the output")("output,o", po::value<std::string>()->default_value("-"),
                                      "rows, TSV; .gz compresses");
  return options;
}

std::size_t EpisodeJob::count(std::size_t episodes_of_file) const {
  return first ? std::min(first, episodes_of_file) : episodes_of_file;
}

RowHead EpisodeJob::named(RowHead head) const {
  if (!cell.empty()) head.cell = cell;
  if (!test.empty()) head.test = test;
  return head;
}

EpisodeJob read_episode_job(const po::variables_map& options, bool side_file) {
  set_threads(options["threads"].as<int>());
  const auto text_of = [&](const char* name) {
    return options.count(name) ? options[name].as<std::string>() : std::string();
  };
  EpisodeJob job;
  job.output = text_of("output");
  if (job.output == "-") {
    check_output(job.output);
  } else {
    std::vector<OutputSet::Member> members;
    if (side_file) members.push_back({kSideEnding, {"{\"evaluate_seconds\""}});
    job.set = std::make_shared<OutputSet>(job.output, std::move(members));
  }
  job.first = whole_number(options, "first", 0, INT64_MAX);
  job.model = text_of("model");
  job.pool = text_of("pool");
  job.episodes = text_of("episodes");
  job.cell = text_of("cell");
  job.test = text_of("test");
  return job;
}

Rows score_episodes(const std::string& verb, const RowHead& head, std::size_t count,
                    std::size_t block, const std::vector<ScoreColumn>& columns,
                    Evaluator& evaluator) {
  Rows rows;
  rows.columns = head.columns();
  const std::vector<std::string> fields = head.fields();
  rows.columns.push_back("episode");
  for (const auto& column : columns) rows.columns.push_back(column.name);
  const std::vector<std::string>& origin = RowOrigin::columns();
  rows.columns.insert(rows.columns.end(), origin.begin(), origin.end());
  const std::vector<std::string> came = head.origin.fields();
  Progress progress(verb, count);
  for (std::size_t begin = 0; begin < count; begin += block) {
    if (stop_signal()) throw Stopped{stop_signal()};
    std::vector<std::uint64_t> numbers(std::min(block, count - begin));
    std::iota(numbers.begin(), numbers.end(), begin);
    const std::vector<Scores> scores = evaluator(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::vector<std::string> line = fields;
      line.push_back(std::to_string(numbers[i]));
      for (const auto& column : columns) {
        const double value = scores[i].at(column.name);
        line.push_back(column.decimals < 0 ? to_text(value) : to_text(value, column.decimals));
      }
      line.insert(line.end(), came.begin(), came.end());
      rows.lines.push_back(std::move(line));
    }
    progress.update(begin + numbers.size());
  }
  return rows;
}

std::string write_rows(const EpisodeJob& job, const Rows& rows,
                       const std::function<std::string(const std::string&)>& side) {
  std::string seal;
  const std::string text = seal_rows(rows, seal);
  if (job.output == "-") {
    write_stdout(text);
    return seal;
  }
  const std::string id = short_hash(seal);
  const auto write = [&] {
    write_file(job.output, job.output.ends_with(".gz") ? gzip(text) : text);
  };
  job.set->commit(id, side ? std::vector<std::string>{side(id)} : std::vector<std::string>{},
                  write);
  return seal;
}

}  // namespace attune
