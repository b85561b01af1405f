// Names and sizes of the scalar types, for hosts.
#include "core/dtype.h"

#include <kjit_rt/format.h>

extern "C" {

const char* kjit_dtype_name(int32_t dtype) {
  const auto* row = kjit::rt::dtype_row(dtype);
  return row ? row->name : nullptr;
}

int64_t kjit_dtype_size(int32_t dtype) {
  const auto* row = kjit::rt::dtype_row(dtype);
  return row ? row->size : 0;
}

}  // extern "C"
