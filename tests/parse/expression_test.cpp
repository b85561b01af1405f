// Literals, operators and the rest of expressions.
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "parse/parse_helpers.h"
#include "parse/prediction.h"

namespace kjit::parse_tests {

namespace {

// The dump of one expression, without places.
std::string expr(const std::string& text) {
  std::string whole = without_places(dump(text + "\n"));
  const std::string head = "Module\n  body: ExprStmt\n    value: ";
  if (!whole.starts_with(head)) return whole;
  std::string out, line;
  std::istringstream lines(whole.substr(head.size()));
  while (std::getline(lines, line)) out += (line.starts_with("    ") ? line.substr(4) : line) + "\n";
  out.pop_back();
  return out;
}

const ast::Constant& constant(const Parsed& parsed) {
  return ast::as<ast::Constant>(*ast::as<ast::ExprStmt>(*parsed.tree->body()[0]).value);
}

// The value of a string literal.
std::string string_value(const std::string& text) {
  const Parsed parsed = parse_text(text + "\n");
  return parsed.tree == nullptr ? parsed.messages() : std::string(constant(parsed).text);
}

}  // namespace

TEST(Expressions, Integers) {
  EXPECT_EQ(expr("1_000"), "Constant int 1000");
  EXPECT_EQ(expr("0xFF_ff"), "Constant int 65535");
  EXPECT_EQ(expr("0o17"), "Constant int 15");
  EXPECT_EQ(expr("0B1_01"), "Constant int 5");
  EXPECT_EQ(expr("0_0"), "Constant int 0");
  EXPECT_EQ(expr("9223372036854775808"), "Constant int 9223372036854775808");
  EXPECT_EQ(expr("18446744073709551615"), "Constant int 18446744073709551615");
  EXPECT_EQ(expr("18446744073709551616"), "Constant int too big");
  EXPECT_EQ(constant(parse_text("0x1_0000_0000_0000_0000\n")).text, "0x1_0000_0000_0000_0000");
  EXPECT_EQ(expr("1if 0else 2"), expr("1 if 0 else 2"));
}

TEST(Expressions, Floats) {
  const auto number = [](const std::string& text) { return constant(parse_text(text + "\n")).number; };
  EXPECT_EQ(number("1."), 1.0);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("1e10"), 1e10);
  EXPECT_EQ(number("1_0.2_5E-0_1"), 1.025);
  EXPECT_EQ(number("012.5"), 12.5);
  EXPECT_EQ(number("0.1"), 0.1);
  EXPECT_EQ(number("5e-324"), 5e-324);
  EXPECT_EQ(number("1e400"), INFINITY);
  EXPECT_EQ(number("1e-400"), 0.0);
  EXPECT_EQ(number("1" + std::string(400, '0') + "e-10"), INFINITY);
  EXPECT_EQ(number("0." + std::string(400, '0') + "1e10"), 0.0);
  EXPECT_EQ(number("1e99999999999999999999"), INFINITY);
  EXPECT_EQ(number("0e99999999999999999999"), 0.0);
  EXPECT_EQ(number("1e-99999999999999999999"), 0.0);
  EXPECT_EQ(expr("2.5j"), "Constant imag 0x1.4p+1");
  EXPECT_EQ(expr("1_0J"), "Constant imag 0x1.4p+3");
}

TEST(Expressions, Strings) {
  EXPECT_EQ(string_value(R"('a' "b" '''c''' """d""")"), "abcd");
  EXPECT_EQ(string_value(R"('\\ \' \" \a\b\f\n\r\t\v')"), "\\ ' \" \a\b\f\n\r\t\v");
  EXPECT_EQ(string_value(R"('\x41\u00e9\U0001F600\101\0')"), std::string("A\u00e9\U0001F600"
                                                                         "A\0",
                                                                         9));
  EXPECT_EQ(string_value("'a\\\nb'"), "ab");
  EXPECT_EQ(string_value("'a\\\r\nb'"), "ab");
  EXPECT_EQ(string_value("'''a\r\nb\rc\nd'''"), "a\nb\nc\nd");
  EXPECT_EQ(string_value(R"('\d\ ')"), "\\d\\ ");
  EXPECT_EQ(string_value(R"(r'\n\'')"), "\\n\\'");
  EXPECT_EQ(string_value(R"(Rb'\x')"), "\\x");
  EXPECT_EQ(string_value(R"(b'\xff\u0041')"), "\xff\\u0041");
  EXPECT_EQ(string_value(R"("""a"b""c\"""d""")"), "a\"b\"\"c\"\"\"d");
  EXPECT_EQ(string_value("u''"), "");
  EXPECT_EQ(string_value("('a'\n 'b')"), "ab");
  EXPECT_EQ(expr(R"('\N{DASH}')"), R"(Unsupported "a character name (\\N) in a string")");
  EXPECT_EQ(constant(parse_text("b'a'\n")).value, ast::ConstantKind::Bytes);
}

