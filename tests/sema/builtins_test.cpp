// Built-ins: the table, the result types of calls, messages, module constants.
#include "sema/builtins.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "sema/promotion.h"

namespace kjit::sema {
namespace {

class Builtins : public testing::Test {
 protected:
  TypeRef type(std::string_view name) {
    if (name == "pyint") return types.py_int();
    if (name == "pyfloat") return types.py_float();
    if (name == "pycomplex") return types.py_complex();
    if (name == "None") return types.none();
    if (name.starts_with('\'')) return types.string(name.substr(1, name.size() - 2));
    if (name.starts_with("dtype ")) return types.dtype(type(name.substr(6))->scalar);
    if (name.ends_with(']')) {  // f4[2d]
      size_t at = name.find('[');
      Layout layout = name.ends_with("F]") ? Layout::F : name.ends_with("A]") ? Layout::A : Layout::C;
      return types.array(type(name.substr(0, at))->scalar, name[at + 1] - '0', layout);
    }
    Scalar s{};
    EXPECT_TRUE(parse_scalar(name, s)) << name;
    return types.scalar(s);
  }
  TypeRef call(std::string_view name, const std::vector<TypeRef>& args) {
    const Builtin* row = find_builtin(name);
    EXPECT_NE(row, nullptr) << name;
    if (!row) return nullptr;
    messages = source::Diagnostics();
    CallTyping typing{types, *row, {}, {}, messages, {}};
    for (TypeRef t : args) typing.args.push_back({nullptr, t, nullptr});
    TypeRef result = row->typing(typing);
    folded = typing.folded;
    return result;
  }
  std::string result(std::string_view name, std::initializer_list<std::string_view> args) {
    std::vector<TypeRef> list;
    for (auto a : args) list.push_back(type(a));
    TypeRef t = call(name, list);
    if (!t) return messages.all().empty() ? "null without a message" : messages.all()[0].message;
    const TypeRef one[] = {t};
    std::string text = signature_string(one);
    return text.substr(1, text.size() - 2);
  }
  TypeContext types;
  source::Diagnostics messages;
  Constant folded;
};

TEST_F(Builtins, NamesAreUnique) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < static_cast<size_t>(BuiltinId::kCount); ++i) {
    const Builtin& row = builtin(static_cast<BuiltinId>(i));
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(find_builtin(row.name), &row);
    EXPECT_EQ(static_cast<size_t>(row.id), i);
    EXPECT_TRUE(std::string_view(row.doc).ends_with(".") || std::string_view(row.doc).ends_with("...")) << row.name;
  }
  EXPECT_EQ(find_builtin("numpy.no_such"), nullptr);
}

TEST_F(Builtins, RowsOfMathFunctionsAreInTheTableOfMathFunctions) {
  const std::set<std::string> known = {
#define MATH(name, arity, llvm, libm, has_complex) #name,
#include "kir/math.def"
#undef MATH
  };
  struct Row {
    std::string name, emitter;
  };
  const Row rows[] = {
#define BUILTIN(id, name, params, rule, emitter, doc) {name, #emitter},
#include "sema/builtins.def"
#undef BUILTIN
  };
  for (const Row& r : rows) {
    if (r.emitter != "math_function") continue;
    std::string last = r.name.substr(r.name.rfind('.') + 1);
    if (last.starts_with("arc")) last = "a" + last.substr(3);
    EXPECT_TRUE(known.contains(last)) << r.name;
  }
}

TEST_F(Builtins, MathGivesPythonsFloat) {
  EXPECT_EQ(result("math.sin", {"float32"}), "pyfloat");
  EXPECT_EQ(result("math.sqrt", {"int8"}), "pyfloat");
  EXPECT_EQ(result("math.floor", {"float64"}), "pyint");
  EXPECT_EQ(result("math.isnan", {"float32"}), "bool");
  EXPECT_EQ(result("math.frexp", {"float64"}), "Tuple(pyfloat, pyint)");
  EXPECT_EQ(result("cmath.exp", {"complex64"}), "pycomplex");
  EXPECT_EQ(result("cmath.polar", {"pyfloat"}), "UniTuple(pyfloat x 2)");
  EXPECT_EQ(result("math.gcd", {"int32", "pyint"}), "pyint");
  EXPECT_EQ(result("math.sin", {"complex128"}), "math.sin() takes a real number, not a complex128");
}

