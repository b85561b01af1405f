// The evaluator by itself: what scripts print, compared with what CPython and NumPy printed, and how they fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "eval/script.h"
#include "support/paths.h"

namespace kjit::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> scripts() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/tests/eval/scripts"))
    if (entry.path().extension() == ".py") out.push_back(entry.path().stem());
  return out;
}

// Each NAME.py prints NAME.expected, which `python3 NAME.py` wrote.
class PrintsWhatPythonPrints : public testing::TestWithParam<std::string> {};

TEST_P(PrintsWhatPythonPrints, Script) {
  const std::string stem = source_dir() + "/tests/eval/scripts/" + GetParam();
  EXPECT_EQ(output_of(read(stem + ".py")), read(stem + ".expected"));
}

INSTANTIATE_TEST_SUITE_P(Scripts, PrintsWhatPythonPrints, testing::ValuesIn(scripts()),
                         [](const auto& info) { return info.param; });

TEST(ScriptErrors, NameTheKindThePlaceAndTheLine) {
  const std::string shown = error_of("x = 1\ny = x // (x - 1)\n");
  EXPECT_THAT(shown, HasSubstr("script.py:2:5: error: ZeroDivisionError: integer division or modulo by zero\n"));
  EXPECT_THAT(shown, HasSubstr("y = x // (x - 1)"));
  EXPECT_THAT(shown, HasSubstr("^~~~"));
}

TEST(ScriptErrors, ShowWhereTheFunctionWasCalled) {
  const std::string shown = error_of("def f(a):\n    return a[3]\nf([1])\n");
  EXPECT_THAT(shown, HasSubstr("script.py:2:12: error: IndexError: list index out of range"));
  EXPECT_THAT(shown, HasSubstr("script.py:3:1: note: called here"));
}

struct Failure {
  const char* text;
  const char* message;
};

class Fails : public testing::TestWithParam<Failure> {};

TEST_P(Fails, WithThatMessage) { EXPECT_THAT(error_of(GetParam().text), HasSubstr(GetParam().message)); }

INSTANTIATE_TEST_SUITE_P(
    Scripts, Fails,
    testing::Values(Failure{"print(undefinde)", "name 'undefinde' is not defined"},
                    Failure{"value = 1\nprint(vlaue)", "did you mean 'value'?"},
                    Failure{"18446744073709551615 + 1", "OverflowError"},
                    Failure{"-9223372036854775807 - 2", "OverflowError"}, Failure{"[0][2 ** 63]", "OverflowError"},
                    Failure{"x = 2 ** 64", "OverflowError"}, Failure{"x = 99999999999999999999", "OverflowError"},
                    Failure{"def f(n):\n    return f(n + 1)\nf(0)", "RecursionError: maximum recursion depth exceeded"},
                    Failure{"raise ValueError('bad')", "ValueError: bad"},
                    Failure{"raise RuntimeError", "RuntimeError"}, Failure{"raise KeyError('k')", "KeyError: 'k'\n"},
                    Failure{"raise KeyError(3)", "KeyError: 3\n"}, Failure{"assert 1 == 2, 'no'", "AssertionError: no"},
                    Failure{"'a' + 1", "TypeError: can only concatenate str (not \"int\") to str"},
                    Failure{"1 + 'a'", "unsupported operand type(s) for +: 'int' and 'str'"},
                    Failure{"a, b = 1, 2, 3", "ValueError: too many values to unpack (expected 2)"},
                    Failure{"a, b = [1]", "not enough values to unpack (expected 2, got 1)"},
                    Failure{"a, b = 1", "cannot unpack non-iterable int object"},
                    Failure{"def f(a):\n    pass\nf()", "f() missing required argument: 'a'"},
                    Failure{"def f(a):\n    pass\nf(1, 2)", "f() takes 1 positional argument but 2 were given"},
                    Failure{"def f(a):\n    pass\nf(b=1)", "unexpected keyword argument 'b'"},
                    Failure{"def f():\n    x = y\n    y = 1\nf()", "cannot access local variable 'y'"},
                    Failure{"def f(**kw):\n    pass\nf(a=1)", "f() has a parameter **kwargs, which is not supported"},
                    Failure{"def f(a):\n    pass\nf(**{'a': 1})", "** in a call is not supported"},
                    Failure{"x = {1: 2}", "is not supported"}, Failure{"class C:\n    pass", "is not supported"},
                    Failure{"try:\n    pass\nexcept ValueError:\n    pass", "is not supported"},
                    Failure{"with open('f') as f:\n    pass", "is not supported"},
                    Failure{"import pandas", "there is no module 'pandas'"},
                    Failure{"import math\nmath.sqroot(1)", "module 'math' has no attribute 'sqroot'"},
                    Failure{"import math\nmath.sqrt(-1)", "ValueError: math domain error"},
                    Failure{"(1).foo", "'int' object has no attribute 'foo'"},
                    Failure{"x = 5\nx()", "'int' object is not callable"},
                    Failure{"for i in 5:\n    pass", "'int' object is not iterable"},
                    Failure{"f'{1:q}'", "Unknown format code 'q'"},
                    Failure{"import numpy as np\nnp.zeros(3)[3]",
                            "IndexError: index 3 is out of bounds for axis 0 with size 3"},
                    Failure{"import numpy as np\nnp.zeros(3)[0, 0]", "too many indices for array"},
                    Failure{"import numpy as np\na = np.zeros(3)\na[:] = np.zeros(2)",
                            "could not broadcast input array from shape (2,) into shape (3,)"},
                    Failure{"import numpy as np\nnp.zeros((2, -1))", "negative dimensions are not allowed"},
                    Failure{"import numpy as np\nif np.zeros(2):\n    pass", "truth value of an array"},
                    Failure{"import numpy as np\nnp.random.seed(-1)", "Seed must be between 0 and 2**32 - 1"}));

