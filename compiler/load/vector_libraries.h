// The libraries with functions in vector lanes, as loaded code finds them: SLEEF and glibc's libmvec. They are opened
// when something is first looked for in them, and stay open. Thread-safe.
#pragma once

#include <string>

namespace kjit::load {

// By SLEEF's name ("Sleef_...") or that of the vector ABI ("_ZGV..."); null: there is none.
void* find_vector_function(const std::string& name);

// What tells one installation of them from another, and from none.
std::string vector_libraries();

}  // namespace kjit::load
