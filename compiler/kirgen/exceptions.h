// Exception classes by name.
#pragma once

#include <cstdint>
#include <string_view>

namespace kjit::kirgen {

// The kjit_status of a built-in exception class; 0 when there is none of that name.
int32_t exception_status(std::string_view name);

}  // namespace kjit::kirgen
