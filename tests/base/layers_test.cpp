// What may include what: the layers of lib/, and the libraries that are walled in.
#include <doctest/doctest.h>

#include <map>
// GCC 12 warns of std::regex itself when the sanitizers are on.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <regex>
#include <set>

#include "base/file.hpp"
#include "base/text.hpp"
#include "source_path.hpp"

using namespace attune;

namespace {

using Names = std::set<std::string>;

std::string source(const std::string& path) {
  constexpr std::size_t kLimit = 10000000;
  return read_file(source_path(path), kLimit);
}

// One line of lib/layers.txt: folder, precision, layers it uses, what it holds.
using Layer = std::vector<std::string>;

std::vector<Layer> layers() {
  std::vector<Layer> found;
  for (const std::string& line : split(source("lib/layers.txt"), '\n')) {
    if (line.empty() || line[0] == '#') continue;
    Layer& layer = found.emplace_back(split(line, '|'));
    REQUIRE(layer.size() == 4);
    for (std::string& column : layer) column = trim(column);
  }
  return found;
}

// Each layer with those it uses; all that these use is allowed too.
const std::map<std::string, Names>& table() {
  static const std::map<std::string, Names> found_once = [] {
    std::map<std::string, Names> found;
    for (const Layer& layer : layers()) {
      const auto uses = layer[2].empty() ? Layer{} : split(layer[2], ' ');
      found[layer[0]] = {uses.begin(), uses.end()};
    }
    return found;
  }();
  return found_once;
}

Names allowed(const std::string& layer) {
  Names closure{layer};
  for (const std::string& used : table().at(layer)) closure.merge(allowed(used));
  return closure;
}

// Everything wrong with a file of lib/: its path below lib/, its text.
std::vector<std::string> violations(const std::string& path, const std::string& text) {
  static const std::regex quoted(R"re(^\s*#\s*include\s*"([^"]*)")re");
  static const std::regex angled(R"(^\s*#\s*include\s*[<"]([^>"]*)[>"])");
  static const std::regex arrays(R"(^(xtensor|xtensor-blas|xflens|xsimd|oneapi)/.*|)"
                                 R"(.*\b(cblas\w*|lapacke?|dnnl\w*|omp)\.h(pp)?$)");
  static const std::regex leaving(R"((^|[^A-Za-z0-9_])(_?exit|quick_exit|_Exit)\s*\()");
  std::vector<std::string> found;
  const auto note = [&](const std::string& what) { found.push_back(path + ": " + what); };
  const std::string layer = path.substr(0, path.find('/'));
  if (!table().contains(layer)) {
    note("unknown layer");
    return found;
  }
  const Names known = allowed(layer);
  for (const std::string& line : split(text, '\n')) {
    std::smatch match;
    if (std::regex_search(line, match, quoted)) {
      const std::string name = match[1];
      const bool inside = name.find('/') != std::string::npos;
      if (!inside || !known.contains(name.substr(0, name.find('/')))) note("includes " + name);
    }
    if (std::regex_search(line, match, angled)) {
      const std::string name = match[1];
      if (layer != "array" && std::regex_match(name, arrays)) note("includes " + name);
      if (layer != "store" && name.starts_with("hdf5")) note("includes " + name);
      const bool ours =
          name.find('/') != std::string::npos && table().contains(name.substr(0, name.find('/')));
      if (ours && line.find('<') != std::string::npos) {
        note("includes our own " + name + " as a library's");
      }
    }
    // There no exception can go any further.
    if (path != "base/terminate.cpp" && std::regex_search(line.substr(0, line.find("//")), leaving))
      note("calls exit");
  }
  return found;
}

std::vector<std::string> sources() {
  std::vector<std::string> paths;
  for (const std::string& path : list_files(source_path("lib"))) {
    if (path.ends_with(".hpp") || path.ends_with(".cpp")) paths.push_back(path);
  }
  return paths;
}

}  // namespace

TEST_CASE("no file of lib/ reaches upwards, through a wall, or ends the process") {
  const std::vector<std::string> paths = sources();
  REQUIRE(paths.size() > 20);
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    for (const std::string& violation : violations(path, source("lib/" + path))) {
      found.push_back(violation);
    }
  }
  CAPTURE(join(found, "\n"));
  CHECK(found.empty());
}

TEST_CASE("forbidden edges are found") {
  for (const char* line :
       {"#include \"array/array.hpp\"", "# include \"train/loop.hpp\"", "#include \"cli.hpp\"",
        "#include \"nowhere/x.hpp\"", "#include <xtensor/xarray.hpp>", "#include <cblas.h>",
        "#include <openblas/cblas.h>", "#include <oneapi/dnnl/dnnl.hpp>", "#include \"dnnl.h\"",
        "#include <omp.h>", "#include <hdf5.h>", "#include <hdf5_hl.h>", "#include <base/x.hpp>",
        "  exit(1);", "std::exit (1);", "{_exit(2);", "std::quick_exit(0);"}) {
    CAPTURE(line);
    CHECK(violations("base/x.cpp", std::string("// first\n") + line + "\n").size() >= 1);
  }
  CHECK(violations("elsewhere/x.cpp", "").size() == 1);
  CHECK(violations("metric/x.cpp", "#include \"array/array.hpp\"\n").size() == 1);
  CHECK(violations("array/x.cpp", "#include <hdf5.h>\n").size() == 1);
}

TEST_CASE("allowed edges are not") {
  CHECK(violations("array/x.cpp", "#include <xtensor/xarray.hpp>\n#include <omp.h>\n").empty());
  CHECK(violations("base/x.cpp", "#include <array>\n").empty());
  CHECK(violations("store/x.cpp", "#include <hdf5.h>\n#include \"base/file.hpp\"\n").empty());
  CHECK(
      violations("train/x.cpp", "#include \"base/rng.hpp\"\n#include \"store/h5.hpp\"\n").empty());
  CHECK(violations("base/x.cpp", "// no exit() here\nint on_exit_code(int);\n").empty());
}

TEST_CASE("a layer uses those above it in the list, and each folder is one") {
  Names above, folders;
  for (const Layer& layer : layers()) {
    CAPTURE(layer[0]);
    for (const std::string& used : table().at(layer[0])) CHECK(above.contains(used));
    CHECK((layer[1] == "float" || layer[1] == "both"));
    CHECK(above.insert(layer[0]).second);
  }
  for (const std::string& path : sources()) folders.insert(path.substr(0, path.find('/')));
  CHECK(folders == above);
}

TEST_CASE("lib/README.md shows the list") {
  const std::string page = source("lib/README.md");
  for (const Layer& layer : layers()) {
    const std::string uses = layer[2].empty() ? "–" : layer[2];
    const std::string row =
        "| `" + layer[0] + "` | " + layer[1] + " | " + uses + " | " + layer[3] + " |\n";
    CAPTURE(row);
    CHECK(page.find(row) != std::string::npos);
  }
}
