// Specialisations as callers see them that lay out arguments and results themselves: bindings of other languages.
//
//   kjit::Specialisation s = m.specialise("norm", {array, 2});    // compiles for the types of these values
//   s.call(kjit::detail::bind_context(s.code.get()), result, slots);
//
// Slots and result are laid out as f_packed of kjit_rt/abi.h says. C++ programs have Function and Module::call.
#pragma once

#include <kjit_rt/abi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kjit/export.h"
#include "kjit/function.h"
#include "kjit/value.h"

namespace kjit {

// A parameter of a kernel. Positional parameters come first, then *rest, then those that only a keyword gives.
struct Parameter {
  enum class Kind : uint8_t { Positional, Rest, Keyword } kind = Kind::Positional;
  std::string name;
  bool has_default = false;
  Value value;  // the default
};

namespace detail {
struct CallTypes;
}

struct Specialisation {
  using Pointer = int32_t (*)(kjit_ctx*, void* result, const uint64_t* slots);

  std::shared_ptr<const detail::Code> code;  // keeps `call` alive
  Pointer call = nullptr;
  uint64_t engine = 0;  // what detail::thread_slot knows it by; 0: each call has to go through bind_context
  // Whether the slots of the arguments, each laid out by its own type, are the first that `call` takes, `rest` follows
  // them, and `result` tells what comes back. If not, numbers have to be converted: Module::call does.
  bool direct = false;
  bool brief = false;          // returns at once for any arguments: no loops, no output, nothing that could wait
  std::vector<uint64_t> rest;  // the slots of parameters that were not given: their defaults
  detail::TypeDesc result;
  size_t result_size = 0;              // bytes
  std::vector<std::string> arguments;  // types as messages show them, "array(float64, 2d, C)"
  std::string result_type;
  std::shared_ptr<const detail::CallTypes> types;  // what Module::inspect compiles for
};

}  // namespace kjit
