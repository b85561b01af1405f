// Where tests find their inputs and tools. Kept out of macros so that a test's object file does not depend on the place
// of the tree.
#pragma once

#include <string>

namespace kjit::test {

std::string source_dir();  // the repository's root
std::string build_dir();   // build/<preset>, with bin/ and lib/
std::string filecheck();   // LLVM's FileCheck
bool sanitized();          // built with a sanitizer: timings and memory limits do not hold

}  // namespace kjit::test
