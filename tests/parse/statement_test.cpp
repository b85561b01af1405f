// Statements.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "parse/parse_helpers.h"

namespace kjit::parse_tests {

namespace {

std::string tree(std::string text) {
  const std::string whole = without_places(dump(std::move(text)));
  return whole.starts_with("Module\n") ? whole.substr(7) : whole;
}

}  // namespace

TEST(Statements, Assignments) {
  EXPECT_EQ(tree("a = b[0] = c.d = x, y\n"), R"(  body: Assign
    target: Name a
    target: Subscript
      value: Name b
      index: Constant int 0
    target: Attribute d
      value: Name c
    value: Tuple
      element: Name x
      element: Name y
)");
  EXPECT_EQ(tree("a, (b, *c) = d\n"), R"(  body: Assign
    target: Tuple
      element: Name a
      element: Tuple
        element: Name b
        element: Starred
          value: Name c
    value: Name d
)");
  EXPECT_EQ(tree("x: int\ny: float = 1\n"), R"(  body: AnnAssign
    target: Name x
    annotation: Name int
  body: AnnAssign
    target: Name y
    annotation: Name float
    value: Constant int 1
)");
  for (const std::string op : {"+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"}) {
    EXPECT_EQ(tree(fmt::format("a {}= b\n", op)),
              fmt::format("  body: AugAssign {}=\n    target: Name a\n    value: Name b\n", op));
  }
}

TEST(Statements, ElifIsAnIfInTheElseBranch) {
  EXPECT_EQ(dump("if a:\n    b\nelif c:\n    d\nelse:\n    e\n"), R"(Module
  body: If @1:1-6:6
    test: Name a @1:4-1:5
    body: ExprStmt @2:5-2:6
      value: Name b @2:5-2:6
    orelse: If @3:1-6:6
      test: Name c @3:6-3:7
      body: ExprStmt @4:5-4:6
        value: Name d @4:5-4:6
      orelse: ExprStmt @6:5-6:6
        value: Name e @6:5-6:6
)");
}

TEST(Statements, Loops) {
  EXPECT_EQ(tree("for i, j in a, b:\n    continue\nelse:\n    pass\nwhile x: break\nelse: pass\n"), R"(  body: For
    target: Tuple
      element: Name i
      element: Name j
    iter: Tuple
      element: Name a
      element: Name b
    body: Continue
    orelse: Pass
  body: While
    test: Name x
    body: Break
    orelse: Pass
)");
}

TEST(Statements, Functions) {
  const Parsed parsed =
      parse_text("@a\n@b.c(1)\ndef f(p, /, q: int = 1, *r: t, s, u=2, **v) -> w:\n    \"\"\"doc\"\"\"\n    return\n");
  ASSERT_NE(parsed.tree, nullptr) << parsed.messages();
  const auto& f = ast::as<ast::FunctionDef>(*parsed.tree->body()[0]);
  EXPECT_EQ(f.name, "f");
  EXPECT_EQ(parsed.file->text(f.name_span), "f");
  EXPECT_EQ(f.docstring, "doc");
  ASSERT_EQ(f.decorators.size(), 2u);
  EXPECT_EQ(parsed.file->text(f.decorators[1].span), "@b.c(1)");
  ASSERT_EQ(f.parameters.positional.size(), 2u);
  EXPECT_EQ(f.parameters.positional_only, 1u);
  EXPECT_EQ(f.parameters.positional[1].name, "q");
  EXPECT_NE(f.parameters.positional[1].annotation, nullptr);
  EXPECT_NE(f.parameters.positional[1].default_value, nullptr);
  EXPECT_EQ(f.parameters.vararg->name, "r");
  ASSERT_EQ(f.parameters.keyword_only.size(), 2u);
  EXPECT_EQ(f.parameters.keyword_only[0].default_value, nullptr);
  EXPECT_EQ(f.parameters.kwarg->name, "v");
  EXPECT_NE(f.returns, nullptr);
  ASSERT_EQ(f.body.size(), 2u);  // the docstring is a statement too
}

TEST(Statements, Imports) {
  EXPECT_EQ(tree("import a.b as c, d . e\n"), "  body: Import a.b as c, d.e\n");
  EXPECT_EQ(tree("from ... import x\n"), "  body: ImportFrom ...: x\n");
  EXPECT_EQ(tree("from .a.b import (x as y, z,)\n"), "  body: ImportFrom .a.b: x as y, z\n");
  EXPECT_EQ(tree("from a import *\n"), "  body: ImportFrom a: *\n");
}

TEST(Statements, RaiseAndAssert) {
  EXPECT_EQ(tree("raise\n"), "  body: Raise\n");
  EXPECT_EQ(tree("raise E from f\n"), "  body: Raise\n    exception: Name E\n    cause: Name f\n");
  EXPECT_EQ(tree("assert a, 'b'\n"), "  body: Assert\n    test: Name a\n    message: Constant str \"b\"\n");
}

TEST(Statements, OfOtherPythonAreKeptAsUnsupported) {
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"class A(B): pass\n", "a class"},
           {"try:\n    a\nexcept* B as c:\n    d\nelse: e\nfinally: f\n", "'try'"},
           {"with a as b, c: pass\n", "'with'"},
           {"with a(3): pass\n", "'with'"},
           {"with parallel_chunksize(3) as b: pass\n", "'with'"},
           {"with parallel_chunksize(3), b: pass\n", "'with'"},
           {"async def f(): pass\n", "'async'"},
           {"del a, b[0]\n", "'del'"},
           {"global a, b\n", "'global'"},
           {"nonlocal a\n", "'nonlocal'"},
           {"match a:\n    case [1, x]:\n        pass\n    case _: pass\n", "'match'"},
           {"@a\nclass A: pass\n", "a class"}}) {
    EXPECT_EQ(tree(text), fmt::format("  body: UnsupportedStmt \"{}\"\n", what)) << text;
  }
  EXPECT_EQ(tree("match = case = 1\nmatch(x)\n").find("Unsupported"), std::string::npos);
}

TEST(Statements, WithAChunkSizeIsACallBeforeAndAfterItsBlock) {
  const std::string call = "Call\n      func: Attribute parallel_chunksize\n        value: Name a\n      arg: ";
  EXPECT_EQ(tree("with a.parallel_chunksize(3):\n    b\n"),
            "  body: Assign\n    target: Name %chunksize.0\n    value: " + call +
                "Constant int 3\n      keyword entered: Constant True\n  body: ExprStmt\n    value: Name b\n  body: "
                "ExprStmt\n    value: " +
                call + "Name %chunksize.0\n      keyword entered: Constant False\n");
  EXPECT_THAT(tree("for i in a:\n    with parallel_chunksize(3):\n        if i: break\n"),
              testing::HasSubstr("UnsupportedStmt \"'return', 'break' or 'continue' out of a 'with'\""));
  EXPECT_EQ(tree("with parallel_chunksize(3):\n    for i in a: break\n").find("Unsupported"), std::string::npos);
}

TEST(Statements, NodesAreNumberedDensely) {
  const Parsed parsed =
      parse_text("def f(x, y=1):\n    return [a + b for a in x if a < y]\n\nz = f(lambda q: q, f'{1}')\n");
  ASSERT_NE(parsed.tree, nullptr);
  EXPECT_GT(parsed.tree->expr_count(), 10u);
  std::set<uint32_t> ids;
  for (const ast::Stmt* statement : parsed.tree->body()) {
    EXPECT_LT(statement->id, parsed.tree->stmt_count());
    EXPECT_TRUE(ids.insert(statement->id).second);
  }
}

}  // namespace kjit::parse_tests
