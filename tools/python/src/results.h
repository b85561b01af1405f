// What a kernel left in its result buffer, as Python's objects.
#pragma once

#include <kjit/kjit.h>

#include "arguments.h"
#include "numpy_api.h"

namespace kjit::python {

// `buffer` is laid out for `type` as kjit_rt/abi.h says. A view of an argument gets that array as its base.
Ref read_result(const unsigned char* buffer, const detail::TypeDesc& type, const Arguments& arguments);

}  // namespace kjit::python
