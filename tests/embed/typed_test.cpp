// Typed handles: every sort of argument and result, and what happens when types do not match.
#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;
using test::kernel;

class TypedTest : public ::testing::Test {
 protected:
  Engine engine;
  Module load(const std::string& text) { return engine.load_string(kernel(text), "test.py"); }
};

TEST_F(TypedTest, ScalarsOfEveryType) {
  Module m = load("@njit\ndef same(x):\n    return x\n");
  EXPECT_EQ(m.function<int8_t(int8_t)>("same")(-5), -5);
  EXPECT_EQ(m.function<int16_t(int16_t)>("same")(-500), -500);
  EXPECT_EQ(m.function<int32_t(int32_t)>("same")(-70000), -70000);
  EXPECT_EQ(m.function<int64_t(int64_t)>("same")(INT64_MIN), INT64_MIN);
  EXPECT_EQ(m.function<uint8_t(uint8_t)>("same")(250), 250);
  EXPECT_EQ(m.function<uint16_t(uint16_t)>("same")(65535), 65535);
  EXPECT_EQ(m.function<uint32_t(uint32_t)>("same")(~0u), ~0u);
  EXPECT_EQ(m.function<uint64_t(uint64_t)>("same")(~uint64_t{0}), ~uint64_t{0});
  EXPECT_EQ(m.function<float(float)>("same")(1.5f), 1.5f);
  EXPECT_EQ(m.function<double(double)>("same")(-0.25), -0.25);
  EXPECT_EQ(m.function<bool(bool)>("same")(true), true);
  EXPECT_EQ(m.function<bool(bool)>("same")(false), false);
  EXPECT_EQ(m.function<long long(long long)>("same")(7), 7);
  const std::complex<double> z(1.5, -2.5);
  EXPECT_EQ(m.function<std::complex<double>(std::complex<double>)>("same")(z), z);
  const std::complex<float> c(1.5f, -2.5f);
  EXPECT_EQ(m.function<std::complex<float>(std::complex<float>)>("same")(c), c);
}

TEST_F(TypedTest, ArraysAreReadAndWrittenInPlace) {
  Module m = load(
      "@njit\ndef scale(a, k):\n    for i in range(a.shape[0]):\n        for j in range(a.shape[1]):\n            a[i, "
      "j] = a[i, j] * k\n");
  std::vector<double> x{1, 2, 3, 4, 5, 6};
  m.function<void(ArrayView<double, 2>, double)>("scale")({x, {2, 3}}, 10);
  EXPECT_EQ(x, (std::vector<double>{10, 20, 30, 40, 50, 60}));
  m.function<void(ArrayView<double, 2, Layout::F>, double)>("scale")({x.data(), {2, 3}}, 0.1);
  EXPECT_EQ(x, (std::vector<double>{1, 2, 3, 4, 5, 6}));
  // Every second column.
  auto strided = m.function<void(ArrayView<double, 2, Layout::Strided>, double)>("scale");
  strided({x.data(), {2, 2}, {24, 16}}, -1);
  EXPECT_EQ(x, (std::vector<double>{-1, 2, -3, -4, 5, -6}));
  // Backwards.
  strided({x.data() + 5, {1, 6}, {0, -8}}, 2);
  EXPECT_EQ(x, (std::vector<double>{-2, 4, -6, -8, 10, -12}));
}

TEST_F(TypedTest, OneAxisFromVectorSpanAndPointer) {
  Module m = load("@njit\ndef total(a):\n    s = 0\n    for v in a:\n        s += v\n    return s\n");
  const std::vector<int64_t> x{1, 2, 3, 4};
  auto total = m.function<int64_t(ArrayView<const int64_t, 1>)>("total");
  EXPECT_EQ(total(x), 10);
  EXPECT_EQ(total(std::span(x).first(2)), 3);
  EXPECT_EQ(total({x.data() + 1, {2}}), 5);
  EXPECT_EQ(total({}), 0);
  EXPECT_EQ(m.function<int64_t(std::span<const int64_t>)>("total")(x), 10);
}

TEST_F(TypedTest, ConstViewsAreReadOnlyInTheKernel) {
  Module m = load("@njit\ndef put(a):\n    a[0] = 1.0\n");
  EXPECT_NO_THROW(m.function<void(ArrayView<double, 1>)>("put"));
  const Error e = error_of([&] { m.function<void(ArrayView<const double, 1>)>("put"); });
  EXPECT_EQ(e.kind(), ErrorKind::Compile);
  EXPECT_EQ(e.place().line, 5u);
  EXPECT_EQ(e.findings().at(0).id, "readonly-array");
}

TEST_F(TypedTest, ArraysThatKernelsMakeAreOwned) {
  OwnedArray<double, 2> kept;
  {
    Engine other;
    Module m =
        other.load_string(kernel("@njit\ndef table(n, m):\n    a = np.empty((n, m))\n    for i in range(n):\n        "
                                 "for j in range(m):\n            a[i, j] = 10 * i + j\n    return a\n"));
    kept = m.function<OwnedArray<double, 2>(int64_t, int64_t)>("table")(3, 4);
  }
  EXPECT_EQ(kept.shape(), (std::array<int64_t, 2>{3, 4}));
  EXPECT_TRUE(kept.is_c_contiguous());
  EXPECT_EQ(kept(2, 3), 23);
  OwnedArray<double, 2> shared = kept;
  kept = {};
  EXPECT_EQ(shared(1, 2), 12);
  Array dynamic = shared;
  shared = {};
  EXPECT_EQ(dynamic.data<double>()[11], 23);
}

