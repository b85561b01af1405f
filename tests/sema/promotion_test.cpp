// Mixed operands: NumPy 2's promotion, weak Python scalars, integer arithmetic of at least 64 bits.
#include "sema/promotion.h"
#include "sema/signature.h"

#include <gtest/gtest.h>

#include <string>

namespace kjit::sema {
namespace {

using ast::BinaryOp;
using ast::CompareOp;
using ast::UnaryOpKind;

class Promotion : public testing::Test {
 protected:
  TypeRef type(std::string_view name) {
    if (name == "pyint") return types.py_int();
    if (name == "pyfloat") return types.py_float();
    if (name == "pycomplex") return types.py_complex();
    Scalar s{};
    EXPECT_TRUE(parse_scalar(name, s)) << name;
    return types.scalar(s);
  }
  static std::string text(TypeRef t) {
    if (!t) return "-";
    return t->weak ? t->scalar == Scalar::I64   ? "pyint"
                     : t->scalar == Scalar::F64 ? "pyfloat"
                                                : "pycomplex"
                   : std::string(name_of(t->scalar));
  }
  std::string binary(BinaryOp op, std::string_view a, std::string_view b) {
    BinaryTyping t = binary_typing(types, op, type(a), type(b));
    EXPECT_EQ(t.operand, t.result);
    return text(t.result);
  }
  std::string compare(CompareOp op, std::string_view a, std::string_view b) {
    BinaryTyping t = compare_typing(types, op, type(a), type(b));
    EXPECT_EQ(t.result, t.operand ? types.boolean() : nullptr);
    return text(t.operand) + (t.mixed_sign ? " exact" : "");
  }
  std::string unified(std::string_view a, std::string_view b) {
    std::string ab = text(unify(types, type(a), type(b)));
    EXPECT_EQ(ab, text(unify(types, type(b), type(a)))) << a << " " << b;
    return ab;
  }
  TypeContext types;
};

// Rows and columns in the order of Scalar; made with np.result_type.
constexpr const char* kResultType[kScalarCount] = {
    "b i1 i2 i4 i8 u1 u2 u4 u8 f4 f8 c8 c16",
    "i1 i1 i2 i4 i8 i2 i4 i8 f8 f4 f8 c8 c16",
    "i2 i2 i2 i4 i8 i2 i4 i8 f8 f4 f8 c8 c16",
    "i4 i4 i4 i4 i8 i4 i4 i8 f8 f8 f8 c16 c16",
    "i8 i8 i8 i8 i8 i8 i8 i8 f8 f8 f8 c16 c16",
    "u1 i2 i2 i4 i8 u1 u2 u4 u8 f4 f8 c8 c16",
    "u2 i4 i4 i4 i8 u2 u2 u4 u8 f4 f8 c8 c16",
    "u4 i8 i8 i8 i8 u4 u4 u4 u8 f8 f8 c16 c16",
    "u8 f8 f8 f8 f8 u8 u8 u8 u8 f8 f8 c16 c16",
    "f4 f4 f4 f8 f8 f4 f4 f8 f8 f4 f8 c8 c16",
    "f8 f8 f8 f8 f8 f8 f8 f8 f8 f8 f8 c16 c16",
    "c8 c8 c8 c16 c16 c8 c8 c16 c16 c8 c16 c8 c16",
    "c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16",
};

TEST_F(Promotion, OfDtypesIsNumPysResultType) {
  for (int i = 0; i < kScalarCount; ++i) {
    std::string row = std::string(kResultType[i]) + " ";
    for (int j = 0; j < kScalarCount; ++j) {
      std::string word = row.substr(0, row.find(' '));
      row.erase(0, word.size() + 1);
      TypeRef want = type(word == "b" ? "bool" : word);
      EXPECT_EQ(name_of(promote(Scalar(i), Scalar(j))), name_of(want->scalar)) << i << " " << j;
    }
  }
}

TEST_F(Promotion, StrongIntegersWidenTo64Bits) {
  EXPECT_EQ(binary(BinaryOp::Add, "int8", "int8"), "int64");
  EXPECT_EQ(binary(BinaryOp::Mul, "uint8", "uint16"), "uint64");
  EXPECT_EQ(binary(BinaryOp::Sub, "uint32", "int8"), "int64");
  EXPECT_EQ(binary(BinaryOp::FloorDiv, "uint64", "uint64"), "uint64");
  EXPECT_EQ(binary(BinaryOp::Add, "int64", "uint64"), "float64");
  EXPECT_EQ(binary(BinaryOp::Pow, "int32", "int32"), "int64");
}

TEST_F(Promotion, WeakIntegersAdapt) {
  EXPECT_EQ(binary(BinaryOp::Add, "pyint", "pyint"), "pyint");
  EXPECT_EQ(binary(BinaryOp::Pow, "pyint", "pyint"), "pyint");
  EXPECT_EQ(binary(BinaryOp::Add, "uint8", "pyint"), "int64");
  EXPECT_EQ(binary(BinaryOp::Mod, "pyint", "int16"), "int64");
  EXPECT_EQ(binary(BinaryOp::Mul, "uint64", "pyint"), "uint64");
  EXPECT_EQ(binary(BinaryOp::Mul, "float32", "pyint"), "float32");
  EXPECT_EQ(binary(BinaryOp::Mul, "complex64", "pyint"), "complex64");
}

TEST_F(Promotion, WeakFloatsAdapt) {
  EXPECT_EQ(binary(BinaryOp::Mul, "float32", "pyfloat"), "float32");
  EXPECT_EQ(binary(BinaryOp::Mul, "int8", "pyfloat"), "float64");
  EXPECT_EQ(binary(BinaryOp::Mul, "pyint", "pyfloat"), "pyfloat");
  EXPECT_EQ(binary(BinaryOp::Mul, "float32", "pycomplex"), "complex64");
  EXPECT_EQ(binary(BinaryOp::Mul, "float64", "pycomplex"), "complex128");
  EXPECT_EQ(binary(BinaryOp::Mul, "int32", "pycomplex"), "complex128");
  EXPECT_EQ(binary(BinaryOp::Mul, "pyfloat", "pycomplex"), "pycomplex");
}

TEST_F(Promotion, OfFloat32WithIntegersIsNumPys) {
  for (const char* narrow : {"int8", "int16", "uint8", "uint16"}) {
    EXPECT_EQ(binary(BinaryOp::Add, narrow, "float32"), "float32");
    EXPECT_EQ(binary(BinaryOp::Add, narrow, "complex64"), "complex64");
  }
  for (const char* wide : {"int32", "int64", "uint32", "uint64"}) {
    EXPECT_EQ(binary(BinaryOp::Add, wide, "float32"), "float64");
    EXPECT_EQ(binary(BinaryOp::Add, "complex64", wide), "complex128");
  }
}

TEST_F(Promotion, BoolIsAWeakIntInArithmetic) {
  EXPECT_EQ(binary(BinaryOp::Add, "bool", "bool"), "pyint");
  EXPECT_EQ(binary(BinaryOp::Add, "bool", "pyint"), "pyint");
  EXPECT_EQ(binary(BinaryOp::Mul, "bool", "float32"), "float32");
  EXPECT_EQ(binary(BinaryOp::Mul, "bool", "uint8"), "int64");
  EXPECT_EQ(binary(BinaryOp::Div, "bool", "bool"), "pyfloat");
  EXPECT_EQ(binary(BinaryOp::BitAnd, "bool", "bool"), "bool");
  EXPECT_EQ(binary(BinaryOp::BitOr, "bool", "int8"), "int64");
  EXPECT_EQ(binary(BinaryOp::LShift, "bool", "bool"), "pyint");
}

TEST_F(Promotion, TrueDivisionOfIntegersIsFloat64) {
  EXPECT_EQ(binary(BinaryOp::Div, "int8", "int8"), "float64");
  EXPECT_EQ(binary(BinaryOp::Div, "int64", "pyint"), "float64");
  EXPECT_EQ(binary(BinaryOp::Div, "pyint", "pyint"), "pyfloat");
  EXPECT_EQ(binary(BinaryOp::Div, "float32", "pyint"), "float32");
  EXPECT_EQ(binary(BinaryOp::Div, "uint64", "uint64"), "float64");
}

TEST_F(Promotion, BitOperators) {
  EXPECT_EQ(binary(BinaryOp::BitXor, "int64", "uint64"), "int64");
  EXPECT_EQ(binary(BinaryOp::BitXor, "uint16", "uint32"), "uint64");
  EXPECT_EQ(binary(BinaryOp::BitXor, "uint32", "pyint"), "int64");
  EXPECT_EQ(binary(BinaryOp::BitXor, "uint64", "pyint"), "uint64");
  EXPECT_EQ(binary(BinaryOp::RShift, "uint8", "int64"), "uint64");
  EXPECT_EQ(binary(BinaryOp::RShift, "int8", "uint64"), "int64");
  EXPECT_EQ(binary(BinaryOp::LShift, "pyint", "uint64"), "int64");
  EXPECT_EQ(binary(BinaryOp::LShift, "pyint", "pyint"), "pyint");
  for (BinaryOp op : {BinaryOp::BitAnd, BinaryOp::LShift}) {
    EXPECT_EQ(binary(op, "float64", "int64"), "-");
    EXPECT_EQ(binary(op, "int64", "pycomplex"), "-");
  }
}

TEST_F(Promotion, ComplexNumbersHaveNoFloorDivisionAndNumPysHaveAnOrder) {
  EXPECT_EQ(binary(BinaryOp::FloorDiv, "complex64", "pyint"), "-");
  EXPECT_EQ(binary(BinaryOp::Mod, "pyint", "complex128"), "-");
  EXPECT_EQ(compare(CompareOp::Lt, "complex64", "pyint"), "complex64");
  EXPECT_EQ(compare(CompareOp::Lt, "pycomplex", "pyint"), "-");
  EXPECT_EQ(compare(CompareOp::Eq, "complex64", "pyint"), "complex64");
}

TEST_F(Promotion, Comparisons) {
  EXPECT_EQ(compare(CompareOp::Lt, "bool", "bool"), "bool");
  EXPECT_EQ(compare(CompareOp::Lt, "float32", "pyfloat"), "float32");
  EXPECT_EQ(compare(CompareOp::Lt, "int8", "uint32"), "int64");
  EXPECT_EQ(compare(CompareOp::Lt, "int8", "uint64"), "uint64 exact");
  EXPECT_EQ(compare(CompareOp::Lt, "uint64", "pyint"), "uint64 exact");
  EXPECT_EQ(compare(CompareOp::Lt, "uint64", "uint8"), "uint64");
  EXPECT_EQ(compare(CompareOp::Lt, "uint64", "float32"), "float64");
  EXPECT_EQ(compare(CompareOp::Is, "int64", "int64"), "-");
}

TEST_F(Promotion, UnaryOperators) {
  auto unary = [&](UnaryOpKind op, std::string_view a) { return text(unary_typing(types, op, type(a))); };
  EXPECT_EQ(unary(UnaryOpKind::Neg, "int8"), "int64");
  EXPECT_EQ(unary(UnaryOpKind::Neg, "uint8"), "uint64");
  EXPECT_EQ(unary(UnaryOpKind::Neg, "bool"), "pyint");
  EXPECT_EQ(unary(UnaryOpKind::Neg, "pyint"), "pyint");
  EXPECT_EQ(unary(UnaryOpKind::Neg, "float32"), "float32");
  EXPECT_EQ(unary(UnaryOpKind::Invert, "bool"), "bool");
  EXPECT_EQ(unary(UnaryOpKind::Invert, "uint16"), "uint64");
  EXPECT_EQ(unary(UnaryOpKind::Invert, "float32"), "-");
  EXPECT_EQ(unary(UnaryOpKind::Not, "complex64"), "bool");
  EXPECT_EQ(unary_typing(types, UnaryOpKind::Neg, types.none()), nullptr);
}

TEST_F(Promotion, NumbersUnify) {
  EXPECT_EQ(unified("pyint", "pyfloat"), "pyfloat");
  EXPECT_EQ(unified("bool", "pyint"), "pyint");
  EXPECT_EQ(unified("pyfloat", "float32"), "float64");
  EXPECT_EQ(unified("pyint", "float32"), "float64");
  EXPECT_EQ(unified("pyint", "int8"), "int64");
  EXPECT_EQ(unified("pyint", "uint8"), "int64");
  EXPECT_EQ(unified("pyint", "uint64"), "uint64");
  EXPECT_EQ(unified("pyfloat", "int64"), "float64");
  EXPECT_EQ(unified("pycomplex", "float32"), "complex128");
  EXPECT_EQ(unified("int64", "float64"), "float64");
  EXPECT_EQ(unified("int8", "int16"), "int16");
  EXPECT_EQ(unified("int64", "uint64"), "float64");
  EXPECT_EQ(unified("bool", "float32"), "float32");
}

TEST_F(Promotion, OtherThingsUnify) {
  TypeRef c = types.array(Scalar::F64, 2, Layout::C), f = types.array(Scalar::F64, 2, Layout::F);
  EXPECT_EQ(unify(types, c, f), types.array(Scalar::F64, 2, Layout::A));
  EXPECT_EQ(unify(types, c, types.array(Scalar::F64, 2, Layout::C, true)),
            types.array(Scalar::F64, 2, Layout::C, true));
  EXPECT_EQ(unify(types, c, types.array(Scalar::F32, 2, Layout::C)), nullptr);
  EXPECT_EQ(unify(types, c, types.array(Scalar::F64, 1, Layout::C)), nullptr);
  EXPECT_EQ(unify(types, c, types.int64()), nullptr);
  EXPECT_EQ(unify(types, types.none(), c), types.optional(c));
  EXPECT_EQ(unify(types, types.optional(types.py_int()), types.scalar(Scalar::F32)), types.optional(types.float64()));
  EXPECT_EQ(unify(types, types.unknown(), c), c);
  EXPECT_EQ(unify(types, types.tuple({types.py_int(), c}), types.tuple({types.float64(), f})),
            types.tuple({types.float64(), types.array(Scalar::F64, 2, Layout::A)}));
  EXPECT_EQ(unify(types, types.homogeneous(types.py_int(), 2), types.homogeneous(types.py_int(), 3)), nullptr);
}

TEST_F(Promotion, ConversionToADeclaredType) {
  EXPECT_TRUE(can_convert(types.py_int(), types.float64()));
  EXPECT_TRUE(can_convert(types.float64(), types.int64()));
  EXPECT_FALSE(can_convert(types.py_complex(), types.float64()));
  TypeRef c = types.array(Scalar::F64, 2, Layout::C), a = types.array(Scalar::F64, 2, Layout::A);
  EXPECT_TRUE(can_convert(c, a));
  EXPECT_FALSE(can_convert(a, c));
  EXPECT_FALSE(can_convert(types.array(Scalar::F64, 2, Layout::C, true), c));
  EXPECT_TRUE(can_convert(c, types.array(Scalar::F64, 2, Layout::C, true)));
  EXPECT_TRUE(can_convert(types.none(), types.optional(c)));
  EXPECT_FALSE(can_convert(types.none(), c));
  EXPECT_TRUE(can_convert(types.homogeneous(types.py_int(), 2), types.homogeneous(types.float64(), 2)));
}

TEST_F(Promotion, ConversionsHaveNumbasRanks) {
  auto rank = [&](Scalar from, Scalar to) { return conversion(types.scalar(from), types.scalar(to)); };
  EXPECT_EQ(rank(Scalar::I32, Scalar::I64), Conversion::Promote);
  EXPECT_EQ(rank(Scalar::U32, Scalar::I64), Conversion::Safe);
  EXPECT_EQ(rank(Scalar::I32, Scalar::F32), Conversion::Unsafe);
  EXPECT_EQ(rank(Scalar::I64, Scalar::F64), Conversion::Safe);
  EXPECT_EQ(rank(Scalar::I64, Scalar::C64), Conversion::Unsafe);
  EXPECT_EQ(rank(Scalar::I64, Scalar::C128), Conversion::Safe);
  EXPECT_EQ(rank(Scalar::I64, Scalar::U64), Conversion::Unsafe);
  EXPECT_EQ(rank(Scalar::F64, Scalar::I64), Conversion::Unsafe);
  EXPECT_EQ(rank(Scalar::C64, Scalar::C128), Conversion::Promote);
  EXPECT_EQ(rank(Scalar::C128, Scalar::F64), Conversion::None);
  EXPECT_EQ(conversion(types.py_float(), types.float64()), Conversion::Exact);
  EXPECT_EQ(conversion(types.none(), types.optional(types.float64())), Conversion::Promote);
  EXPECT_EQ(conversion(types.int64(), types.optional(types.float64())), Conversion::Safe);
  TypeRef pair = types.tuple({types.int64(), types.scalar(Scalar::F32)});
  EXPECT_EQ(conversion(pair, types.homogeneous(types.float64(), 2)), Conversion::Safe) << "the worst element";
}

TEST_F(Promotion, SignaturesAreChosenByTheFewestLossyConversions) {
  TypeRef i64 = types.int64(), f32 = types.scalar(Scalar::F32), f64 = types.float64(),
          c128 = types.scalar(Scalar::C128);
  auto chosen = [&](std::vector<std::vector<TypeRef>> listed, const std::vector<TypeRef>& arguments) {
    FunctionOptions options;
    for (auto& params : listed) options.signatures.push_back({std::move(params), nullptr});
    auto* s = choose_signature(options, arguments);
    return s ? static_cast<int>(s - options.signatures.data()) : -1;
  };
  EXPECT_EQ(chosen({{f32}, {c128}}, {i64}), 1) << "complex128 holds an int64, float32 does not";
  EXPECT_EQ(chosen({{c128}, {i64}, {i64}}, {types.py_int()}), 1) << "exact, and the first of two";
  EXPECT_EQ(chosen({{f32, f32}, {f64, f32}}, {i64, i64}), 1) << "one unsafe conversion is better than two";
  EXPECT_EQ(chosen({{f64, i64}, {i64, f64}}, {i64, i64}), 0) << "as good: the first listed";
  EXPECT_EQ(chosen({{f64}, {i64}}, {types.scalar(Scalar::U64)}), 0) << "the sign of uint64";
  EXPECT_EQ(chosen({{f64}}, {c128}), -1);
  EXPECT_EQ(chosen({{f64}}, {f64, f64}), -1);
}

}  // namespace
}  // namespace kjit::sema
