// Syntax errors: what is said, and where.
#include <gtest/gtest.h>

#include "parse/parse_helpers.h"

namespace kjit::parse_tests {

struct Case {
  std::string text;
  std::string expected;
};

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(errors(c.text), c.expected) << c.text;
}

TEST(SyntaxErrors, MissingColon) {
  check({
      {"if x\n    y = 1\n", "1:5 expected ':' after the condition of 'if'"},
      {"if x: pass\nelif y\n    pass\n", "2:7 expected ':' after the condition of 'elif'"},
      {"while True\n    pass\n", "1:11 expected ':' after the condition of 'while'"},
      {"for i in range(3)\n    pass\n", "1:18 expected ':' after what 'for' runs over"},
      {"def f(x)\n    return x\n", "1:9 expected ':' after the head of the function"},
      {"class A\n    pass\n", "1:8 expected ':' after the head of the class"},
      {"with open(x) as f\n    pass\n", "1:18 expected ':' after the head of 'with'"},
      {"try\n    pass\nfinally: pass\n", "1:4 expected ':' after 'try'"},
      {"if x:\n    y = 1\nelse if z:\n    y = 2\n", "3:6 expected ':' after 'else'"},
  });
}

TEST(SyntaxErrors, Brackets) {
  check({
      {"f(1, 2\n", "1:2 '(' was never closed"},
      {"x = (1, 2\ny = 3\ndef g():\n    return 1\n", "1:5 '(' was never closed"},
      {"x = [1, 2)\n", "1:10 closing ')' does not match opening '['"},
      {"x = 1)\n", "1:6 unmatched ')'"},
      {"def f(x, y:\n    return x\n", "1:6 '(' was never closed"},
      {"f(a b)\n", "1:5 expected ',' or ')' before 'b'"},
      {"x = [1 2]\n", "1:8 expected ',' or ']' before '2'"},
      {"f(a, , b)\n", "1:6 expected an expression after ','"},
      {"x[]\n", "1:3 expected an expression after '['"},
      {"x = {1: }\n", "1:9 expected an expression after ':'"},
      {"x[1:2:3:4]\n", "1:8 unexpected ':' inside '['"},
  });
}

TEST(SyntaxErrors, Indentation) {
  check({
      {"def f(x):\nreturn x\n", "2:1 expected an indented block after 'def' on line 1"},
      {"if x:\ny = 2\nelse:\n    z = 3\n", "2:1 expected an indented block after 'if' on line 1"},
      {"for i in x:\n", "1:12 expected an indented block after 'for' on line 1"},
      {"if x:\n    y = 1\n  z = 2\n", "3:1 unindent does not match any outer indentation level"},
      {"  x = 1\n", "1:3 unexpected indent"},
      {"x = 1\n    y = 2\nz = 3\n", "2:5 unexpected indent"},
      {"if x:\n\ty = 1\n        z = 2\n", "3:1 inconsistent use of tabs and spaces in indentation"},
  });
}

