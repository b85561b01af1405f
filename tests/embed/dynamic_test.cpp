// Calls with types found at run time.
#include "embed/support.h"

namespace kjit {
namespace {

using test::error_of;
using test::kernel;

class DynamicTest : public ::testing::Test {
 protected:
  Engine engine;
  Module load(const std::string& text) { return engine.load_string(kernel(text), "test.py"); }
};

TEST_F(DynamicTest, TypesComeFromTheValues) {
  Module m = load("@njit\ndef add(a, b):\n    return a + b\n");
  EXPECT_EQ(repr(m.call("add", {1, 2})), "3");
  EXPECT_EQ(m.call("add", {1, 2.5}).as_double(), 3.5);
  EXPECT_EQ(m.call("add", {Value::typed(1.5f), Value::typed(1.0f)}).get_if<TypedScalar>()->dtype, DType::Float32);
  EXPECT_EQ(m.call("add", {std::complex<double>(1, 2), 1}).as_complex(), std::complex<double>(2, 2));
  EXPECT_EQ(m.call("add", {true, true}).as_int(), 2);
}

TEST_F(DynamicTest, ATupleInBracesIsOneArgument) {
  Module m = load(
      "@njit\ndef tup(t):\n    return t[0] + t[1]\n@njit\ndef add(a, b):\n    return a - b\n"
      "@njit\ndef size(t):\n    return len(t)\n@njit\ndef none():\n    return 7\n");
  const Value::Tuple pair{3, 2};
  EXPECT_EQ(m.call("tup", {Value::Tuple{3, 2}}).as_int(), 5);
  EXPECT_EQ(m.call("tup", {pair}).as_int(), 5);
  EXPECT_EQ(m.call("tup", {Value(pair)}).as_int(), 5);
  EXPECT_EQ(engine.call(m, "tup", {pair}).as_int(), 5);
  EXPECT_EQ(m.call("tup", std::vector<Value>{Value(pair)}).as_int(), 5);
  EXPECT_EQ(m.call("size", {Value::Tuple{}}).as_int(), 0);
  EXPECT_EQ(m.call("none", {}).as_int(), 7);
  EXPECT_EQ(m.call("add", pair).as_int(), 1) << "without braces a vector is the list of arguments";
  EXPECT_EQ(m.call("add", {3, 2}).as_int(), 1);
  EXPECT_EQ(m.call("add", {3}, {{"b", 1}}).as_int(), 2);
}

TEST_F(DynamicTest, ArraysGoInAndComeOut) {
  Module m = load(
      "@njit\ndef outer(a, b):\n    r = np.zeros((a.size, b.size), a.dtype)\n    for i in range(a.size):\n        for "
      "j in range(b.size):\n            r[i, j] = a[i] * b[j]\n    return r\n");
  Array a = Array::zeros(DType::Float32, {3}), b = Array::zeros(DType::Float32, {2});
  for (int i = 0; i < 3; ++i) a.data<float>()[i] = static_cast<float>(i + 1);
  for (int i = 0; i < 2; ++i) b.data<float>()[i] = static_cast<float>(i + 1);
  Value r = m.call("outer", {a, b});
  ASSERT_TRUE(r.is<Array>());
  EXPECT_EQ(r.array().dtype(), DType::Float32);
  EXPECT_EQ(r.array().data<float>()[5], 6.0f);
}

TEST_F(DynamicTest, CubeRootsOfCubesAreExact) {  // where the C library's, and so CPython's, are not
  Module m = load("import math\n@njit\ndef f(x):\n    return np.cbrt(x), math.cbrt(x)\n");
  for (const double x : {0.5, 1999.0, -7.0}) {
    const Value roots = m.call("f", {x * x * x});
    EXPECT_EQ(roots.as_tuple().at(0).as_double(), x);
    EXPECT_EQ(roots.as_tuple().at(1).as_double(), x);
  }
}

TEST_F(DynamicTest, KeywordsAndDefaults) {
  Module m = load("@njit\ndef f(a, b=10, c=100):\n    return a + 2 * b + 3 * c\n");
  EXPECT_EQ(m.call("f", {1}).as_int(), 321);
  EXPECT_EQ(m.call("f", {1, 2}).as_int(), 305);
  EXPECT_EQ(m.call("f", {1}, {{"c", 1}}).as_int(), 24);
  EXPECT_EQ(m.call("f", {}, {{"c", 1}, {"a", 2}}).as_int(), 25);
  EXPECT_EQ(error_of([&] { m.call("f", {}); }).kind(), ErrorKind::TypeError);
  EXPECT_EQ(error_of([&] { m.call("f", {1, 2, 3, 4}); }).kind(), ErrorKind::TypeError);
  EXPECT_EQ(error_of([&] { m.call("f", {1}, {{"a", 2}}); }).kind(), ErrorKind::TypeError);
  EXPECT_EQ(error_of([&] { m.call("f", {1}, {{"d", 2}}); }).kind(), ErrorKind::TypeError);
}

TEST_F(DynamicTest, TuplesNoneAndText) {
  Module m = load("@njit\ndef f(t, x):\n    if x is None:\n        return t[1], t[0]\n    return t[0], t[1]\n");
  EXPECT_EQ(repr(m.call("f", {Value::Tuple{1, 2.5}, None{}})), "(2.5, 1)");
  EXPECT_EQ(repr(m.call("f", {Value::Tuple{1, 2.5}, 0})), "(1, 2.5)");
  Module n = load("@njit\ndef g(n, dtype):\n    return np.zeros(n, dtype)\n");
  EXPECT_EQ(n.call("g", {2, DType::Int16}).array().dtype(), DType::Int16);
}

TEST_F(DynamicTest, DeclaredSignaturesConvert) {
  Module m = load("@njit('float64(float64)')\ndef half(x):\n    return x / 2\n");
  EXPECT_EQ(m.call("half", {3}).as_double(), 1.5);
  EXPECT_EQ(m.call("half", {Value::typed<int8_t>(3)}).as_double(), 1.5);
  EXPECT_EQ(error_of([&] { m.call("half", {Array::zeros(DType::Float64, {2})}); }).kind(), ErrorKind::Compile);
}

TEST_F(DynamicTest, GlobalsAreReadable) {
  Module m = load("answer = 42\nname = 'x'\n@njit\ndef f():\n    return answer\n");
  EXPECT_EQ(m.global("answer").as_int(), 42);
  EXPECT_EQ(m.global("name").as_string(), "x");
  EXPECT_EQ(m.call("f", {}).as_int(), 42);
  EXPECT_EQ(m.functions(), std::vector<std::string>{"f"});
  EXPECT_EQ(error_of([&] { m.global("nothing"); }).kind(), ErrorKind::Usage);
}

TEST_F(DynamicTest, WhatKernelsCannotTakeIsATypeError) {
  struct Mine : Object {};
  Module m = load("@njit\ndef f(x):\n    return 1\n");
  EXPECT_EQ(error_of([&] { m.call("f", {std::shared_ptr<Object>(new Mine)}); }).kind(), ErrorKind::TypeError);
}

}  // namespace
}  // namespace kjit
