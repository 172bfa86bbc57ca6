#include <algorithm>

#include "base/cli.hpp"
#include "base/file.hpp"
#include "report/alignment_picture.hpp"
#include "report/episode_picture.hpp"
#include "report/episode_text.hpp"
#include "report/trial_picture.hpp"
#include "train/answers.hpp"
#include "train/open_agent.hpp"
#include "train/open_translation.hpp"
#include "train/task_family.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "explain", "what a model attended to in some episodes: pictures, graphs, weights",
    "  attune-explain --model m.h5 --pool p.h5 --episodes test.h5 -o pictures 0 7\n"
    "  attune-explain --model m.h5 --pool texts.h5 --episodes test.h5 --show colour 7\n"
    "  attune-explain --model m.h5 --pool p.h5 --episodes test.h5 7 | sort -t$'\\t' -k8gr | head\n"
    "  attune-explain --model agent.h5 --episodes tasks.h5 --show colour 7\n"
    "  attune-explain --model translator.h5 --pool pairs.h5 --episodes test.h5 --show plain 7\n"
    "Writes into the folder, of each episode: a PNG, an SVG, the weights as TSV, and a model's "
    "inner\n"
    "attention as graphs for Graphviz: neato -Tsvg pictures/episode-7.layer1.dot. Of an agent: its "
    "steps,\n"
    "and what it attends to in its own past. Of a translator: which pair each token of an answer\n"
    "was read from. Without -o only the weights, to stdout. Whether the "
    "weights\n"
    "explain the answers is measured by attune-probe.\n"};

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

void write_graphs(const std::string& stem, const Answers& a) {
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
      write_file(stem + "." + map.name + head + ".dot", to_dot(graph));
    }
  }
}

void write_all(const std::string& stem, const OpenModel& model, const Answers& a,
               std::size_t queries, const std::string& fonts) {
  if (model.pool->is_text()) {
    write_file(stem + ".html", to_html(text_view_of(model, a, queries)));
    if (a.trace.query_tokens.rank() == 2)
      write_file(stem + ".tokens.tsv", format_rows(token_rows(model, a)));
    if (a.trace.weights.rank() == 2) write_file(stem + ".tsv", format_rows(weight_rows(a)));
    return write_graphs(stem, a);
  }
  const Drawing drawing = draw_episode(view_of(model, a, queries));
  write_file(stem + ".svg", to_svg(drawing));
  write_file(stem + ".png", to_png(drawing, 2, fonts));
  write_file(stem + ".tsv", format_rows(weight_rows(a)));
  write_graphs(stem, a);
}

std::vector<std::uint64_t> numbers_of(const po::variables_map& options) {
  std::vector<std::uint64_t> numbers;
  if (options.count("numbers"))
    for (const auto& text : options["numbers"].as<std::vector<std::string>>()) {
      const std::int64_t number = parse_integer(text, "episode");
      if (number < 0) throw UsageError("episode: want a number from 0 up, have " + text);
      numbers.push_back(static_cast<std::uint64_t>(number));
    }
  if (numbers.empty()) throw UsageError("episode numbers: want at least one, have none");
  return numbers;
}

constexpr std::size_t kMostShownSteps = 1000;

TrialView view_of(const OpenAgent& open, const History& history) {
  TrialView view;
  for (std::uint32_t a = 0; a < open.environment->actions(); ++a)
    view.action_name.push_back(open.environment->action_name(a));
  for (const History::Step& step : history.steps)
    view.steps.push_back({step.action, step.chance, step.reward, step.place, step.begins});
  for (const HistoryMaps::Map& map : history.maps)
    view.maps.push_back({map.name, {map.weights.values().begin(), map.weights.values().end()}});
  const int decimals = std::max(open.environment->reward_decimals(), 0);
  view.title = "Task " + std::to_string(history.number) + " · " + open.environment->title() +
               " · reward " + to_text(history.total(), decimals);
  view.subtitle = open.agent->name() + ", " + std::to_string(view.maps.size()) +
                  (view.maps.size() == 1 ? " map" : " maps") + " of attention";
  return view;
}

// How an agent plays some tasks, and what in its own past it attends to.
void explain_trials(const po::variables_map& options, const std::vector<std::uint64_t>& numbers) {
  const std::string folder = options["output"].as<std::string>();
  const OpenAgent open =
      open_agent(options["model"].as<std::string>(), options["episodes"].as<std::string>());
  if (open.environment->steps() > kMostShownSteps)
    throw Error("model: want tasks of at most " + std::to_string(kMostShownSteps) +
                " steps to show, have " + std::to_string(open.environment->steps()));
  if (folder != "-") make_folders(folder);
  Rows all;
  for (const std::uint64_t number : numbers) {
    const History history = open.agent->history(open.params, *open.tasks, number, open.model.seed);
    const TrialView view = view_of(open, history);
    if (folder != "-") {
      const std::string stem = folder + "/task-" + std::to_string(number);
      const Drawing drawing = draw_trial(view);
      write_file(stem + ".svg", to_svg(drawing));
      write_file(stem + ".png", to_png(drawing, 2, options["fonts"].as<std::string>()));
      write_file(stem + ".tsv", format_rows(history_rows(open, history)));
    } else if (options.count("show")) {
      write_stdout(to_terminal(view, options["show"].as<std::string>() == "colour"));
    } else {
      Rows rows = history_rows(open, history);
      all.columns = rows.columns;
      std::ranges::move(rows.lines, std::back_inserter(all.lines));
    }
  }
  if (folder == "-" && !options.count("show")) write_stdout(format_rows(all));
}

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

