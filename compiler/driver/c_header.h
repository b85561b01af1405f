// The header for C and C++ of kernels that are compiled ahead of time (lang-spec/ahead-of-time.md).
#pragma once

#include <string>
#include <vector>

#include "sema/types.h"

namespace kjit::driver {

struct CPrototype {
  std::string name;    // in C
  std::string kernel;  // in the language
  std::string place;   // "kernels.py:12", for a comment
  std::vector<std::string> parameters;
  std::vector<sema::TypeRef> types;  // of parameters
  sema::TypeRef result = nullptr;    // null: nothing
};

// "" when the function can be called from C, else why not.
std::string c_problem(const CPrototype& function);
// Whether a name can be one in C and in C++.
bool is_c_identifier(std::string_view name);
// `file`: what the header will be called, `output`: what it belongs to.
std::string c_header(const std::vector<CPrototype>& functions, const std::string& file, const std::string& output);

}  // namespace kjit::driver
