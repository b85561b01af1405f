// Types of the language. Interned in a TypeContext (one per engine): equal types are one pointer. Immutable, and safe
// to read from any thread; interning takes a lock.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kjit::ast {
struct FunctionDef;
}

namespace kjit::sema {

class Globals;  // globals.h

// The numbers are those of kjit_dtype in the runtime's ABI.
enum class Scalar : uint8_t { Bool, I8, I16, I32, I64, U8, U16, U32, U64, F32, F64, C64, C128 };
inline constexpr int kScalarCount = 13;

int size_of(Scalar s);               // bytes of one array element
std::string_view name_of(Scalar s);  // "float64", "complex128", "bool"
bool parse_scalar(std::string_view name,
                  Scalar& out);  // "float64", "f8", "int_", "intp", ... (Numba's and NumPy's names)
inline bool is_bool(Scalar s) { return s == Scalar::Bool; }
inline bool is_signed(Scalar s) { return s >= Scalar::I8 && s <= Scalar::I64; }
inline bool is_unsigned(Scalar s) { return s >= Scalar::U8 && s <= Scalar::U64; }
inline bool is_integer(Scalar s) { return s >= Scalar::I8 && s <= Scalar::U64; }  // not bool
inline bool is_float(Scalar s) { return s == Scalar::F32 || s == Scalar::F64; }
inline bool is_complex(Scalar s) { return s >= Scalar::C64; }
inline Scalar real_of(Scalar s) { return s == Scalar::C64 ? Scalar::F32 : s == Scalar::C128 ? Scalar::F64 : s; }
inline Scalar complex_of(Scalar s) { return s == Scalar::F32 || s == Scalar::C64 ? Scalar::C64 : Scalar::C128; }

enum class Layout : uint8_t { C, F, A };  // C: row-major contiguous, F: column-major contiguous, A: any strides

enum class TypeKind : uint8_t {
  Unknown,    // bottom: not inferred yet
  None,       // the value None
  Scalar,     // a number or bool; `weak` for Python's own int, float and complex
  Array,      // scalar, rank, layout, readonly
  Tuple,      // elements
  Optional,   // elements[0] or None
  String,     // a string known when compiling: `text`; used in messages, print, dtype and option arguments
  DType,      // a dtype (np.float64, a.dtype) known when compiling: scalar
  Function,   // a kernel, helper, lambda or closure: function + captures (elements); no run-time part but the captures
  Builtin,    // a built-in function or module by canonical name: `text` ("numpy.sqrt")
  Slice,      // slice object
  Ellipsis,   // ...
  Range,      // range(...): start, stop, step as int64 in the machine
  Enumerate,  // enumerate(elements[0])
  Zip,        // zip(elements...)
  Flat,       // a.flat: elements[0] is the array
  Reversed,   // reversed(elements[0])
  NdIndex,    // np.ndindex(...): elements[0] is the tuple of lengths
  NdEnumerate,  // np.ndenumerate(elements[0])
  Generator,    // np.random.Generator: elements[0] is the array with its state
};

struct Type {
  TypeKind kind = TypeKind::Unknown;
  Scalar scalar = Scalar::I64;                 // Scalar, Array, DType
  bool weak = false;                           // Scalar: pyint (I64), pyfloat (F64), pycomplex (C128)
  uint8_t rank = 0;                            // Array
  Layout layout = Layout::A;                   // Array; rank 0 and rank 1 contiguous are C
  bool readonly = false;                       // Array
  std::vector<const Type*> elements;           // Tuple, Optional, Function (captures), Enumerate ... NdEnumerate
  const ast::FunctionDef* function = nullptr;  // Function
  const Globals* globals = nullptr;            // Function: where its free names are looked up
  std::string text;                            // String, Builtin

  bool is_scalar() const { return kind == TypeKind::Scalar; }
  bool is_array() const { return kind == TypeKind::Array; }
  bool is_tuple() const { return kind == TypeKind::Tuple; }
  bool is_optional() const { return kind == TypeKind::Optional; }
  bool is_none() const { return kind == TypeKind::None; }
  bool is_unknown() const { return kind == TypeKind::Unknown; }
  bool is_iterator() const { return kind >= TypeKind::Enumerate && kind <= TypeKind::NdEnumerate; }
  friend bool operator==(const Type&, const Type&) = default;
};
using TypeRef = const Type*;

class TypeContext {
 public:
  TypeContext();
  ~TypeContext();
  TypeContext(const TypeContext&) = delete;
  TypeContext& operator=(const TypeContext&) = delete;

  TypeRef intern(Type type);
  TypeRef unknown() const { return unknown_; }
  TypeRef none() const { return none_; }
  TypeRef scalar(Scalar s) const { return scalars_[static_cast<int>(s)]; }
  TypeRef boolean() const { return scalar(Scalar::Bool); }
  TypeRef int64() const { return scalar(Scalar::I64); }
  TypeRef float64() const { return scalar(Scalar::F64); }
  TypeRef py_int() const { return py_int_; }
  TypeRef py_float() const { return py_float_; }
  TypeRef py_complex() const { return py_complex_; }
  TypeRef array(Scalar element, int rank, Layout layout, bool readonly = false);
  TypeRef tuple(std::vector<TypeRef> elements);
  TypeRef homogeneous(TypeRef element, int count);
  TypeRef optional(TypeRef value);  // optional(None) is None; optional(optional(T)) is optional(T)
  TypeRef dtype(Scalar s);
  TypeRef string(std::string_view text);
  TypeRef generator();  // np.random.Generator
  TypeRef builtin(std::string_view canonical_name);
  TypeRef function(const ast::FunctionDef* def, const Globals* globals, std::vector<TypeRef> captures);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  TypeRef unknown_, none_, py_int_, py_float_, py_complex_;
  TypeRef scalars_[kScalarCount];
};

// As users read it: "float64", "int (Python)", "array(float64, 2d, C)", "tuple(int64, float64)", "float64 or None".
std::string to_string(TypeRef type);

// Numba's spelling where there is one: "float64", "int64", "array(float64, 2d, C)", "UniTuple(int64 x 2)",
// "OptionalType(..)". Weak types are spelled pyint, pyfloat, pycomplex.
std::string signature_string(std::span<const TypeRef> types);

}  // namespace kjit::sema
