// Values known when compiling: literals, frozen globals, defaults, folded expressions.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "sema/types.h"

namespace kjit::sema {

// A global array, frozen: a C-contiguous copy of its elements.
struct ConstantArray {
  Scalar scalar = Scalar::F64;
  std::vector<int64_t> shape;
  std::vector<std::byte> data;  // size_of(scalar) * product(shape) bytes
};

struct Constant;
using ConstantTuple = std::vector<Constant>;

// `type` says how to read `value`: None -> monostate; Scalar -> int64_t (bool and integers, bits sign- or
// zero-extended), double, complex; String -> the type's text; Tuple -> elements; Array -> array; DType, Function,
// Builtin -> monostate (all in the type).
struct Constant {
  TypeRef type = nullptr;
  std::variant<std::monostate, int64_t, double, std::complex<double>, ConstantTuple,
               std::shared_ptr<const ConstantArray>>
      value;

  bool is_int() const { return std::holds_alternative<int64_t>(value); }
  int64_t as_int() const { return std::get<int64_t>(value); }
};

}  // namespace kjit::sema