TEST(SyntaxErrors, MissingOrMisplacedParts) {
  check({
      {"x =\n", "1:4 expected an expression after '='"},
      {"x = 1 +\n", "1:8 expected an expression after '+'"},
      {"x += = 2\n", "1:6 expected an expression after '+='"},
      {"if\n", "1:3 expected an expression after 'if'"},
      {"x = not\n", "1:8 expected an expression after 'not'"},
      {"lambda x: = 3\n", "1:11 expected an expression after ':'"},
      {"raise x from\n", "1:13 expected an expression after 'from'"},
      {"x = a if b\n", "1:11 expected 'else': a conditional expression is written 'a if condition else b'"},
      {"x = a if b else\n", "1:16 expected an expression after 'else'"},
      {"a == not b\n", "1:6 'not' needs parentheses here"},
      {"else:\n    x = 1\n", "1:1 'else' without an 'if', 'for', 'while' or 'try' before it"},
      {"elif x:\n    x = 1\n", "1:1 'elif' without an 'if' before it"},
      {"finally:\n    x = 1\n", "1:1 'finally' without a 'try' before it"},
      {"try:\n    x = 1\ny = 2\n", "3:1 expected 'except' or 'finally' after the block of 'try'"},
      {"try: a\nexcept: b\nexcept C: d\n", "2:1 an 'except' without a type must be the last"},
      {"@njit\nx = 1\n", "2:1 expected a function after the decorator"},
      {"for i x:\n    pass\n", "1:7 expected 'in' after the variable of 'for'"},
      {"x = [i for i y]\n", "1:14 expected 'in' after the variable of 'for'"},
      {"for in x:\n    pass\n", "1:5 expected a variable after 'for'"},
      {"async x\n", "1:7 expected 'def', 'for' or 'with' after 'async'"},
      {"x = y z\n", "1:7 expected an operator or the end of the line before 'z'"},
      {"from a import b c\n", "1:17 expected ',' or the end of the line before 'c'"},
      {"x = 3;; y = 4\n", "1:7 unexpected ';'"},
      {"def f\n", "1:6 expected '(' after the name of the function"},
  });
}

TEST(SyntaxErrors, Names) {
  check({
      {"def class(x):\n    pass\n", "1:5 'class' is a keyword and cannot be a name"},
      {"x.if = 3\n", "1:3 'if' is a keyword and cannot be a name"},
      {"def f(x, class): pass\n", "1:10 'class' is a keyword and cannot be a name"},
      {"def f(1): pass\n", "1:7 expected a parameter after '('"},
      {"def\n", "1:4 expected the name of a function after 'def'"},
      {"import\n", "1:7 expected a name after 'import'"},
      {"import a,\n", "1:10 expected a name after ','"},
      {"from import y\n", "1:6 expected a module name after 'from'"},
      {"x..y\n", "1:3 expected a name after '.'"},
  });
}

TEST(SyntaxErrors, ThingsFromOtherLanguages) {
  const auto hint = [](const std::string& text) { return parse_text(text).diagnostics.all().at(0).hint; };
  EXPECT_EQ(hint("x++\n"), "write 'x += 1' for '++'");
  EXPECT_EQ(hint("if a && b: pass\n"), "use 'and'");
  EXPECT_EQ(hint("if a || b: pass\n"), "use 'or'");
  EXPECT_EQ(hint("if !a: pass\n"), "use 'not'");
  EXPECT_EQ(hint("a <> b\n"), "use '!='");
  EXPECT_EQ(hint("x + = 1\n"), "did you mean '+='?");
  EXPECT_EQ(hint("if a: pass\nelse if b: pass\n"), "use 'elif'");
  EXPECT_EQ(hint("whlie x:\n    pass\n"), "did you mean 'while'?");
  EXPECT_EQ(hint("retrun x\n"), "did you mean 'return'?");
  EXPECT_EQ(hint("x = \u201chello\u201d\n"), "use ' or \"");
  EXPECT_EQ(errors("print x\n"), "1:1 'print' is a function: its arguments need parentheses");
}