TEST_F(TypedTest, ViewsOfOwnedArgumentsMayBeReturned) {
  Module m = load("@njit\ndef row(a, i):\n    return a[i]\n@njit\ndef make(n):\n    return np.ones((n, n))\n");
  OwnedArray<double, 1> r;
  {
    auto a = m.function<OwnedArray<double, 2>(int64_t)>("make")(4);
    a(2, 1) = 5;
    r = m.function<OwnedArray<double, 1>(ArrayView<double, 2>, int64_t)>("row")(a, 2);
  }
  EXPECT_EQ(r[1], 5);
}

TEST_F(TypedTest, ViewsOfBorrowedArgumentsMayNot) {
  Module m = load("@njit\ndef row(a, i):\n    return a[i]\n");
  auto row = m.function<OwnedArray<double, 1>(ArrayView<double, 2>, int64_t)>("row");
  std::vector<double> x(4);
  EXPECT_EQ(error_of([&] { row({x, {2, 2}}, 0); }).kind(), ErrorKind::UnownedResult);
}

TEST_F(TypedTest, TuplesAndPairs) {
  Module m = load("@njit\ndef turn(t):\n    a, b, c = t\n    return c, a, (b, a)\n");
  auto turn = m.function<std::tuple<bool, int8_t, std::pair<double, int8_t>>(std::tuple<int8_t, double, bool>)>("turn");
  EXPECT_EQ(turn({int8_t{-3}, 2.5, true}), (std::tuple{true, int8_t{-3}, std::pair{2.5, int8_t{-3}}}));
}

TEST_F(TypedTest, Optionals) {
  Module m = load("@njit\ndef twice(x):\n    if x is None:\n        return None\n    return x * 2\n");
  auto twice = m.function<std::optional<int64_t>(std::optional<int64_t>)>("twice");
  EXPECT_EQ(twice(21), 42);
  EXPECT_EQ(twice(std::nullopt), std::nullopt);
}

TEST_F(TypedTest, AResultOfAnotherTypeNamesBothSignatures) {
  Module m = load("@njit\ndef half(x):\n    return x / 2\n");
  const Error e = error_of([&] { m.function<int64_t(int64_t)>("half"); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
  EXPECT_TRUE(contains(e.message(), "int64 half(int64)")) << e.message();
  EXPECT_TRUE(contains(e.message(), "float64 half(int64)")) << e.message();
  EXPECT_EQ(error_of([&] { m.function<void(int64_t)>("half"); }).kind(), ErrorKind::Usage);
}

TEST_F(TypedTest, DeclaredSignaturesConvert) {
  Module m = load("@njit('float64(float64, int32)')\ndef f(x, n):\n    return x + n\n");
  EXPECT_EQ((m.function<double(double, int32_t)>("f")(1.5, 2)), 3.5);
  EXPECT_EQ((m.function<double(int64_t, int8_t)>("f")(1, 2)), 3.0);
  EXPECT_EQ((m.function<double(float, int32_t)>("f")(1.5f, 2)), 3.5);
  const Error e = error_of([&] { m.function<double(std::complex<double>, int32_t)>("f"); });
  EXPECT_EQ(e.kind(), ErrorKind::Compile);
  EXPECT_EQ(e.findings().at(0).id, "no-matching-signature");
}

TEST_F(TypedTest, AnEmptyHandleIsAnError) {
  Function<double(double)> f;
  EXPECT_FALSE(f);
  EXPECT_EQ(error_of([&] { f(1); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { f.call({}, 1); }).kind(), ErrorKind::Usage);
}

TEST_F(TypedTest, GeometryIsChecked) {
  std::vector<double> x(6);
  auto usage = [](auto f) { return error_of(f).kind() == ErrorKind::Usage; };
  EXPECT_TRUE(usage([&] { ArrayView<double, 2>(x.data(), {2, -1}); }));
  EXPECT_TRUE(usage([&] { ArrayView<double, 2>(x, {3, 3}); }));
  EXPECT_TRUE(usage([&] { ArrayView<double, 1>(nullptr, {3}); }));
  EXPECT_TRUE(usage([&] { ArrayView<double, 2>(x.data(), {2, 3}, {8, 16}); })) << "these strides are column-major";
  EXPECT_TRUE(usage([&] { ArrayView<double, 1, Layout::Strided>(x.data(), {3}, {12}); })) << "not aligned";
  EXPECT_TRUE(
      usage([&] { ArrayView<double, 1>(reinterpret_cast<double*>(reinterpret_cast<char*>(x.data()) + 1), {1}); }));
  EXPECT_TRUE(usage([&] { ArrayView<double, 3>(x.data(), {INT64_MAX, 4, 4}); }));
  EXPECT_NO_THROW((ArrayView<double, 2>(nullptr, {0, 3})));
  Array a = Array::zeros(DType::Float32, {2, 3});
  EXPECT_TRUE(usage([&] { ArrayView<double, 2>{a}; }));
  EXPECT_TRUE(usage([&] { ArrayView<float, 1>{a}; }));
  EXPECT_TRUE(usage([&] { ArrayView<float, 2>{a.as_readonly()}; }));
  EXPECT_NO_THROW((ArrayView<const float, 2>{a.as_readonly()}));
}

}  // namespace
}  // namespace kjit
