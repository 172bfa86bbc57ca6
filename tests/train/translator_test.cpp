// A translator through the trainer: validation by decoding, checkpoints, and the same bits after
// crashes.
#include <doctest/doctest.h>

#include "train/resume.hpp"
#include "translator/tiny_translation.hpp"

using namespace attune;

TEST_CASE("a translator's training, killed and continued, comes to the same bits") {
  for (const std::string& kind : TranslationModelRegistry::names()) {
    CAPTURE(kind);
    // With dropout, whose draws must be the same again.
    const TinyTranslation tiny("{\"kind\": \"" + kind + "\", \"features\": 8}");
    const auto problem = translator_problem(tiny.bound(5, 2, {2, 0.6}));
    check_resume(R"({"steps": 9, "batch": 2, "validate_every": 4, "metric": "chrf"})", *problem, 3,
                 {2, 5, 7});
  }
}
