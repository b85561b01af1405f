// Arguments that share memory: the version for them is compiled when it is first needed, from any thread, engine or
// not.
#include <atomic>
#include <numeric>
#include <thread>

#include "embed/support.h"

namespace kjit {
namespace {

using Values = std::vector<double>;
using Shift = Function<void(ArrayView<const double, 1>, ArrayView<double, 1>)>;

const char* const kText =
    "@njit\ndef shift(a, b):\n    for i in range(a.size):\n        b[i] = a[i] + 1.0\n"
    "@njit\ndef twice(a, b):\n    for i in range(a.size):\n        b[i] = 2.0 * a[i]\n    shift(a, b)\n";

Values running() {
  Values v(100);
  std::iota(v.begin(), v.end(), 5.0);
  return v;
}

// v[i + 1] = v[i] + 1: each store is seen by the next load.
void expect_shifted(const Shift& shift) {
  Values v = running();
  shift({v.data(), {99}}, {v.data() + 1, {99}});
  for (size_t i = 0; i < v.size(); ++i) ASSERT_EQ(v[i], 5.0 + static_cast<double>(i));
  Values apart(99);
  shift({v.data(), {99}}, {apart.data(), {99}});
  ASSERT_EQ(apart[98], v[98] + 1);
}

TEST(OverlapTest, ManyThreadsMayNeedTheVersionAtOnce) {
  for (int round = 0; round < 5; ++round) {
    Engine engine;
    const auto shift = engine.load_string(test::kernel(kText))
                           .function<void(ArrayView<const double, 1>, ArrayView<double, 1>)>("shift");
    std::vector<std::jthread> threads;
    for (int k = 0; k < 4; ++k) threads.emplace_back([&] { expect_shifted(shift); });
  }
}

TEST(OverlapTest, TheVersionIsCompiledAfterTheEngineIsGone) {
  Shift shift;
  {
    Engine engine;
    shift = engine.load_string(test::kernel(kText))
                .function<void(ArrayView<const double, 1>, ArrayView<double, 1>)>("shift");
  }
  expect_shifted(shift);
}

TEST(OverlapTest, CallsBetweenKernelsSeeOverlapToo) {
  Engine engine;
  const Module m = engine.load_string(test::kernel(kText));
  const auto twice = m.function<void(ArrayView<const double, 1>, ArrayView<double, 1>)>("twice");
  Values v = running();
  const Values old = v;
  twice({v.data(), {99}}, {v.data() + 1, {99}});
  // Python's order: doubling runs through first, then the sums.
  Values want = old;
  for (size_t i = 0; i < 99; ++i) want[i + 1] = 2 * want[i];
  for (size_t i = 0; i < 99; ++i) want[i + 1] = want[i] + 1;
  EXPECT_EQ(v, want);
}

TEST(OverlapTest, StridedViewsOfOneArray) {
  Engine engine;
  const Module m = engine.load_string(test::kernel(kText));
  Array whole = Array::zeros(DType::Float64, {10});
  const int64_t shape[] = {5}, strides[] = {16}, back[] = {-16};
  m.call("shift", {whole.view(0, shape, strides), whole.view(8, shape, strides)});  // interleaved: no element shared
  for (int i = 0; i < 10; ++i) EXPECT_EQ(whole.data<double>()[i], i % 2);
  m.call("shift", {whole.view(8, shape, strides), whole.view(72, shape, back)});  // the same elements, backwards
  const double want[] = {2, 2, 2, 2, 2};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(whole.data<double>()[9 - 2 * i], want[i]);
}

// A length of 1 that is not known when compiling takes the general form of the statement, which is compiled then.
TEST(OverlapTest, ManyThreadsMayNeedAGeneralFormAtOnce) {
  using Add = Function<void(ArrayView<const double, 2>, ArrayView<const double, 2>, ArrayView<double, 2>)>;
  for (int round = 0; round < 5; ++round) {
    Add add;
    {
      Engine engine;
      add = engine.load_string(test::kernel("@njit\ndef add(a, b, c):\n    c[:] = a + b\n"))
                .function<void(ArrayView<const double, 2>, ArrayView<const double, 2>, ArrayView<double, 2>)>("add");
    }
    std::vector<std::jthread> threads;
    for (int k = 0; k < 4; ++k) {
      threads.emplace_back([&] {
        const Values row{1, 2, 3}, column{10, 20};
        Values out(6);
        add({row.data(), {1, 3}}, {column.data(), {2, 1}}, {out.data(), {2, 3}});
        EXPECT_EQ(out, (Values{11, 12, 13, 21, 22, 23}));
        EXPECT_THROW(add({row.data(), {1, 3}}, {column.data(), {1, 2}}, {out.data(), {2, 3}}), Error);
      });
    }
  }
}

// NumPy itself stores while it reads such a mask (lang-spec/differences.md).
TEST(OverlapTest, AMaskOfTheArrayIsReadFirst) {
  Engine engine;
  const Module m = engine.load_string(
      test::kernel("@njit\ndef f(n, v):\n    a = np.arange(n * n).reshape(n, n) % 5 < 2\n    b = a.copy()\n"
                   "    a[a.T] = v\n    b[b.T.copy()] = v\n    same = (a == b).all()\n    a[a[::-1]] ^= True\n"
                   "    b[b[::-1].copy()] ^= True\n    return same, (a == b).all()\n"));
  for (bool v : {false, true}) EXPECT_EQ(repr(m.call("f", {9, v})), "(True, True)");
}

}  // namespace
}  // namespace kjit