TEST(Expressions, FormatStrings) {
  EXPECT_EQ(expr("f'a{x}b{{c}}' 'd' f'{y!r:>{w}.2f}'"), R"(JoinedStr
  text: "a"
  field: Name x
  text: "b{c}d"
  field !r: Name y
  format: JoinedStr
    text: ">"
    field: Name w
    text: ".2f")");
  EXPECT_EQ(expr("f'{a[1:2]}{b != c}{d == e}{lambda_}'"), R"(JoinedStr
  field: Subscript
    value: Name a
    index: Slice
      lower: Constant int 1
      upper: Constant int 2
  field: Compare !=
    left: Name b
    right: Name c
  field: Compare ==
    left: Name d
    right: Name e
  field: Name lambda_)");
  EXPECT_EQ(expr("f'{x = }{y=!s}{z=:3}'"), R"(JoinedStr
  text: "x = "
  field !r: Name x
  text: "y="
  field !s: Name y
  text: "z="
  field: Name z
  format: JoinedStr
    text: "3")");
  EXPECT_EQ(expr(R"(f"{d['k']}{f'{x}'}")"), R"(JoinedStr
  field: Subscript
    value: Name d
    index: Constant str "k"
  field: JoinedStr
    field: Name x)");
  EXPECT_EQ(dump("y = f'''\n{\n x\n}'''\n"), R"(Module
  body: Assign @1:1-4:5
    target: Name y @1:1-1:2
    value: JoinedStr @1:5-4:5
      text: "\x0a"
      field: Name x @3:2-3:3
)");
}

TEST(Expressions, Precedence) {
  EXPECT_EQ(expr("-x ** -y ** 2"), expr("-(x ** (-(y ** 2)))"));
  EXPECT_EQ(expr("a + b * c - d"), expr("(a + (b * c)) - d"));
  EXPECT_EQ(expr("a | b ^ c & d << e + f * -g ** h"), expr("a | (b ^ (c & (d << (e + (f * (-(g ** h)))))))"));
  EXPECT_EQ(expr("not a == b"), expr("not (a == b)"));
  EXPECT_EQ(expr("a or b and not c"), expr("a or (b and (not c))"));
  EXPECT_EQ(expr("a if b else c if d else e"), expr("a if b else (c if d else e)"));
  EXPECT_EQ(expr("a @ b / c // d % e"), expr("(((a @ b) / c) // d) % e"));
  EXPECT_EQ(expr("~a.b[c](d)"), expr("~(((a.b)[c])(d))"));
}

TEST(Expressions, ComparisonsAndLogicAreFlat) {
  EXPECT_EQ(expr("a < b <= c is not d not in e"),
            "Compare <, <=, is not, not in\n  left: Name a\n  right: Name b\n  right: Name c\n  right: Name d\n  "
            "right: Name e");
  EXPECT_EQ(expr("a and b and c or d"),
            "BoolOp or\n  value: BoolOp and\n    value: Name a\n    value: Name b\n    value: Name c\n  value: Name d");
  EXPECT_EQ(expr("(a < b) < c"), "Compare <\n  left: Compare <\n    left: Name a\n    right: Name b\n  right: Name c");
}

TEST(Expressions, Subscripts) {
  EXPECT_EQ(expr("a[1:, ::2, ..., None, i]"), R"(Subscript
  value: Name a
  index: Tuple
    element: Slice
      lower: Constant int 1
    element: Slice
      step: Constant int 2
    element: Constant ...
    element: Constant None
    element: Name i)");
  EXPECT_EQ(expr("a[i,]"), "Subscript\n  value: Name a\n  index: Tuple\n    element: Name i");
  EXPECT_EQ(expr("a[:]"), "Subscript\n  value: Name a\n  index: Slice");
}

