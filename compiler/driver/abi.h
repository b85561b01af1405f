// Dynamic values to and from the slots and result buffers of the runtime's ABI (kjit_rt/abi.h).
#pragma once

#include <cstdint>
#include <vector>

#include "kjit/value.h"
#include "sema/types.h"

namespace kjit::driver {

// The type that a dynamic argument has for a kernel: Python's own numbers are weak, typed scalars strong, arrays by
// dtype, rank, layout and writability; text and dtypes are part of the type. Null: kernels cannot take it.
sema::TypeRef type_of(sema::TypeContext& types, const Value& value);

// Appends the slots of `value` as a parameter of type `type`. Arrays are borrowed. False: it does not fit the type.
bool flatten(const Value& value, sema::TypeRef type, std::vector<uint64_t>& slots);

// Bytes of the result buffer, each component at its natural alignment.
size_t result_size(sema::TypeRef type);
// Reads a result and takes over its references. `typed`: strong scalars become TypedScalar; otherwise Python's numbers.
Value read_result(sema::TypeRef type, const unsigned char* buffer, bool typed);

}  // namespace kjit::driver