TEST(SyntaxErrors, Assignment) {
  check({
      {"if x = 3:\n    y = 1\n", "1:6 '=' in an expression: did you mean '=='?"},
      {"f(a.b=1)\n", "1:6 '=' in an expression: did you mean '=='?"},
      {"f() = 3\n", "1:1 cannot assign to a call"},
      {"1 = x\n", "1:1 cannot assign to a number"},
      {"None = x\n", "1:1 cannot assign to None"},
      {"x + 1 = 2\n", "1:1 cannot assign to an expression"},
      {"(a, 1) = 2\n", "1:5 cannot assign to a number"},
      {"[a, b()] = c\n", "1:5 cannot assign to a call"},
      {"a = 'b' = c\n", "1:5 cannot assign to a string"},
      {"a < b = c\n", "1:1 cannot assign to a comparison"},
      {"(a if b else c) = d\n", "1:2 cannot assign to a conditional expression"},
      {"f'{x}' = 3\n", "1:1 cannot assign to an f-string"},
      {"x, y += 3\n", "1:1 cannot assign to a tuple"},
      {"x, y: int\n", "1:1 a tuple cannot be annotated: only a single name, attribute or element can"},
      {"for 1 in x:\n    pass\n", "1:5 cannot assign to a number"},
      {"[x for y() in z]\n", "1:8 cannot assign to a call"},
      {"del f()\n", "1:5 cannot delete a call"},
      {"a, *b, *c = d\n", "1:8 only one starred target is allowed in an assignment"},
      {"*a = b\n", "1:1 a starred target must be in a list or a tuple"},
      {"x = *a\n", "1:5 a starred expression cannot stand alone here"},
      {"*a\n", "1:1 a starred expression cannot stand alone here"},
      {"x := 3\n", "1:1 ':=' needs parentheses here"},
      {"raise x := y\n", "1:7 ':=' needs parentheses here"},
      {"f(a=b := 1)\n", "1:5 ':=' needs parentheses here"},
      {"lambda: (x := 1)\nf(x := 1)\nif x := 1: a[x := 1]\n", ""},
      {"{*x: 1}\n", "1:2 a starred expression cannot be a key"},
  });
}

TEST(SyntaxErrors, ParametersAndArguments) {
  check({
      {"def f(a, a): pass\n", "1:10 parameter 'a' appears twice"},
      {"def f(a=1, b): pass\n", "1:12 a parameter without default follows one with a default"},
      {"def f(*): pass\n", "1:7 at least one named parameter must follow '*'"},
      {"def f(**k, a): pass\n", "1:12 no parameter can follow '**'"},
      {"def f(*a, *b): pass\n", "1:11 '*' may appear only once"},
      {"def f(/, a): pass\n", "1:7 at least one parameter must come before '/'"},
      {"def f(a, /, b, /): pass\n", "1:16 '/' may appear only once"},
      {"f(a=1, 2)\n", "1:8 positional argument after keyword argument"},
      {"f(a=1, a=2)\n", "1:8 keyword argument 'a' is given twice"},
      {"f(**k, 1)\n", "1:8 positional argument after '**' argument"},
      {"f(**k, *a)\n", "1:8 '*' argument after '**' argument"},
      {"f(x for x in y, 1)\n", "1:3 a generator expression needs parentheses here"},
  });
}

TEST(SyntaxErrors, StatementsInTheWrongPlace) {
  check({
      {"return 1\n", "1:1 'return' outside a function"},
      {"class A:\n    return 1\n", "2:5 'return' outside a function"},
      {"break\n", "1:1 'break' outside a loop"},
      {"for i in x:\n    def f():\n        continue\n", "3:9 'continue' outside a loop"},
      {"while x:\n    pass\nelse:\n    break\n", "4:5 'break' outside a loop"},
      {"def f():\n    from m import *\n", "2:19 'import *' inside a function"},
      {"yield 1\n", "1:1 'yield' outside a function"},
      {"def f():\n    await x\n", "2:5 'await' outside an async function"},
      {"def f():\n    async with x: pass\n", "2:5 'async' outside an async function"},
      {"async def f():\n    async with x: await y\n", ""},
  });
}

TEST(SyntaxErrors, Literals) {
  check({
      {"x = 08\n", "1:5 an integer must not begin with 0"},
      {"x = 0xg\n", "1:5 hexadecimal number without digits"},
      {"x = 1__0\n", "1:6 '_' in a number must stand between two digits"},
      {"x = 0b12\n", "1:8 invalid digit '2' in binary number"},
      {"x = 3abc\n", "1:5 invalid decimal number"},
      {"x = 1e\n", "1:5 invalid decimal number"},
      {"x = \"abc\ny = 2\n", "1:5 unterminated string"},
      {"x = \"\"\"abc\ny = 2\n", "1:5 unterminated triple-quoted string"},
      {"'\\x4'\n", "1:2 '\\x' needs 2 hexadecimal digits"},
      {"'\\U00110000'\n", "1:2 there is no character above \\U0010ffff"},
      {"b'\u00e9'\n", "1:3 bytes hold ASCII characters only"},
      {"'a' b'c'\n", "1:1 bytes and text cannot be joined"},
      {"{1: 2, 3}\n", "1:8 a dict display has ':' in every element, a set display in none"},
  });
}

