// The library: functions of NumPy that are written in the language itself (compiler/library/*.py), part of libkjit as
// text. A row of the table of built-ins names the file; the file is parsed when one of its functions is first called.
#pragma once

#include <memory>

#include "sema/builtins.h"
#include "sema/globals.h"

namespace kjit::sema {

// What an annotation of a library function's parameter asks of the argument.
enum class ParameterKind : uint8_t {
  Any,
  Array,     // `array`: an array of at least one axis; a list or tuple of numbers becomes one
  Elements,  // `elements`: the same, but an array without axes becomes one of one element
  Number,    // `number`: a scalar
  Integer,   // `integer`: an integer or bool
  Literal,   // `literal`: known when compiling; a constant inside of the function, which has a version for each value
};
inline bool is_array_parameter(ParameterKind kind) {
  return kind == ParameterKind::Array || kind == ParameterKind::Elements;
}
ParameterKind parameter_kind(const ast::Parameter& parameter);

// np.mgrid and np.ogrid: functions of the library that slices in brackets call.
inline bool is_grid(const Builtin& row) { return row.id == BuiltinId::numpy_mgrid || row.id == BuiltinId::numpy_ogrid; }

// One per engine, used by any thread.
class Library {
 public:
  explicit Library(TypeContext& types);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // The function of a row that has a library file. It lives as long as the library.
  const FunctionRef& function(const Builtin& row);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The text of a library file by its name without ".py"; empty when there is none. Generated (library/embed.cmake).
std::string_view library_text(std::string_view file);

}  // namespace kjit::sema
