// Types are interned, and their text is what users read.
#include "sema/types.h"

#include <gtest/gtest.h>

#include <thread>

namespace kjit::sema {
namespace {

TEST(Types, EqualTypesAreOnePointer) {
  TypeContext types;
  EXPECT_EQ(types.array(Scalar::F64, 2, Layout::C), types.array(Scalar::F64, 2, Layout::C));
  EXPECT_NE(types.array(Scalar::F64, 2, Layout::C), types.array(Scalar::F64, 2, Layout::C, true));
  EXPECT_EQ(types.tuple({types.int64(), types.float64()}), types.tuple({types.int64(), types.float64()}));
  EXPECT_NE(types.int64(), types.py_int());
  EXPECT_EQ(types.string("abc"), types.string("abc"));
  EXPECT_NE(types.string("abc"), types.builtin("abc"));
}

TEST(Types, ContiguousRankOneIsC) {
  TypeContext types;
  EXPECT_EQ(types.array(Scalar::I32, 1, Layout::F), types.array(Scalar::I32, 1, Layout::C));
  EXPECT_EQ(types.array(Scalar::I32, 0, Layout::A), types.array(Scalar::I32, 0, Layout::C));
}

TEST(Types, OptionalIsNotNested) {
  TypeContext types;
  TypeRef o = types.optional(types.float64());
  EXPECT_EQ(types.optional(o), o);
  EXPECT_EQ(types.optional(types.none()), types.none());
}

TEST(Types, TextForUsers) {
  TypeContext types;
  EXPECT_EQ(to_string(types.py_float()), "float (Python)");
  EXPECT_EQ(to_string(types.array(Scalar::F64, 2, Layout::C)), "array(float64, 2d, C)");
  EXPECT_EQ(to_string(types.tuple({types.int64(), types.float64()})), "tuple(int64, float64)");
  EXPECT_EQ(to_string(types.optional(types.scalar(Scalar::C64))), "complex64 or None");
}

TEST(Types, SignaturesAreNumbas) {
  TypeContext types;
  const TypeRef list[] = {types.py_int(), types.array(Scalar::F32, 1, Layout::A, true),
                          types.homogeneous(types.int64(), 2), types.optional(types.float64())};
  EXPECT_EQ(signature_string(list),
            "(pyint, readonly array(float32, 1d, A), UniTuple(int64 x 2), OptionalType(float64))");
}

TEST(Types, LongTextsAreCut) {
  TypeContext types;
  EXPECT_EQ(to_string(types.homogeneous(types.int64(), 3)), "tuple(int64, int64, int64)");
  const std::string flat = to_string(types.homogeneous(types.float64(), 400));
  EXPECT_TRUE(flat.ends_with(", ... and 387 more)")) << flat;
  TypeRef nested = types.int64();
  for (int i = 0; i < 40; ++i) nested = types.tuple({nested, nested});
  EXPECT_LT(to_string(nested).size(), 1000u) << to_string(nested);
}

TEST(Types, ScalarNames) {
  Scalar s{};
  EXPECT_TRUE(parse_scalar("f8", s));
  EXPECT_EQ(s, Scalar::F64);
  EXPECT_TRUE(parse_scalar("intp", s));
  EXPECT_EQ(s, Scalar::I64);
  EXPECT_TRUE(parse_scalar("c16", s));
  EXPECT_EQ(s, Scalar::C128);
  for (int i = 0; i < kScalarCount; ++i) {
    EXPECT_TRUE(parse_scalar(name_of(static_cast<Scalar>(i)), s));
    EXPECT_EQ(static_cast<int>(s), i);
  }
  EXPECT_FALSE(parse_scalar("float16", s));
}

TEST(Types, InterningFromManyThreads) {
  TypeContext types;
  TypeRef made[4][32];
  std::vector<std::thread> threads;
  for (auto& row : made) {
    threads.emplace_back([&] {
      for (int i = 0; i < 32; ++i) row[i] = types.homogeneous(types.array(Scalar::F32, i, Layout::C), 3);
    });
  }
  for (auto& t : threads) t.join();
  for (int i = 0; i < 32; ++i) EXPECT_EQ(made[0][i], made[3][i]);
}

}  // namespace
}  // namespace kjit::sema