// What of the support a translator read each token of its answers from.
void explain_translations(const po::variables_map& options,
                          const std::vector<std::uint64_t>& numbers, const Config& config) {
  const std::string folder = options["output"].as<std::string>();
  const std::string path = options["model"].as<std::string>();
  const OpenTranslation open =
      open_translation(read_model_header(path), config, path, options["pool"].as<std::string>(),
                       options["episodes"].as<std::string>());
  if (folder != "-") make_folders(folder);
  Rows all;
  for (const std::uint64_t number : numbers) {
    const Translated a = translated(open, number);
    const Rows rows = alignment_rows(a);
    const std::string stem = folder + "/episode-" + std::to_string(number);
    for (std::size_t q = 0; q < a.queries.size(); ++q) {
      if (folder == "-" && options.count("show"))
        write_stdout(to_terminal(view_of(a, a.queries[q], a.queries[q].maps.front())));
      for (const Translated::Map& map : a.queries[q].maps) {
        if (folder == "-") break;
        const Drawing drawing = draw_alignment(view_of(a, a.queries[q], map));
        const std::string name = stem + ".query" + std::to_string(q) + "." + map.name;
        write_file(name + ".svg", to_svg(drawing));
        write_file(name + ".png", to_png(drawing, 2, options["fonts"].as<std::string>()));
      }
    }
    if (folder != "-") write_file(stem + ".tsv", format_rows(rows));
    all.columns = rows.columns;
    all.lines.insert(all.lines.end(), rows.lines.begin(), rows.lines.end());
  }
  if (folder == "-" && !options.count("show")) write_stdout(format_rows(all));
}

void explain_episodes(const po::variables_map& options, const std::vector<std::uint64_t>& numbers) {
  const std::size_t queries = whole_number(options, "queries", 0, 1 << 20);
  const std::string folder = options["output"].as<std::string>();
  const OpenModel model =
      open_model(options["model"].as<std::string>(), options["pool"].as<std::string>(),
                 options["episodes"].as<std::string>());
  EncodedPool pool(model.learner, model.pool, model.params);
  if (folder != "-") make_folders(folder);
  Rows all;
  for (const std::uint64_t number : numbers) {
    const Answers a = answer_episode(model, pool, number);
    if (folder != "-") {
      write_all(folder + "/episode-" + std::to_string(number), model, a, queries,
                options["fonts"].as<std::string>());
      continue;
    }
    if (options.count("show")) {
      if (!model.pool->is_text())
        throw UsageError("show: want a pool of texts, have other examples");
      const bool colour = options["show"].as<std::string>() == "colour";
      write_stdout(to_terminal(text_view_of(model, a, queries), colour));
      continue;
    }
    Rows rows = a.trace.weights.rank() == 2 ? weight_rows(a) : token_rows(model, a);
    all.columns = rows.columns;
    std::ranges::move(rows.lines, std::back_inserter(all.lines));
  }
  if (folder == "-" && !options.count("show")) write_stdout(format_rows(all));
}

void explain(const po::variables_map& options) {
  const std::vector<std::uint64_t> numbers = numbers_of(options);
  if (options.count("show")) {
    const std::string& how = options["show"].as<std::string>();
    if (how != "colour" && how != "plain")
      throw UsageError("show: want colour or plain, have " + how);
  }
  const std::string path = options["model"].as<std::string>();
  const Config config = Config::parse(read_model_header(path).config, path + ": /config");
  check_pool_option(config, options["pool"].as<std::string>());
  if (family_name(config) == "control")
    explain_trials(options, numbers);
  else if (family_name(config) == "translation")
    explain_translations(options, numbers, config);
  else
    explain_episodes(options, numbers);
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  options.add_options()("model", po::value<std::string>()->required(), "model of attune-train")(
      "pool", po::value<std::string>()->default_value(""),
      "pool that the episodes index; none for agents")(
      "episodes", po::value<std::string>()->required(),
      "frozen episodes, or tasks of an agent, of attune-sample")(
      "numbers", po::value<std::vector<std::string>>(), "episodes to show, from 0")(
      "show", po::value<std::string>(),
      "texts and agents to read in a terminal: colour, or plain; what weighs most first")(
      "queries", po::value<std::int64_t>()->default_value(2),
      "shown per class in pictures, 0 = all")(
      "fonts", po::value<std::string>()->default_value(kFontFolder), "folder of DejaVuSans.ttf")(
      "output,o", po::value<std::string>()->default_value("-"),
      "folder of the pictures; - for weights to stdout");
  po::positional_options_description positional;
  positional.add("numbers", -1);
  return run_tool(argc, argv, kInfo, options, positional, explain);
}
