// The modules of the language, for completion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kjit::sema {

// Those that begin with `prefix` ("numpy.").
std::vector<std::string> module_names(std::string_view prefix);

}  // namespace kjit::sema
