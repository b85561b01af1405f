// Specialisations for callers that lay out arguments themselves, and texts that are parts of a host's file.
#include <kjit_rt/core.h>

#include <cstring>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;
using test::kernel;

class SpecialisationTest : public ::testing::Test {
 protected:
  Engine engine;
  Module m = engine.load_string(kernel("@njit\ndef axpy(a, x, k=2):\n    return a * x[0] * k, x[1:]\n"
                                       "@njit('f8(f8)')\ndef half(a):\n    return a / 2\n"
                                       "@njit\ndef total(x):\n    return x.sum()\n"
                                       "@njit\ndef rest(a, *b, c=1):\n    return a + len(b) + c\n"
                                       "@njit\ndef along(x, axis):\n    return x.sum(axis)\n"),
                                "test.py");
};

TEST_F(SpecialisationTest, SlotsAndResultAreLaidOutAsTheAbiSays) {
  double data[3] = {3, 4, 5};
  const Array x = Array::wrap(data, DType::Float64, std::vector<int64_t>{3}, std::vector<int64_t>{8}, [] {});
  const Specialisation s = m.specialise("axpy", {1.5, x});
  ASSERT_TRUE(s.direct);
  EXPECT_EQ(s.rest, std::vector<uint64_t>{2}) << "the default";
  EXPECT_EQ(s.arguments, (std::vector<std::string>{"float (Python)", "array(float64, 1d, C)"}));
  ASSERT_EQ(s.result.kind, detail::TypeDesc::Kind::Tuple);
  const double a = 1.5;
  uint64_t slots[6] = {0, reinterpret_cast<uint64_t>(data), reinterpret_cast<uint64_t>(x.owner()), 3, 8, 2};
  std::memcpy(slots, &a, sizeof a);
  alignas(16) unsigned char result[64];
  ASSERT_LE(s.result_size, sizeof result);
  ASSERT_EQ(s.call(detail::bind_context(s.code.get()), result, slots), KJIT_OK);
  detail::ResultReader reader(result);
  EXPECT_EQ(reader.take<double>(), 9.0);
  const auto view = detail::Traits<OwnedArray<double, 1>>::take(reader);
  EXPECT_EQ(view.data(), data + 1);
  EXPECT_EQ(view.owner(), x.owner());
}

TEST_F(SpecialisationTest, ConversionsAreNotDirect) {
  EXPECT_TRUE(m.specialise("half", {Value::typed(1.0)}).direct);
  EXPECT_TRUE(m.specialise("half", {1.0}).direct) << "Python's float has the same slot";
  EXPECT_FALSE(m.specialise("half", {1}).direct);
  EXPECT_FALSE(m.specialise("rest", {1, 2}).direct) << "a parameter that only a keyword gives";
}

TEST_F(SpecialisationTest, ValuesThatHaveToBeConstantsAreCompiledIn) {
  double data[6] = {3, 4, 5, 6, 7, 8};
  const Array x = Array::wrap(data, DType::Float64, std::vector<int64_t>{2, 3}, std::vector<int64_t>{24, 8}, [] {});
  EXPECT_FALSE(m.specialise("along", {x, 1}).direct) << "its code is for one value only";
  EXPECT_EQ(m.call("along", {x, 0}).array().shape()[0], 3);
  EXPECT_EQ(m.call("along", {x, 1}).array().shape()[0], 2);
  const auto missing = error_of([&] { m.function<OwnedArray<double, 1>(ArrayView<double, 2>, int64_t)>("along"); });
  EXPECT_TRUE(contains(missing.what(), "axis of sum() must be a constant")) << missing.what();
  EXPECT_EQ(m.call("along", {x, -1}).array().shape()[0], 2);
}

TEST_F(SpecialisationTest, BriefOnesAreTold) {
  double data[3] = {3, 4, 5};
  const Array x = Array::wrap(data, DType::Float64, std::vector<int64_t>{3}, std::vector<int64_t>{8}, [] {});
  EXPECT_TRUE(m.specialise("half", {1.0}).brief);
  EXPECT_TRUE(m.specialise("axpy", {1.5, x}).brief);
  EXPECT_FALSE(m.specialise("total", {x}).brief);
}

TEST_F(SpecialisationTest, ParametersAreTold) {
  const auto p = m.parameters("rest");
  ASSERT_EQ(p.size(), 3u);
  EXPECT_EQ(p[0].name + p[1].name + p[2].name, "abc");
  EXPECT_EQ(p[1].kind, Parameter::Kind::Rest);
  EXPECT_TRUE(p[2].has_default && !p[0].has_default);
  EXPECT_EQ(p[2].value.as_int(), 1);
}

TEST_F(SpecialisationTest, StagesAreShown) {
  const Specialisation s = m.specialise("half", {1.0});
  EXPECT_TRUE(contains(m.inspect("half", s, Stage::Llvm), "define"));
  EXPECT_EQ(error_of([&] { m.inspect("half", s, Stage::Ast); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { m.inspect("half", {}, Stage::Llvm); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { Module().parameters("f"); }).kind(), ErrorKind::Usage);
}

TEST_F(SpecialisationTest, PartsOfFilesHaveGlobalsAndTheirOwnLines) {
  const Module part = engine.load_string("from numba import njit\n@njit\ndef g(x):\n    return half(x) // K\n",
                                         "host.py", {{"K", 2}, {"half", m.global("half")}}, 100);
  EXPECT_EQ(part.call("g", {12.0}).as_double(), 3.0);
  const Module zero =
      engine.load_string("from numba import njit\n@njit\ndef g(x):\n    return x // K\n", "host.py", {{"K", 0}}, 100);
  const Error error = error_of([&] { zero.call("g", {1}); });
  EXPECT_EQ(error.place().line, 103u);
  EXPECT_EQ(error.place().source_line, "    return x // K");
  const Error wrong = error_of([&] { engine.load_string("import numpy\ndef f(:\n", "host.py", {}, 50); });
  EXPECT_TRUE(contains(wrong.what(), "host.py:51:")) << wrong.what();
}

}  // namespace
}  // namespace kjit
