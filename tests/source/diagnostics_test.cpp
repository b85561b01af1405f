// Findings, their text form, and spelling hints.
#include "source/diagnostics.h"

#include <gtest/gtest.h>

namespace kjit::source {

namespace {

Location place(const SourceFile& file, uint32_t begin, uint32_t end) { return {&file, {begin, end}}; }

}  // namespace

TEST(Diagnostics, AreNamedAndCounted) {
  EXPECT_EQ(diag_name(Diag::undefined_name), "undefined-name");
  EXPECT_EQ(diag_severity(Diag::undefined_name), Severity::Error);
  const SourceFile file("a.py", "y = x\n");
  Diagnostics found;
  found.report(Diag::undefined_name, place(file, 4, 5), "x");
  EXPECT_EQ(found.error_count(), 1u);
  EXPECT_TRUE(found.has_errors());
  EXPECT_EQ(found.all()[0].message, "name 'x' is not defined");
  EXPECT_EQ(found.take().size(), 1u);
  EXPECT_FALSE(found.has_errors());
  EXPECT_TRUE(found.all().empty());
}

TEST(Diagnostics, OutliveTheFile) {
  Diagnostics found;
  {
    const SourceFile file("a.py", "y = x\n");
    found.report(Diag::undefined_name, place(file, 4, 5), "x");
  }
  EXPECT_EQ(render(found.all()), R"(a.py:1:5: error: name 'x' is not defined [undefined-name]
    1 | y = x
      |     ^
)");
}

TEST(Diagnostics, AreShownWithRangeHintAndNotes) {
  const SourceFile file("a.py", "first = 1\nsecond = frist + 1\n");
  Diagnostics found;
  found.report(Diag::undefined_name, place(file, 19, 24), "frist").hint = "did you mean 'first'?";
  found.note(place(file, 0, 5), "'first' is defined here");
  EXPECT_EQ(render(found.all()), R"(a.py:2:10: error: name 'frist' is not defined [undefined-name]
    2 | second = frist + 1
      |          ^~~~~
      hint: did you mean 'first'?
a.py:1:1: note: 'first' is defined here
    1 | first = 1
      | ^~~~~
)");
}

TEST(Diagnostics, WithoutAPlaceHaveNoSource) {
  const SourceFile file("a.py", "x\n");
  Diagnostics found;
  found.report(Diag::syntax_error, {}, "oops");
  found.report(Diag::script_error, {&file, {}}, "cannot be read");
  EXPECT_EQ(render(found.all()), "error: oops [syntax-error]\na.py: error: cannot be read\n");
}

TEST(Diagnostics, CaretsStandUnderTheText) {
  const auto shown = [](const std::string& text, const std::string& part) {
    const SourceFile file("a.py", text);
    const auto begin = static_cast<uint32_t>(text.find(part));
    Diagnostics found;
    found.report(Diag::syntax_error, place(file, begin, begin + static_cast<uint32_t>(part.size())), "wrong");
    const std::string all = render(found.all());
    return all.substr(all.find('\n') + 1);
  };
  EXPECT_EQ(shown("\tx\ty\n", "y"), "    1 |         x       y\n      |                 ^\n");
  EXPECT_EQ(shown("\u00e9 = bad\n", "bad"), "    1 | \u00e9 = bad\n      |     ^~~\n");
  EXPECT_EQ(shown("\u4f60\u597d = bad\n", "bad"),
            "    1 | \u4f60\u597d = bad\n      |        ^~~\n");                           // two columns each
  EXPECT_EQ(shown("e\u0301 = bad\n", "bad"), "    1 | e\u0301 = bad\n      |     ^~~\n");  // a combining accent
  EXPECT_EQ(shown("a\x01\xff = bad\n", "bad"), "    1 | a<01><FF> = bad\n      |             ^~~\n");
  EXPECT_EQ(shown("x = (1,\n  2)\n", "(1,\n  2)"), "    1 | x = (1,\n      |     ^~~\n");  // the first line of several
  EXPECT_EQ(shown("x =\r\n", "\r\n"), "    1 | x =\n      |    ^\n");                      // behind the end of the line
  EXPECT_EQ(shown("\U0001F600 + bad\n", "bad"), "    1 | \U0001F600 + bad\n      |      ^~~\n");
}

TEST(Diagnostics, LongLinesAreCutAroundTheCaret) {
  const std::string text = std::string(5000, 'a') + " bad " + std::string(5000, 'b') + "\n";
  const SourceFile file("a.py", text);
  Diagnostics found;
  found.report(Diag::syntax_error, place(file, 5001, 5004), "wrong");
  const std::string all = render(found.all());
  EXPECT_LT(all.size(), 700u);
  const size_t line = all.find("| "), mark = all.find("| ", line + 2);
  EXPECT_EQ(all.find("bad") - line, all.find('^') - mark);
  EXPECT_NE(all.find("..."), std::string::npos);
}

TEST(Diagnostics, ColorsOnRequest) {
  const SourceFile file("a.py", "x\n");
  Diagnostics found;
  found.report(Diag::syntax_error, place(file, 0, 1), "wrong");
  EXPECT_EQ(render(found.all()[0], false).find('\x1b'), std::string::npos);
  EXPECT_NE(render(found.all()[0], true).find("\x1b[1;31merror:\x1b[0m"), std::string::npos);
}

TEST(Diagnostics, FailureSaysTheFirstError) {
  const SourceFile file("a.py", "y = x\n");
  Diagnostics found;
  found.report(Diag::undefined_name, place(file, 4, 5), "x");
  found.report(Diag::syntax_error, place(file, 0, 1), "wrong");
  const CompileFailure failure(found.take());
  EXPECT_STREQ(failure.what(), "a.py:1:5: name 'x' is not defined");
  EXPECT_EQ(failure.diagnostics().size(), 2u);
}

TEST(Nearest, FindsLikelyMisspellingsOnly) {
  const std::vector<std::string> words{"zeros", "zeros_like", "empty", "arange", "linspace", "sin", "sinh", "x"};
  EXPECT_EQ(nearest("zeroes", words), "zeros");
  EXPECT_EQ(nearest("aragne", words), "arange");  // two letters swapped
  EXPECT_EQ(nearest("Empty", words), "empty");
  EXPECT_EQ(nearest("linsapce", words), "linspace");
  EXPECT_EQ(nearest("sni", words), "sin");
  EXPECT_EQ(nearest("frobnicate", words), "");
  EXPECT_EQ(nearest("y", words), "");
  EXPECT_EQ(nearest("X", words), "x");
  EXPECT_EQ(nearest("zeros", {"zeros"}), "");
  EXPECT_EQ(nearest(std::string(1000, 'a'), words), "");
  EXPECT_EQ(nearest("", words), "");
}

}  // namespace kjit::source
