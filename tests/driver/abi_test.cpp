// Values to slots and result buffers back to values, as runtime/include/kjit_rt/abi.h says.
#include "driver/abi.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "kjit/error.h"

namespace kjit::driver {
namespace {

using sema::Layout;
using sema::Scalar;

class AbiTest : public ::testing::Test {
 protected:
  sema::TypeContext types;
  std::vector<uint64_t> slots(const Value& v, sema::TypeRef type) {
    std::vector<uint64_t> out;
    EXPECT_TRUE(flatten(v, type, out));
    return out;
  }
  bool fits(const Value& v, sema::TypeRef type) {
    std::vector<uint64_t> out;
    return flatten(v, type, out);
  }
};

TEST_F(AbiTest, PythonNumbersAreWeakAndTypedScalarsStrong) {
  EXPECT_EQ(type_of(types, 3), types.py_int());
  EXPECT_EQ(type_of(types, 3.0), types.py_float());
  EXPECT_EQ(type_of(types, Value::typed<int64_t>(3)), types.int64());
  EXPECT_EQ(type_of(types, Value::typed(1.0f)), types.scalar(Scalar::F32));
  EXPECT_EQ(type_of(types, true), types.boolean());
  EXPECT_EQ(type_of(types, None{}), types.none());
  EXPECT_EQ(type_of(types, Value::Tuple{1, 2.0}), types.tuple({types.py_int(), types.py_float()}));
  EXPECT_EQ(type_of(types, DType::Float32), types.dtype(Scalar::F32));
}

TEST_F(AbiTest, ArraysAreTypedByLayoutAndWritability) {
  Array a = Array::zeros(DType::Float64, {3, 4});
  EXPECT_EQ(type_of(types, a), types.array(Scalar::F64, 2, Layout::C));
  const int64_t turned[] = {4, 3}, strides[] = {8, 32};
  EXPECT_EQ(type_of(types, a.view(0, turned, strides)), types.array(Scalar::F64, 2, Layout::F));
  const int64_t half[] = {3, 2}, steps[] = {32, 16};
  EXPECT_EQ(type_of(types, a.view(0, half, steps)), types.array(Scalar::F64, 2, Layout::A));
  EXPECT_EQ(type_of(types, a.as_readonly()), types.array(Scalar::F64, 2, Layout::C, true));
}

TEST_F(AbiTest, IntegersAreExtendedToTheSlot) {
  EXPECT_EQ(slots(-1, types.scalar(Scalar::I8)), std::vector<uint64_t>{~uint64_t{0}});
  EXPECT_EQ(slots(-1, types.scalar(Scalar::U8)), std::vector<uint64_t>{255});
  EXPECT_EQ(slots(300, types.scalar(Scalar::U8)), std::vector<uint64_t>{44}) << "conversion wraps, as in compiled code";
  EXPECT_EQ(slots(-1.75, types.int64()), std::vector<uint64_t>{~uint64_t{0}}) << "towards zero, as in Numba";
  EXPECT_EQ(slots(1e300, types.int64()), std::vector<uint64_t>{uint64_t{1} << 63});
  EXPECT_EQ(slots(0.5, types.boolean()), std::vector<uint64_t>{1});
  EXPECT_EQ(slots(true, types.boolean()), std::vector<uint64_t>{1});
  EXPECT_EQ(slots(Value::typed(~uint64_t{0}), types.scalar(Scalar::U64)), std::vector<uint64_t>{~uint64_t{0}});
}

TEST_F(AbiTest, FloatsKeepTheirBits) {
  EXPECT_EQ(slots(1.5, types.scalar(Scalar::F32)), std::vector<uint64_t>{std::bit_cast<uint32_t>(1.5f)});
  EXPECT_EQ(slots(2, types.float64()), std::vector<uint64_t>{std::bit_cast<uint64_t>(2.0)});
  EXPECT_EQ(slots(std::complex<double>(1, -2), types.scalar(Scalar::C128)),
            (std::vector<uint64_t>{std::bit_cast<uint64_t>(1.0), std::bit_cast<uint64_t>(-2.0)}));
}

TEST_F(AbiTest, WhatDoesNotFitIsRefused) {
  EXPECT_FALSE(fits(std::complex<double>(1, 1), types.float64()));
  EXPECT_FALSE(fits("text", types.int64()));
  EXPECT_FALSE(fits(Array::zeros(DType::Float32, {2}), types.array(Scalar::F64, 1, Layout::C)));
  EXPECT_FALSE(fits(Value::Tuple{1}, types.tuple({types.int64(), types.int64()})));
}

TEST_F(AbiTest, ArraysAndTuplesAndOptionalsAreFlat) {
  Array a = Array::zeros(DType::Float64, {3, 4});
  auto s = slots(Value::Tuple{a, 1}, types.tuple({types.array(Scalar::F64, 2, Layout::C), types.py_int()}));
  ASSERT_EQ(s.size(), 7u);
  EXPECT_EQ(s[0], reinterpret_cast<uint64_t>(a.data()));
  EXPECT_EQ(s[1], reinterpret_cast<uint64_t>(a.owner()));
  EXPECT_EQ((std::vector<uint64_t>(s.begin() + 2, s.end())), (std::vector<uint64_t>{3, 4, 32, 8, 1}));
  const sema::TypeRef optional = types.optional(types.scalar(Scalar::C128));
  EXPECT_EQ(slots(None{}, optional), (std::vector<uint64_t>{0, 0, 0}));
  EXPECT_EQ(slots(2, optional), (std::vector<uint64_t>{1, std::bit_cast<uint64_t>(2.0), 0}));
}

TEST_F(AbiTest, ResultsHaveNaturalAlignment) {
  struct Result {
    uint8_t flag;
    float small;
    int16_t half;
    double big;
  } r{1, 2.5f, -3, 4.5};
  const sema::TypeRef type =
      types.tuple({types.boolean(), types.scalar(Scalar::F32), types.scalar(Scalar::I16), types.float64()});
  EXPECT_EQ(result_size(type), sizeof r);
  Value v = read_result(type, reinterpret_cast<const unsigned char*>(&r), false);
  EXPECT_EQ(repr(v), "(True, 2.5, -3, 4.5)");
}

TEST_F(AbiTest, TypedResultsKeepTheirDtype) {
  const float f = 0.1f;
  const auto* bytes = reinterpret_cast<const unsigned char*>(&f);
  Value typed = read_result(types.scalar(Scalar::F32), bytes, true);
  ASSERT_TRUE(typed.is<TypedScalar>());
  EXPECT_EQ(typed.get_if<TypedScalar>()->dtype, DType::Float32);
  EXPECT_EQ(read_result(types.scalar(Scalar::F32), bytes, false).as_double(), static_cast<double>(f));
  const int64_t i = 5;
  EXPECT_TRUE(read_result(types.py_int(), reinterpret_cast<const unsigned char*>(&i), true).is<int64_t>());
}

}  // namespace
}  // namespace kjit::driver
