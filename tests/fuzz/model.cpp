// Models: raw bytes, and any content under a right hash. What is read has the shapes that were
// wanted and a configuration; and a model that nobody changed is read.
#include "train/model.hpp"

#include "base/error.hpp"
#include "forged_file.hpp"

using namespace attune;

namespace {

const Params& wanted() {
  static const Params shape = [] {
    Params made;
    made.add("w", Array::zeros({2, 3}));
    made.add("b", Array::zeros({1}));
    made.add_buffer("m", Array::zeros({3}));
    return made;
  }();
  return shape;
}

const std::vector<ForgedPart>& parts() {
  using store::Type;
  static const std::vector<ForgedPart> all = [] {
    std::vector<ForgedPart> made = {
        {"trained_on", Type::text, {}, "letters:train"},
        {"pool_sha256", Type::text, {}, "0123456789abcdef"},
        {"validation", Type::text, {}, "accuracy 0.97"},
        {"bits", Type::text, {}, "avx2"},
        {"seed", Type::i64, {}, value_of<std::int64_t>({3})},
        {"steps", Type::i64, {}, value_of<std::int64_t>({100})},
        {"parameters", Type::i64, {}, value_of<std::int64_t>({7})},
        {"/config",
         Type::text,
         {1},
         R"({"learner": {"kind": "matching"}, "train": {"steps": 100}})"},
        {"/log", Type::text, {1}, "{\"step\": 100, \"loss\": 0.5}\n"},
        {"/vocabulary/word", Type::text, {2}, "word"},
        {"/vocabulary/examples", Type::u32, {2}, value_of<std::uint32_t>({2, 1})},
        {"/vocabulary/occurrences", Type::u32, {2}, value_of<std::uint32_t>({4, 1})},
        {"/vocabulary/totals", Type::i64, {2}, value_of<std::int64_t>({3, 9})}};
    for (ForgedPart& part : forged_params("")) made.push_back(std::move(part));
    return made;
  }();
  return all;
}

bool accepts(const std::string& path) {
  try {
    const ModelFile file(path);
    const Model& model = file.header();
    require(model.hash.size() == 64);
    require(model.vocabulary.words().size() == model.vocabulary.examples().size());
    file.config().resolved();
    const Params params = file.params(wanted());
    require(params.count() == wanted().count());
    for (const std::string& name : wanted().names())
      require(params[name].shape() == wanted()[name].shape());
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return read_or_forged(data, size, "attune-model", 1, parts(), accepts);
}