TEST(ScriptErrors, AllUnsupportedStatementsOfTheTopLevelAreNamedBeforeAnythingRuns) {
  ScriptHost host;
  eval::Interpreter interpreter(host);
  try {
    run_script(interpreter, "print('ran')\nclass A:\n    pass\nclass B:\n    pass\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Compile);
    EXPECT_EQ(error.findings().size(), 2u);
    EXPECT_EQ(host.output, "");
  }
}

TEST(Imports, LocalFilesRunOnceAndShareTheirGlobals) {
  const std::map<std::string, std::string> files{
      {"common", "print('loading', __name__)\nlimit = 3\ndef clamp(v):\n    return min(v, limit)\n"}};
  EXPECT_EQ(output_of("from common import clamp\nimport common as c\nprint(clamp(5), c.limit, c.clamp(1))\n", files),
            "loading common\n3 3 1\n");
}

TEST(Imports, UnknownNamesOfAFileHaveAHint) {
  ScriptHost host;
  host.files["common"] = "clamp = 1\n";
  eval::Interpreter interpreter(host);
  try {
    run_script(interpreter, "from common import clmap\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.render(),
                AllOf(HasSubstr("module 'common' has no attribute 'clmap'"), HasSubstr("did you mean 'clamp'?")));
  }
}

TEST(Imports, ErrorsInsideAFileShowTheImport) {
  ScriptHost host;
  host.files["common"] = "x = 1 // 0\n";
  eval::Interpreter interpreter(host);
  try {
    run_script(interpreter, "import common\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.render(), AllOf(HasSubstr("common.py:1:5: error: ZeroDivisionError"),
                                      HasSubstr("script.py:1:8: note: called here")));
  }
}

TEST(Scripts, SeeTheirArgumentsAndExitWithAStatus) {
  ScriptHost host;
  host.arguments = {"script.py", "a", "7"};
  eval::Interpreter interpreter(host);
  try {
    run_script(
        interpreter,
        "import sys\nprint(sys.argv, int(sys.argv[2]) + 1)\nprint('e', file=sys.stderr)\nsys.exit(3)\nprint('no')\n");
    FAIL();
  } catch (const eval::Exit& exit) {
    EXPECT_EQ(exit.status, 3);
  }
  EXPECT_EQ(host.output, "['script.py', 'a', '7'] 8\n");
  EXPECT_EQ(host.errors, "e\n");
}