TEST(Expressions, TuplesAndLists) {
  EXPECT_EQ(expr("()"), "Tuple");
  EXPECT_EQ(expr("(a)"), "Name a");
  EXPECT_EQ(expr("a,"), "Tuple\n  element: Name a");
  EXPECT_EQ(expr("[a, *b]"), "List\n  element: Name a\n  element: Starred\n    value: Name b");
  EXPECT_EQ(expr("[i * j for i, j in z if i if j for k in i]"), R"(ListComp
  element: BinOp *
    left: Name i
    right: Name j
  target: Tuple
    element: Name i
    element: Name j
  iter: Name z
  if: Name i
  if: Name j
  target: Name k
  iter: Name i)");
}

TEST(Expressions, Calls) {
  EXPECT_EQ(expr("f(a, *b, c=1, **d)"), R"(Call
  func: Name f
  arg: Name a
  arg: Starred
    value: Name b
  keyword c: Constant int 1
  **: Name d)");
  EXPECT_EQ(expr("f(x for x in y)"), "Call\n  func: Name f\n  arg: Unsupported \"a generator expression\"");
}

TEST(Expressions, LambdasAreFunctionsOfOneReturn) {
  const Parsed parsed = parse_text("f = lambda x, *a, y=2: x + y\n");
  const auto& lambda = ast::as<ast::Lambda>(*ast::as<ast::Assign>(*parsed.tree->body()[0]).value);
  EXPECT_TRUE(lambda.function->is_lambda);
  EXPECT_EQ(lambda.function->name, "<lambda>");
  ASSERT_EQ(lambda.function->body.size(), 1u);
  EXPECT_EQ(lambda.function->body[0]->kind, ast::StmtKind::Return);
  EXPECT_EQ(lambda.function->parameters.positional.size(), 1u);
  EXPECT_EQ(lambda.function->parameters.vararg->name, "a");
  EXPECT_EQ(lambda.function->parameters.keyword_only[0].name, "y");
}

TEST(Expressions, OfOtherPythonAreKeptAsUnsupported) {
  for (const auto& [text, what] :
       std::vector<std::pair<std::string, std::string>>{{"{}", "a dict"},
                                                        {"{1: 2, **x}", "a dict"},
                                                        {"{1, *x}", "a set"},
                                                        {"{a: b for a in c}", "a dict comprehension"},
                                                        {"{a for a in c}", "a set comprehension"},
                                                        {"(a for a in c)", "a generator expression"},
                                                        {"(a := b)", "':='"},
                                                        {"[a async for a in c]", "an asynchronous comprehension"}}) {
    EXPECT_EQ(expr(text), fmt::format("Unsupported \"{}\"", what)) << text;
  }
}

TEST(Expressions, NeedTheFastStageOfPredictionOnly) {
  for (const char* text : {"for i, (j, *k) in a if b else c: pass\n",
                           "x = [a in b for c in d in e if f in g]\n",
                           "x[a:b, c::d, ...] = y[:]\n",
                           "f(a, b=c, *d, **e)(x for x in y)[lambda: 1]\n",
                           "a = b = c, *d = e\n",
                           "x: int = 3\n",
                           "x += yield\n",
                           "def f(a, /, b: int = 1, *args: x, c=2, **kw) -> int: pass\n",
                           "lambda a, *b, c=1, **d: a if b else c\n",
                           "with (a as b, c as d): pass\n",
                           "with (a, b) as c: pass\n",
                           "with (a): pass\n",
                           "with a, b as c: pass\n",
                           "x = a if b else c if d else e, f\n",
                           "a is not b not in c\n",
                           "print(x, y, sep='', end='\\n',)\n",
                           "@a.b(c)\n@d\nclass E(f, g=h): pass\n",
                           "try: a\nexcept (b, c) as d: e\nelse: f\nfinally: g\n",
                           "async def f():\n    async with a as b: await c\n",
                           "match x:\n    case [1, y] if y: pass\n    case {'a': z}: pass\n"}) {
    const source::SourceFile file("t.py", text);
    EXPECT_FALSE(parse::needs_full_prediction(file)) << text;
    EXPECT_EQ(parse_text(text).messages().find("expected"), std::string::npos) << parse_text(text).messages();
  }
}

}  // namespace kjit::parse_tests
