// Functions with @vectorize from C++: calls with arrays, methods, typed handles.
#include <thread>
#include <vector>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;

constexpr const char* kText = R"(
import numpy as np
from numba import vectorize

@vectorize(['float32(float32, float32)', 'float64(float64, float64)'], identity=0)
def add(a, b):
    return a + b

@vectorize
def root(x):
    if x < 0:
        raise ValueError("a negative number")
    return np.sqrt(x)
)";

Array line(int n, double first = 0) {
  Array out = Array::zeros(DType::Float64, {n});
  for (int i = 0; i < n; ++i) out.data<double>()[i] = first + i;
  return out;
}

class UfuncTest : public ::testing::Test {
 protected:
  Engine engine;
  Module m = engine.load_string(kText, "ufuncs.py");
};

TEST_F(UfuncTest, ArraysAndNumbersAreBroadcast) {
  const Value column = m.call("add.outer", {line(2), line(3)});
  ASSERT_EQ(column.array().ndim(), 2);
  EXPECT_EQ(column.array().data<double>()[5], 3.0);
  const Value sum = m.call("add", {column, line(3)});
  EXPECT_EQ(sum.array().shape()[0], 2);
  EXPECT_EQ(sum.array().data<double>()[5], 5.0);
  EXPECT_EQ(m.call("add", {line(3), 1.5}).array().data<double>()[2], 3.5);
  EXPECT_EQ(m.call("add", {1.5, 2}).as_double(), 3.5);
}

TEST_F(UfuncTest, LoopsAreChosenByTypes) {
  const Array floats = Array::zeros(DType::Float32, {2});
  EXPECT_EQ(m.call("add", {floats, 2.5}).array().dtype(), DType::Float32);
  EXPECT_EQ(m.call("add", {floats, line(2)}).array().dtype(), DType::Float64);
  const Error error = error_of([&] { m.call("add", {Array::zeros(DType::Complex128, {2}), 1}); });
  EXPECT_EQ(error.kind(), ErrorKind::TypeError);
  EXPECT_TRUE(contains(error.message(), "ufunc 'add' did not contain a loop with signature matching types"))
      << error.message();
}

TEST_F(UfuncTest, OutAndWhere) {
  Array out = line(3, 10);
  Array mask = Array::zeros(DType::Bool, {3});
  mask.data<bool>()[1] = true;
  m.call("add", {line(3), 1.0}, {{"out", out}, {"where", mask}});
  EXPECT_EQ(out.data<double>()[0], 10.0);
  EXPECT_EQ(out.data<double>()[1], 2.0);
  const Error error = error_of([&] { m.call("add", {line(3), 1.0}, {{"out", Array::zeros(DType::Float64, {1})}}); });
  EXPECT_EQ(error.kind(), ErrorKind::ValueError);
  EXPECT_TRUE(contains(error.message(), "non-broadcastable output operand")) << error.message();
}

TEST_F(UfuncTest, Methods) {
  EXPECT_EQ(m.call("add.reduce", {line(4)}).as_double(), 6.0);
  EXPECT_EQ(m.call("add.accumulate", {line(4)}).array().data<double>()[3], 6.0);
  const Value kept = m.call("add.reduce", {line(4)}, {{"keepdims", true}, {"initial", 2.0}});
  EXPECT_EQ(kept.array().data<double>()[0], 8.0);
  Array into = line(3);
  m.call("add.at", {into, Value(1), 5.0});
  EXPECT_EQ(into.data<double>()[1], 6.0);
  EXPECT_EQ(error_of([&] { m.call("add.reduced", {line(4)}); }).kind(), ErrorKind::AttributeError);
  EXPECT_EQ(error_of([&] { m.call("root.reduce", {line(4)}); }).kind(), ErrorKind::TypeError);
}

TEST_F(UfuncTest, TypedHandles) {
  auto add = m.function<OwnedArray<double, 1>(ArrayView<double, 1>, double)>("add");
  std::vector<double> x{0.0, 1.0, 2.0}, y(3);
  EXPECT_EQ(add({x.data(), {3}}, 1.0)(2), 3.0);
  auto stored = m.function<void(ArrayView<const double, 1>, double, ArrayView<double, 1>)>("add");
  stored({x.data(), {3}}, 1.0, {y.data(), {3}});
  EXPECT_EQ(y[2], 3.0);
  auto numbers = m.function<double(double, double)>("add");
  EXPECT_EQ(numbers(1.0, 2.0), 3.0);
  EXPECT_EQ(error_of([&] { m.function<double(double)>("add"); }).kind(), ErrorKind::Usage);
}

TEST_F(UfuncTest, ExceptionsOfTheFunction) {
  const Error error = error_of([&] { m.call("root", {line(3, -1)}); });
  EXPECT_EQ(error.kind(), ErrorKind::ValueError);
  EXPECT_EQ(error.place().file, "ufuncs.py");
  EXPECT_EQ(error.place().line, 12u);
}

TEST_F(UfuncTest, ManyThreads) {
  std::vector<std::thread> threads;
  std::vector<double> sums(8, 0.0);
  for (size_t i = 0; i < sums.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int k = 1; k < 20; ++k) sums[i] = m.call("add.reduce", {m.call("add", {line(k), line(k)})}).as_double();
    });
  }
  for (std::thread& t : threads) t.join();
  for (double s : sums) EXPECT_EQ(s, 342.0);
}

}  // namespace
}  // namespace kjit