TEST(Scripts, StopWhenTheHostAsks) {
  ScriptHost host;
  host.stop = true;
  eval::Interpreter interpreter(host);
  try {
    run_script(interpreter, "while True:\n    pass\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Interrupted);
  }
}

TEST(Kernels, AreCalledThroughTheHostWithTheirGlobalsFrozen) {
  ScriptHost host;
  std::vector<Value> seen;
  host.on_call = [&](const sema::FunctionRef& function, const std::vector<Value>& args) -> Value {
    EXPECT_EQ(function.def->name, "kernel");
    EXPECT_EQ(function.options->kind, sema::FunctionOptions::Kind::Jit);
    const auto scale = function.globals->lookup("scale");
    EXPECT_TRUE(scale && scale->type->weak && std::get<double>(scale->value) == 2.5);
    const auto table = function.globals->lookup("table");
    EXPECT_TRUE(table && table->type->is_array() && table->type->readonly);
    EXPECT_EQ(function.globals->lookup("np")->type->text, "numpy");
    const auto helper = function.globals->lookup("helper");
    EXPECT_TRUE(helper && helper->type->kind == sema::TypeKind::Function);
    EXPECT_EQ(function.globals->function(helper->type->function)->options->kind, sema::FunctionOptions::Kind::Plain);
    EXPECT_EQ(function.globals->function(helper->type->function)->defaults.size(), 1u);
    EXPECT_FALSE(function.globals->lookup("nowhere"));
    EXPECT_EQ(function.globals->lookup("things")->type, nullptr);
    seen = args;
    return 42;
  };
  eval::Interpreter interpreter(host);
  run_script(interpreter, R"(
import numpy as np
from numba import njit
scale = 2.5
table = np.arange(3)
things = [1, 2]
def helper(x, y=1):
    return x + y
@njit
def kernel(x):
    return helper(x) * scale + table[0]
print(kernel(7))
)");
  EXPECT_EQ(host.output, "42\n");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].as_int(), 7);
}

TEST(Kernels, ThatAreClosuresSeeTheirCapturedVariables) {
  ScriptHost host;
  host.on_call = [&](const sema::FunctionRef& function, const std::vector<Value>&) -> Value {
    return std::get<int64_t>(function.globals->lookup("k")->value);
  };
  eval::Interpreter interpreter(host);
  run_script(interpreter, R"(
from numba import njit
def make(k):
    @njit
    def kernel(x):
        return x * k
    return kernel
a, b = make(3), make(4)
print(a(0), b(0), a.py_func(10))
)");
  EXPECT_EQ(host.output, "3 4 30\n");
}

TEST(Values, ConvertOrSayWhatTheyAre) {
  EXPECT_EQ(Value(3).as_double(), 3.0);
  EXPECT_EQ(Value::typed<int8_t>(-3).as_int(), -3);
  EXPECT_EQ(repr(Value::typed(1.5f)), "np.float32(1.5)");
  EXPECT_EQ(repr(Value(Value::Tuple{Value(1), Value("a")})), "(1, 'a')");
  EXPECT_THROW(Value("a").as_int(), Error);
  EXPECT_THROW(Value(1.5).as_int(), Error);
  EXPECT_THROW(Value(None{}).as_double(), Error);
}

TEST(Arrays, ShareMemoryAndReleaseForeignMemoryOnce) {
  int released = 0;
  double data[6] = {0, 1, 2, 3, 4, 5};
  {
    const int64_t shape[] = {2, 3}, strides[] = {24, 8};
    Array a = Array::wrap(data, DType::Float64, shape, strides, [&] { ++released; });
    Array b = a;
    b.data<double>()[1] = 7;
    EXPECT_EQ(data[1], 7);
    EXPECT_TRUE(a.is_c_contiguous());
    EXPECT_THROW(a.data<float>(), Error);
    a = Array();
    EXPECT_EQ(released, 0);
    EXPECT_EQ(b.copy().data<double>()[5], 5);
  }
  EXPECT_EQ(released, 1);
}

}  // namespace
}  // namespace kjit::test
