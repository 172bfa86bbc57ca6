#include "train/state.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/settings_text.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

constexpr int kVersion = 3, kOldest = 2;
constexpr const char* kKind = "attune-state";

void write_array(store::Writer& file, const std::string& name, const Array& array,
                 const std::string& note) {
  const store::Dims dims(array.shape().begin(), array.shape().end());
  file.write<Real>(name, dims.empty() ? store::Dims{1} : dims, array.values(), note);
}

Array read_array(const store::Reader& file, const std::string& name, const Shape& shape) {
  const store::Dims dims = file.dims(name);
  Shape found;
  if (dims.size() > Shape::kMaxRank)
    throw Error(file.path() + ": " + name + ": want shape " + shape.text() + ", have rank " +
                std::to_string(dims.size()));
  for (std::uint64_t dim : dims) found.push_back(dim);
  const Shape wanted = shape.rank() == 0 ? Shape{1} : shape;
  if (!(found == wanted))
    throw Error(file.path() + ": " + name + ": want shape " + wanted.text() + ", have " +
                found.text());
  return Array::of(shape, file.read<Real>(name));
}

void write_numbers(store::Writer& file, const TrainState& state) {
  const double reals[] = {state.best_score, state.loss_sum, state.seconds, state.step_seconds};
  file.write<double>("/progress/reals", {4}, reals, "best score, loss sum, seconds, of steps");
  const std::int64_t counts[] = {static_cast<std::int64_t>(state.step),
                                 static_cast<std::int64_t>(state.best_step),
                                 static_cast<std::int64_t>(state.loss_count)};
  file.write<std::int64_t>("/progress/counts", {3}, counts, "step, best step, losses summed");
  const std::string log[] = {state.log};
  file.write<std::string>("/progress/log", {1}, log, "log so far, JSON lines");
  std::vector<double> curve;
  for (const auto& [step, seconds, score] : state.curve)
    curve.insert(curve.end(), {static_cast<double>(step), seconds, score});
  if (!curve.empty())
    file.write<double>("/progress/curve", {state.curve.size(), 3}, curve,
                       "of each validation: step, seconds, score");
}

void read_numbers(const store::Reader& file, TrainState& state) {
  const auto reals = file.read<double>("/progress/reals");
  const auto counts = file.read<std::int64_t>("/progress/counts");
  const auto log = file.read<std::string>("/progress/log");
  const std::string of_curve = "/progress/curve";
  const auto curve = file.has(of_curve) ? file.read<double>(of_curve) : std::vector<double>{};
  if (reals.size() != 4 || counts.size() != 3 || log.size() != 1 || curve.size() % 3 != 0)
    throw Error(file.path() +
                ": /progress: want 4 reals, 3 counts, a log and a curve of triples, have others");
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  const auto within = [](std::int64_t value, std::int64_t most) {
    return value >= 0 && value <= most;
  };
  if (!within(counts[0], kMost) || !within(counts[1], counts[0]) || !within(counts[2], counts[0]))
    throw Error(file.path() +
                ": /progress/counts: want 0 or more steps, and best step and losses " +
                "summed among them, have " + std::to_string(counts[0]) + ", " +
                std::to_string(counts[1]) + " and " + std::to_string(counts[2]));
  for (std::size_t i = 0; i < curve.size(); i += 3)
    if (!(curve[i] >= 0 && curve[i] <= static_cast<double>(counts[0])))
      throw Error(file.path() + ": /progress/curve: want steps of 0 to " +
                  std::to_string(counts[0]) + ", have " + to_text(curve[i]));
  state.best_score = reals[0];
  state.loss_sum = reals[1];
  state.seconds = reals[2];
  state.step_seconds = reals[3];
  state.step = static_cast<std::size_t>(counts[0]);
  state.best_step = static_cast<std::size_t>(counts[1]);
  state.loss_count = static_cast<std::size_t>(counts[2]);
  state.log = log[0];
  for (std::size_t i = 0; i < curve.size(); i += 3)
    state.curve.push_back({static_cast<std::size_t>(curve[i]), curve[i + 1], curve[i + 2]});
}

std::string short_text(const std::string& hash) {
  return hash.empty() ? "none" : hash.substr(0, 16);
}