TEST_F(Builtins, ElementaryFunctionsOfNumPyAreFloatLoops) {
  for (const char* narrow : {"bool", "int8", "uint8", "int16", "uint16"})
    EXPECT_EQ(result("numpy.sin", {narrow}), "float32");
  for (const char* wide : {"int32", "uint32", "int64", "uint64", "pyint", "pyfloat", "float64"}) {
    EXPECT_EQ(result("numpy.sin", {wide}), "float64");
  }
  EXPECT_EQ(result("numpy.sqrt", {"complex64"}), "complex64");
  EXPECT_EQ(result("numpy.sqrt", {"pycomplex"}), "complex128");
  EXPECT_EQ(result("numpy.arctan2", {"float32", "pyfloat"}), "float32");
  EXPECT_EQ(result("numpy.arctan2", {"float32", "int64"}), "float64");
  EXPECT_EQ(result("numpy.arctan2", {"int8", "uint16"}), "float32");
  EXPECT_EQ(result("numpy.arctan2", {"int8", "pyfloat"}), "float64");
  EXPECT_EQ(result("numpy.hypot", {"complex64", "pyint"}), "np.hypot() takes a real number, not a complex64");
}

TEST_F(Builtins, ArithmeticOfNumPyKeepsIntegerTypes) {
  EXPECT_EQ(result("numpy.add", {"int8", "int8"}), "int8");
  EXPECT_EQ(result("numpy.add", {"int8", "uint16"}), "int32");
  EXPECT_EQ(result("numpy.add", {"int64", "uint64"}), "float64");
  EXPECT_EQ(result("numpy.add", {"bool", "bool"}), "bool");
  EXPECT_EQ(result("numpy.add", {"uint8", "pyint"}), "int64");
  EXPECT_EQ(result("numpy.subtract", {"bool", "bool"}), "np.subtract() does not take bools");
  EXPECT_EQ(result("numpy.divide", {"int8", "int8"}), "float64");
  EXPECT_EQ(result("numpy.floor_divide", {"bool", "bool"}), "int8");
  EXPECT_EQ(result("numpy.divmod", {"uint16", "uint16"}), "UniTuple(uint16 x 2)");
  EXPECT_EQ(result("numpy.absolute", {"complex64"}), "float32");
  EXPECT_EQ(result("numpy.maximum", {"float32", "pyfloat"}), "float32");
  EXPECT_EQ(result("numpy.maximum", {"pyint", "pyint"}), "int64");
  EXPECT_EQ(result("numpy.round", {"float32", "pyint"}), "float32");
  EXPECT_EQ(result("numpy.floor", {"int16"}), "int16");
  EXPECT_EQ(result("numpy.left_shift", {"int8", "pyint"}), "int64");
  EXPECT_EQ(result("numpy.gcd", {"float64", "pyint"}), "np.gcd() takes an integer, not a float64");
  EXPECT_EQ(result("numpy.clip", {"float32", "None", "pyfloat"}), "float32");
}

TEST_F(Builtins, PythonsFunctionsKeepWeakness) {
  EXPECT_EQ(result("builtins.abs", {"pyint"}), "pyint");
  EXPECT_EQ(result("builtins.abs", {"int8"}), "int8");
  EXPECT_EQ(result("builtins.abs", {"bool"}), "pyint");
  EXPECT_EQ(result("builtins.max", {"pyint", "pyfloat"}), "pyfloat");
  EXPECT_EQ(result("builtins.max", {"float32", "pyfloat"}), "float32");
  EXPECT_EQ(result("builtins.max", {"int8", "pyint"}), "int64");
  EXPECT_EQ(result("builtins.max", {"f4[1d]"}), "float32");
  EXPECT_EQ(result("builtins.round", {"float32"}), "pyint");
  EXPECT_EQ(result("builtins.round", {"float32", "pyint"}), "float32");
  EXPECT_EQ(result("builtins.divmod", {"pyint", "int8"}), "UniTuple(int64 x 2)");
  EXPECT_EQ(result("builtins.sum", {"f4[1d]"}), "float32");
  EXPECT_EQ(result("builtins.pow", {"pyint", "pyint"}), "pyint");
  EXPECT_EQ(result("builtins.max", {"f4[2d]"}), "max() of an array(float32, 2d, C) is not supported");
}

