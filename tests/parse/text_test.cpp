// Lines, indentation, characters: how a text becomes tokens.
#include <gtest/gtest.h>

#include "parse/parse_helpers.h"

namespace kjit::parse_tests {

namespace {

std::string tokens(std::string text) {
  auto file = std::make_shared<source::SourceFile>("t.py", std::move(text));
  source::Diagnostics diagnostics;
  std::string dumped = parse::dump_tokens(file, diagnostics);
  return dumped + source::render(diagnostics.all());
}

const std::string kTwoLines =
    "Module\n  body: Assign\n    target: Name a\n    value: Constant int 1\n"
    "  body: Assign\n    target: Name b\n    value: Constant int 2\n";
const std::string kBlock = "Module\n  body: If\n    test: Name x\n    body: Pass\n    body: Pass\n  body: Pass\n";

std::string tree(std::string text) { return without_places(dump(std::move(text))); }

}  // namespace

TEST(Text, TokensAreDumpedOneALine) {
  EXPECT_EQ(tokens("if x:\n    y = 'a' + 1.5j  # c\n"), R"(1:1 IF if
1:4 NAME x
1:5 COLON :
1:6 NEWLINE
2:1 INDENT
2:5 NAME y
2:7 ASSIGN =
2:9 STRING 'a'
2:13 PLUS +
2:15 IMAGINARY 1.5j
2:24 NEWLINE
3:1 DEDENT
3:1 EOF
)");
}

TEST(Text, LineEndsOfEverySystem) {
  EXPECT_EQ(tree("a = 1\nb = 2\n"), kTwoLines);
  EXPECT_EQ(tree("a = 1\r\nb = 2\r\n"), kTwoLines);
  EXPECT_EQ(tree("a = 1\rb = 2\r"), kTwoLines);
  EXPECT_EQ(tree("a = 1\nb = 2"), kTwoLines);
  EXPECT_EQ(tree("a = 1\n\n  \n# c\n\t# c\nb = 2 # c"), kTwoLines);
  EXPECT_EQ(tree("a = 1; b = 2"), kTwoLines);
  EXPECT_EQ(tree("a = 1; b = 2;\n"), kTwoLines);
  EXPECT_EQ(tree("\xEF\xBB\xBF"
                 "a = 1\nb = 2\n"),
            kTwoLines);
}

TEST(Text, JoinedLines) {
  EXPECT_EQ(tree("a = \\\n  1\nb = \\\r\n 2\n"), kTwoLines);
  EXPECT_EQ(tree("a = (\n1\n  # c\n)\nb = (2\n\n)\n"), kTwoLines);
  EXPECT_EQ(tree("x = [1,\n2,\n     ]\n"), tree("x = [1, 2]\n"));
  EXPECT_EQ(tree("if x and \\\ny:\n    pass\n"), tree("if x and y:\n  pass\n"));
}

TEST(Text, IndentationOfEveryKind) {
  EXPECT_EQ(tree("if x:\n    pass\n    pass\npass\n"), kBlock);
  EXPECT_EQ(tree("if x:\n\tpass\n\tpass\npass\n"), kBlock);
  EXPECT_EQ(tree("if x:\n \tpass\n \tpass\npass\n"), kBlock);
  EXPECT_EQ(tree("if x:\n    pass\n\n# c\n        # c\n    pass\n  # c\npass\n"), kBlock);
  EXPECT_EQ(tree("if x:\n    pass\n\f    pass\n\f\npass\n"), kBlock);
  EXPECT_EQ(tree("if x: pass; pass\npass\n"), kBlock);
  EXPECT_EQ(tree("if x:\n    pass\n    pass\npass"), kBlock);
}

TEST(Text, EmptyTexts) {
  for (const char* text : {"", "\n", "   ", "# c", "\n\n  # c\n", "\f"}) EXPECT_EQ(dump(text), "Module\n") << text;
}

TEST(Text, NamesBeyondAscii) {
  EXPECT_EQ(
      dump("\u03b1\u03b2 = \u4f60\n"),
      "Module\n  body: Assign @1:1-1:7\n    target: Name \u03b1\u03b2 @1:1-1:3\n    value: Name \u4f60 @1:6-1:7\n");
}

TEST(Text, NestingIsBounded) {
  const auto repeat = [](const std::string& piece, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += piece;
    return out;
  };
  const auto kind = [](std::string text) {
    const Parsed parsed = parse_text(std::move(text));
    return parsed.tree != nullptr ? "parsed" : std::string(source::diag_name(parsed.diagnostics.all().at(0).kind));
  };
  EXPECT_EQ(kind(repeat("(", 150) + "x" + repeat(")", 150)), "parsed");
  EXPECT_EQ(kind(repeat("[", 150) + repeat("]", 150)), "parsed");
  EXPECT_EQ(kind("x" + repeat(" + 1", 400)), "parsed");
  EXPECT_EQ(kind("x" + repeat(" and y", 10000)), "parsed");
  EXPECT_EQ(kind("x" + repeat(" < y", 10000)), "parsed");
  EXPECT_EQ(kind("f(" + repeat("1, ", 10000) + ")"), "parsed");
  EXPECT_EQ(kind(repeat("(", 10000)), "too-deep");
  EXPECT_EQ(kind(repeat("f(", 10000)), "too-deep");
  EXPECT_EQ(kind("x" + repeat(" + 1", 10000)), "too-deep");
  EXPECT_EQ(kind("x" + repeat(" ** 1", 10000)), "too-deep");
  EXPECT_EQ(kind(repeat("-", 10000) + "x"), "too-deep");
  EXPECT_EQ(kind(repeat("not ", 10000) + "x"), "too-deep");
  EXPECT_EQ(kind(repeat("lambda: ", 10000) + "x"), "too-deep");
  EXPECT_EQ(kind(repeat("x if y else ", 10000) + "x"), "too-deep");
  EXPECT_EQ(kind("x" + repeat(".y", 10000)), "too-deep");
  EXPECT_EQ(kind("x" + repeat("[0]", 10000)), "too-deep");
  EXPECT_EQ(kind("x" + repeat("()", 10000)), "too-deep");
  EXPECT_EQ(kind("for x" + repeat(".y", 10000) + " in z: pass"), "too-deep");
  EXPECT_EQ(kind("x = " + repeat("y = ", 10000) + "z"), "parsed");
  EXPECT_EQ(kind("if x: pass\n" + repeat("elif x: pass\n", 10000)), "too-deep");
  EXPECT_EQ(kind(repeat("(not -", 150) + "x" + repeat(")", 150)), "parsed");
  std::string blocks;
  for (int i = 0; i < 1000; ++i) blocks += std::string(static_cast<size_t>(i), ' ') + "if x:\n";
  EXPECT_EQ(kind(blocks), "too-deep");
}

TEST(Text, DeepestNestingFitsTheStack) {
  // Every limit at once: blocks around brackets around operators.
  std::string text;
  for (int i = 0; i < 99; ++i) text += std::string(static_cast<size_t>(i), ' ') + "if x:\n";
  const std::string nested = std::string(190, '(') + "x" + std::string(190, ')');
  text += std::string(99, ' ') + "y = " + nested + "\n";
  const Parsed parsed = parse_text(text);
  EXPECT_TRUE(parsed.tree != nullptr || parsed.diagnostics.all().at(0).kind == source::Diag::too_deep)
      << parsed.messages();
}

}  // namespace kjit::parse_tests
