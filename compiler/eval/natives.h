// Built-in functions that the evaluator does itself, by canonical name. Methods get the object as their first argument.
#pragma once

#include <span>
#include <string_view>

#include "eval/interpreter.h"

namespace kjit::eval {

struct NativeRow {
  std::string_view name;  // "builtins.len", "numpy.zeros", "list.append", "array.copy"
  Native function;
};

// The parts of the table, a file each.
std::span<const NativeRow> builtin_natives();
std::span<const NativeRow> conversion_natives();
std::span<const NativeRow> math_natives();
std::span<const NativeRow> list_natives();
std::span<const NativeRow> string_natives();
std::span<const NativeRow> array_natives();
std::span<const NativeRow> file_natives();
std::span<const NativeRow> random_natives();
std::span<const NativeRow> system_natives();
std::span<const NativeRow> cuda_natives();
std::span<const NativeRow> cuda_reduce_natives();

Native find_native(std::string_view canonical_name);  // null: none

bool is_package(std::string_view name);  // may be imported, and is no file
bool exception_kind(std::string_view canonical_name, ErrorKind& out);
Value script_attribute(Interpreter& interpreter, const std::string& name);  // sys.argv, sys.stderr; unbound: none
int64_t to_int_number(const Value& number);                                 // int(x)
void sort_values(Interpreter& interpreter, std::vector<Value>& items, const Value& key, bool reverse);

}  // namespace kjit::eval