TEST_F(Builtins, LengthsOfTuplesAreConstants) {
  EXPECT_EQ(call("builtins.len", {types.homogeneous(types.int64(), 3)}), types.py_int());
  EXPECT_EQ(folded.as_int(), 3);
  EXPECT_EQ(call("builtins.len", {types.string("h\xC3\xA9")}), types.py_int());
  EXPECT_EQ(folded.as_int(), 2);
}

TEST_F(Builtins, ArraysAreMadeWithTheDtypeGiven) {
  EXPECT_EQ(result("numpy.zeros", {"pyint"}), "array(float64, 1d, C)");
  EXPECT_EQ(result("numpy.zeros", {"pyint", "dtype int32"}), "array(int32, 1d, C)");
  EXPECT_EQ(result("numpy.zeros", {"int32", "'f4'"}), "array(float32, 1d, C)");
  EXPECT_EQ(result("numpy.full", {"pyint", "pyint"}), "array(int64, 1d, C)");
  EXPECT_EQ(result("numpy.full", {"pyint", "float32"}), "array(float32, 1d, C)");
  EXPECT_EQ(result("numpy.zeros_like", {"i4[2dF]"}), "array(int32, 2d, F)");
  EXPECT_EQ(result("numpy.empty_like", {"i4[2dA]", "dtype float64"}), "array(float64, 2d, C)");
  EXPECT_EQ(result("numpy.arange", {"pyint"}), "array(int64, 1d, C)");
  EXPECT_EQ(result("numpy.arange", {"int8"}), "array(int64, 1d, C)");
  EXPECT_EQ(result("numpy.arange", {"float32"}), "array(float64, 1d, C)");
  EXPECT_EQ(result("numpy.linspace", {"float32", "pyfloat"}), "array(float32, 1d, C)");
  EXPECT_EQ(result("numpy.linspace", {"pyint", "pyint"}), "array(float64, 1d, C)");
  EXPECT_EQ(result("numpy.zeros", {"pyint", "'floaty'"}), "there is no dtype 'floaty'");
  EXPECT_EQ(result("numpy.zeros", {"pyfloat"}),
            "np.zeros() takes a shape: an integer or a tuple of integers, not a float (Python)");
  TypeRef shape = types.tuple({types.py_int(), types.scalar(Scalar::U32)});
  EXPECT_EQ(call("numpy.empty", {shape}), types.array(Scalar::F64, 2, Layout::C));
  EXPECT_EQ(call("numpy.ones", {shape, types.builtin("builtins.int"), types.string("F")}),
            types.array(Scalar::I64, 2, Layout::F));
}

TEST_F(Builtins, ArraysOfLiterals) {
  TypeRef row = types.tuple({types.py_int(), types.py_float()});
  EXPECT_EQ(call("numpy.array", {row}), types.array(Scalar::F64, 1, Layout::C));
  EXPECT_EQ(call("numpy.array", {types.tuple({row, row, row})}), types.array(Scalar::F64, 2, Layout::C));
  EXPECT_EQ(call("numpy.array", {types.homogeneous(types.scalar(Scalar::F32), 2)}),
            types.array(Scalar::F32, 1, Layout::C));
  EXPECT_EQ(call("numpy.array", {types.tuple({row, types.py_int()})}), nullptr);
  EXPECT_EQ(call("numpy.asarray", {type("f4[2dA]")}), type("f4[2dA]"));
  EXPECT_EQ(call("numpy.ascontiguousarray", {type("f4[2dA]")}), type("f4[2d]"));
}

