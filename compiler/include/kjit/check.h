// What is wrong with a kernel file, without running it: `kjit check`.
//
//   for (const kjit::Finding& finding : kjit::check_file("kernels.py").findings) std::cerr << kjit::render(finding);
#pragma once

#include <string>
#include <vector>

#include "kjit/engine.h"
#include "kjit/error.h"

namespace kjit {

struct Checked {
  std::vector<Finding> findings;     // errors and warnings, in order of the text, those of imported files among them
  int typed = 0;                     // functions with a decorator that were typed
  std::vector<std::string> untyped;  // the others: what can be said of them without types has been said
};

// Parses the file and types each function with a decorator: for its signatures; else for the types of the calls of it
// in the file, as far as they can be told without running; else for the types that annotate its parameters. Of
// `options` those that kernels are compiled by, and resolve_module, constants and functions. Throws Error: OSError when
// the file cannot be read, Usage for bad options.
KJIT_API Checked check_file(const std::string& path, Options options = {});

}  // namespace kjit