// What differs between the run of a checkpoint and this one, "old -> new" each; empty when all is
// equal.
std::vector<std::string> differences(const store::Reader& file, const RunIdentity& now) {
  if (!file.has_attribute("bits")) {
    if (file.text_attribute("identity") == now.hash()) return {};
    return {"configuration or data (a checkpoint of an older version does not say which)"};
  }
  const auto text = [&](const char* name) { return file.text_attribute(name); };
  std::vector<std::string> found = setting_differences(text("config"), now.config);
  const auto compare = [&](const std::string& what, const std::string& old_hash,
                           const std::string& new_hash) {
    if (old_hash != new_hash)
      found.push_back(what + ": " + short_text(old_hash) + " -> " + short_text(new_hash));
  };
  compare("training data", text("data"), now.data);
  compare("validation episodes", text("validation"), now.validation);
  compare("word vectors", text("start"), now.start);
  compare("class of bits", text("bits"), now.bits);
  return found;
}

void read_state(const std::string& path, const RunIdentity& identity, const Params& shape,
                TrainState& state) {
  const store::Reader file(path, kKind, kOldest, kVersion, Reading::own);
  if (const auto found = differences(file, identity); !found.empty())
    throw UsageError(path + ": want the checkpoint of this run, have that of one that differs in " +
                     join(found, "; ") +
                     "; go on as it was begun, or give --restart, which sets it aside");
  state.params = read_params(file, "/current", shape);
  state.average = read_params(file, "/average", shape);
  state.best = read_params(file, "/best", shape);
  const std::string group = "/optimiser/";
  for (const std::string& name : file.names()) {
    if (name.rfind(group, 0) != 0) continue;
    const store::Dims dims = file.dims(name);
    const Shape found{std::span<const std::size_t>(dims.data(), dims.size())};
    state.optimiser[name.substr(group.size())] = read_array(file, name, found);
  }
  read_numbers(file, state);
}

}  // namespace

void write_params(store::Writer& file, const std::string& group, const Params& params) {
  for (const std::string& name : params.names())
    write_array(file, group + "/weights/" + name, params[name].value(), "weight");
  for (const auto& [name, value] : params.buffers())
    write_array(file, group + "/buffers/" + name, value, "running statistic");
}

Params read_params(const store::Reader& file, const std::string& group, const Params& shape) {
  Params params;
  for (const std::string& name : shape.names())
    params.add(name, read_array(file, group + "/weights/" + name, shape[name].shape()));
  for (const auto& [name, value] : shape.buffers())
    params.add_buffer(name, read_array(file, group + "/buffers/" + name, value.shape()));
  return params;
}

std::string RunIdentity::hash() const {
  return Sha256().add_field(config).add_field(data).add_field(validation).add(start).hex();
}

void save_state(const std::string& path, const RunIdentity& identity, const TrainState& state) {
  store::Writer file(path, kKind, kVersion);
  file.attribute("config", identity.config);
  file.attribute("data", identity.data);
  file.attribute("validation", identity.validation);
  file.attribute("start", identity.start);
  file.attribute("bits", identity.bits);
  file.attribute("about", "Checkpoint of a training run; attune-train continues from it.");
  write_params(file, "/current", state.params);
  write_params(file, "/average", state.average);
  write_params(file, "/best", state.best);
  for (const auto& [name, value] : state.optimiser)
    write_array(file, "/optimiser/" + name, value, "optimiser state");
  write_numbers(file, state);
  file.commit();
}

bool load_state(const std::string& path, const RunIdentity& identity, const Params& shape,
                TrainState& state) {
  if (!exists(path)) return false;
  try {
    read_state(path, identity, shape, state);
    return true;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw Error(std::string(error.what()) + "; to start anew, remove " + path);
  }
}

std::string set_state_aside(const std::string& path) {
  constexpr int kMost = 10'000;
  for (int number = 1; number < kMost && exists(path); ++number) {
    const std::string aside = path + "." + std::to_string(number);
    if (::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, aside.c_str(), RENAME_NOREPLACE) == 0)
      return aside;
    // Some file systems know no such rename; a link replaces nothing either.
    if (errno != EEXIST && ::link(path.c_str(), aside.c_str()) == 0) {
      remove_file(path);
      return aside;
    }
    if (errno != EEXIST)
      throw Error(path + ": can't set aside as " + aside + ": " +
                  std::generic_category().message(errno));
  }
  return "";
}

}  // namespace attune