TEST_F(Builtins, ShapesAndReductions) {
  EXPECT_EQ(result("array.reshape", {"f8[2d]", "pyint", "pyint", "pyint"}), "array(float64, 3d, C)");
  EXPECT_EQ(result("array.ravel", {"f8[2dF]"}), "array(float64, 1d, C)");
  EXPECT_EQ(result("array.transpose", {"f8[2d]"}), "array(float64, 2d, F)");
  EXPECT_EQ(result("numpy.shape", {"f8[2d]"}), "UniTuple(pyint x 2)");
  EXPECT_EQ(result("array.item", {"u1[1d]"}), "pyint");
  EXPECT_EQ(result("numpy.sum", {"u1[1d]"}), "uint64");
  EXPECT_EQ(result("numpy.sum", {"f4[2d]"}), "float32");
  EXPECT_EQ(result("array.mean", {"i4[1d]"}), "float64");
  EXPECT_EQ(result("numpy.max", {"i2[1d]"}), "int16");
  EXPECT_EQ(result("numpy.std", {"c8[1d]"}), "float32");
  EXPECT_EQ(result("numpy.sum", {"f4[2d]", "pyint"}), "axis of np.sum() must be a constant");
  EXPECT_EQ(result("numpy.dot", {"f4[1d]", "f8[1d]"}), "float64");
}

TEST_F(Builtins, WholeArrayExpressionsAreRejectedWithAHint) {
  EXPECT_EQ(result("numpy.sin", {"f8[1d]"}), "np.sin of an array (a whole-array expression) is not supported");
  EXPECT_EQ(messages.all()[0].hint, "write a loop over its elements");
}

TEST_F(Builtins, OptionalNumbersAreNumbers) {
  EXPECT_EQ(call("numpy.sqrt", {types.optional(types.scalar(Scalar::F32))}), types.scalar(Scalar::F32));
  EXPECT_EQ(call("numpy.sqrt", {types.none()}), nullptr);
}

TEST_F(Builtins, ConstantsOfModules) {
  Constant c;
  ASSERT_TRUE(find_module_constant(types, "math.pi", c));
  EXPECT_EQ(c.type, types.py_float());
  EXPECT_EQ(std::get<double>(c.value), 3.141592653589793);
  ASSERT_TRUE(find_module_constant(types, "numpy.float32", c));
  EXPECT_EQ(c.type, types.dtype(Scalar::F32));
  ASSERT_TRUE(find_module_constant(types, "numba.types.i8", c));
  EXPECT_EQ(c.type, types.dtype(Scalar::I64));
  ASSERT_TRUE(find_module_constant(types, "numpy.newaxis", c));
  EXPECT_EQ(c.type, types.none());
  EXPECT_FALSE(find_module_constant(types, "numpy.float", c));
  EXPECT_FALSE(find_module_constant(types, "numpy.i8", c));
  EXPECT_FALSE(find_module_constant(types, "math.gamma_", c));
  EXPECT_TRUE(is_known_module("numpy.random"));
  EXPECT_FALSE(is_known_module("pandas"));
}

TEST_F(Builtins, LimitsOfTypes) {
  Constant c;
  EXPECT_EQ(call("numpy.finfo", {types.dtype(Scalar::F32)}), types.builtin("numpy.finfo.float32"));
  ASSERT_TRUE(find_module_constant(types, "numpy.finfo.float32.eps", c));
  EXPECT_EQ(c.type, types.scalar(Scalar::F32));
  EXPECT_EQ(std::get<double>(c.value), std::numeric_limits<float>::epsilon());
  ASSERT_TRUE(find_module_constant(types, "numpy.iinfo.int32.max", c));
  EXPECT_EQ(c.as_int(), 2147483647);
  ASSERT_TRUE(find_module_constant(types, "numpy.iinfo.int64.min", c));
  EXPECT_EQ(c.as_int(), std::numeric_limits<int64_t>::min());
  ASSERT_TRUE(find_module_constant(types, "numpy.iinfo.uint8.max", c));
  EXPECT_EQ(c.as_int(), 255);
  ASSERT_TRUE(find_module_constant(types, "numpy.iinfo.uint64.max", c));
  EXPECT_EQ(c.type, types.scalar(Scalar::U64));
  EXPECT_EQ(call("numpy.iinfo", {types.dtype(Scalar::F32)}), nullptr);
}

}  // namespace
}  // namespace kjit::sema