TEST(SyntaxErrors, FormatStrings) {
  check({
      {"f'{x'\n", "1:3 '{' in an f-string was never closed"},
      {"f'{}'\n", "1:3 empty field in an f-string"},
      {"f'{x!z}'\n", "1:5 '!' in an f-string is followed by 's', 'r' or 'a'"},
      {"f'a}b'\n", "1:4 a single '}' in an f-string"},
      {"f'{a b}'\n", "1:6 expected an operator or '}' before 'b'"},
      {"f'{x:{y}'\n", "1:9 expected '}' at the end of an f-string field"},
      {"f'{x +}'\n", "1:7 expected an expression after '+'"},
      {"f'{\"a\\n\"}'\n", "1:6 '\\' cannot stand in an f-string field"},
      {"f'{x:{y:{z}}}'\n", "1:9 fields of an f-string are nested too deeply"},
  });
}

TEST(SyntaxErrors, Characters) {
  check({
      {"x = a ? b\n", "1:7 invalid character '?'"},
      {"x = $a\n", "1:5 invalid character '$'"},
      {"x = a \\ b\n", "1:7 only the end of the line may follow '\\'"},
      {std::string("x = 1\0\n", 7), "1:6 invalid character U+0000"},
      {"x = 1 \u2212 2\n", "1:7 invalid character '\u2212' (U+2212)"},
      {"x =\u00a01\n", "1:4 invalid character U+00A0"},
      {"x = 1\\\n", "1:6 no line follows '\\'"},
      {"ab\xff\n", "1:3 the text is not valid UTF-8"},
      {"# \xc3\n", "1:3 the text is not valid UTF-8"},
  });
}

TEST(SyntaxErrors, SeveralInOneRun) {
  check({
      {"def f(x):\n    if x > 0\n        return 1\n    else\n        return 2\n",
       "2:13 expected ':' after the condition of 'if'\n4:9 expected ':' after 'else'"},
      {"def f(:\n    return 1\nx = (\ndef g(\n    return 2\n",
       "1:6 '(' was never closed\n3:5 '(' was never closed\n4:6 '(' was never closed"},
      {"x = 1 +\ny = 2\nz = 3 3\n",
       "1:8 expected an expression after '+'\n3:7 expected an operator or the end of the line before '3'"},
      {"f() = 1\ng() = 2\n", "1:1 cannot assign to a call\n2:1 cannot assign to a call"},
  });
  std::string many;
  for (int i = 0; i < 50; ++i) many += "x = = 1\n";
  EXPECT_EQ(parse_text(many).diagnostics.all().size(), 5u);
}

TEST(SyntaxErrors, HaveAKindEach) {
  const auto kind = [](const std::string& text) { return parse_text(text).diagnostics.all().at(0).kind; };
  EXPECT_EQ(kind("x = = 1\n"), source::Diag::syntax_error);
  EXPECT_EQ(kind("  x = 1\n"), source::Diag::bad_indentation);
  EXPECT_EQ(kind("x = 08\n"), source::Diag::bad_literal);
  EXPECT_EQ(kind("x = '\xff'\n"), source::Diag::invalid_utf8);
  EXPECT_EQ(kind(std::string(1000, '(')), source::Diag::too_deep);
}

TEST(SyntaxErrors, AreShownWithTheLine) {
  EXPECT_EQ(parse_text("def f():\n    x = [1, 2)\n").messages(),
            R"(t.py:2:14: error: closing ')' does not match opening '[' [syntax-error]
    2 |     x = [1, 2)
      |              ^
t.py:2:9: note: '[' was opened here
    2 |     x = [1, 2)
      |         ^
)");
}

}  // namespace kjit::parse_tests
