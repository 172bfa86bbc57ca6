#include "experiment/rule_book.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/scratch.hpp"

using namespace attune;

TEST_CASE("the same rule stands once, another for its target is refused with both askers") {
  RuleBook book;
  book.rule("out/a", "b c | $(BIN)/attune-train", "\ttrue\n", "toy: first");
  book.rule("out/a", "b c | $(BIN)/attune-train", "\ttrue\n", "toy: second");
  CHECK(book.rules() == "\nout/a: b c | $(BIN)/attune-train\n\ttrue\n");
  for (const auto& [needs, recipe] : std::map<std::string, std::string>{
           {"b", "\ttrue\n"}, {"b c | $(BIN)/attune-train", "\tfalse\n"}}) {
    const std::string text =
        message_of<UsageError>([&] { book.rule("out/a", needs, recipe, "toy: third"); });
    CHECK(text.find("toy: third: want out/a") != std::string::npos);
    CHECK(text.find("of toy: first") != std::string::npos);
  }
  CHECK(message_of<UsageError>([&] {
          book.rule("out/A", "b", "\ttrue\n", "toy: capital");
        }).find("out/A, and out/a of toy: first") != std::string::npos);
}

TEST_CASE("targets that are made together are one rule, and none of them has another") {
  RuleBook book;
  const std::vector<std::string> both = {"out/a", "out/b"};
  book.rule(both, "c", "\ttrue\n", "toy: first");
  book.rule(both, "c", "\ttrue\n", "toy: second");
  CHECK(book.rules() == "\nout/a out/b &: c\n\ttrue\n");
  CHECK_THROWS_AS(book.rule("out/b", "c", "\ttrue\n", "toy: third"), UsageError);
  CHECK_THROWS_AS(book.rule(std::vector<std::string>{"out/x", "a b"}, "c", "\ttrue\n", "toy"),
                  Error);
}

TEST_CASE("a file has one content, and is not made by a rule too") {
  RuleBook book;
  book.file("f.json", "{}", "toy: first");
  book.file("f.json", "{}", "toy: second");
  CHECK(book.files().size() == 1);
  CHECK(message_of<UsageError>([&] {
          book.file("f.json", "{ }", "toy: third");
        }).find("toy: first") != std::string::npos);
  CHECK_THROWS_AS(book.file("F.json", "{}", "toy: third"), UsageError);
  CHECK_THROWS_AS(book.rule("f.json", "b", "\ttrue\n", "toy: third"), UsageError);
}

TEST_CASE("the second wall: texts that make reads as something else are no targets and no needs") {
  RuleBook book;
  for (const char* text : {"",           " ",
                           "a b",        "a\tb",
                           "a\nb",       "a\\",
                           "$(shell x)", "$x",
                           "%",          "a%b",
                           "#a",         "a:b",
                           "a;b",        "a=b",
                           "a|b",        "a*",
                           "a?",         "[a]",
                           "~a",         "-a",
                           "(a)",        "a(b)",
                           "a&b",        "a'b",
                           "a\"b",       "a`b`",
                           "<a",         ">a",
                           "!a",         "{a}",
                           "a\u2028b",   "a\x1b",
                           "a\xff",      "$(BIN)/attune-train"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(book.rule(text, "b", "\ttrue\n", "toy"), Error);
    CHECK_THROWS_AS(book.file(text, "", "toy"), Error);
  }
  for (const char* needs : {"", "a  b", " a", "a ", "$(shell x)", "$(BIN)/attune-", "$(BIN)/x",
                            "$(BIN)/attune-a/b", "a:b", "a=b", "*", "a;b", "-a", "||"}) {
    CAPTURE(needs);
    CHECK_THROWS_AS(book.rule("a", needs, "\ttrue\n", "toy"), Error);
  }
  for (const char* recipe : {"", "true", "true\n", "\ttrue", "\ttrue \\\n", "\ttrue\nall: x\n",
                             "\t$(shell x)\n", "\t$x\n", "\t$(BINX)\n", "\t$$$(shell x)\n"}) {
    CAPTURE(recipe);
    CHECK_THROWS_AS(book.rule("a", "b", recipe, "toy"), Error);
  }
  CHECK(book.rules().empty());
  book.rule("gr\u00F6\u00DFe/a+b_c-d.e@f,g", "b", "\t$(BIN)/x '$(QUOTED_DATA)' $$ > $@\n", "toy");
  CHECK(!book.rules().empty());
}
