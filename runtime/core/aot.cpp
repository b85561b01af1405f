// What programs with kernels that were compiled ahead of time call: contexts, error texts, arguments that look wrong.
#include <kjit_rt/aot.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "core/context.h"

namespace kjit::rt {

namespace {

void print_to_stdout(void* /*user*/, const char* text, size_t size) { std::fwrite(text, 1, size, stdout); }

// Descriptors in generated headers: the lengths of all axes, then the strides of all.
struct ArrayArgument {
  const char* data;
  void* owner;
  int64_t axes[];
};

std::string listed(const int64_t* numbers, int32_t count) {
  std::string out = "(";
  for (int32_t k = 0; k < count; ++k) out += (k ? ", " : "") + std::to_string(numbers[k]);
  return out + (count == 1 ? ",)" : ")");
}

int32_t bytes_of(int32_t dtype) {
  switch (dtype) {
    case KJIT_BOOL:
    case KJIT_INT8:
    case KJIT_UINT8:
      return 1;
    case KJIT_INT16:
    case KJIT_UINT16:
      return 2;
    case KJIT_INT32:
    case KJIT_UINT32:
    case KJIT_FLOAT32:
      return 4;
    case KJIT_COMPLEX128:
      return 16;
    default:
      return 8;
  }
}

// Of an array that is not empty, strides of axes with more than one element count, as in NumPy.
bool is_contiguous(const ArrayArgument& a, int32_t rank, int32_t bytes, bool fortran) {
  int64_t wanted = bytes;
  for (int32_t k = 0; k < rank; ++k) {
    const int32_t axis = fortran ? k : rank - 1 - k;
    if (a.axes[axis] == 0) return true;
    if (a.axes[axis] > 1 && a.axes[rank + axis] != wanted) return false;
    wanted *= a.axes[axis];
  }
  return true;
}

// "" when nothing is wrong.
std::string problem_of(const ArrayArgument& a, int32_t dtype, int32_t rank, int32_t layout) {
  int64_t elements = 1;
  for (int32_t k = 0; k < rank; ++k) {
    if (a.axes[k] < 0) return "has a negative length: its shape is " + listed(a.axes, rank);
    elements = a.axes[k] == 0 ? 0 : elements;
  }
  if (elements != 0 && a.data == nullptr) return "has no data: the pointer is NULL, the shape " + listed(a.axes, rank);
  const int32_t bytes = bytes_of(dtype);
  const int32_t alignment = dtype == KJIT_COMPLEX64 ? 4 : dtype == KJIT_COMPLEX128 ? 8 : bytes;
  if (elements != 0 && reinterpret_cast<uintptr_t>(a.data) % static_cast<uintptr_t>(alignment) != 0)
    return "is not aligned: its address is no multiple of " + std::to_string(alignment);
  if (layout != 2 && elements != 0 && !is_contiguous(a, rank, bytes, layout == 1))
    return std::string("is not contiguous in ") + (layout == 1 ? "Fortran's" : "C's") + " order: its shape is " +
           listed(a.axes, rank) + ", its strides in bytes " + listed(a.axes + rank, rank);
  return "";
}

int32_t fail(kjit_ctx* context, int32_t kind, const char* function, const char* parameter, const std::string& what) {
  return raise(context, kind, nullptr, std::string(function) + "(): '" + parameter + "' " + what);
}

struct ThreadContext {
  kjit_ctx* context = nullptr;
  ~ThreadContext() { kjit_context_free(context); }
};

thread_local ThreadContext thread_context;

}  // namespace

}  // namespace kjit::rt

extern "C" {

kjit_ctx* kjit_context_new(void) {
  if (!kjit::rt::allocation_allowed()) return nullptr;
  auto* context = static_cast<kjit_ctx*>(std::calloc(1, sizeof(kjit_ctx)));
  if (!context) return nullptr;
  kjit_ctx_init(context);
  context->write = kjit::rt::print_to_stdout;
  return context;
}

void kjit_context_free(kjit_ctx* context) {
  if (!context) return;
  kjit_ctx_destroy(context);
  std::free(context);
}

kjit_ctx* kjit_context_of_thread(void) {
  kjit_ctx*& context = kjit::rt::thread_context.context;
  if (!context) context = kjit_context_new();
  return context;
}

const char* kjit_error_message(const kjit_ctx* context) {
  if (!context) context = kjit::rt::thread_context.context;
  return context ? context->error.message : "";
}

size_t kjit_error_describe(const kjit_ctx* context, char* buffer, size_t size) {
  if (!context) context = kjit::rt::thread_context.context;
  int length = 0;
  if (!context || context->error.kind == KJIT_OK) {
    length = std::snprintf(buffer, size, "%s", "");
  } else {
    const kjit_error& e = context->error;
    const char* kind = kjit_status_name(e.kind);
    if (const kjit_location* at = e.location; at && at->line > 0) {
      length = std::snprintf(buffer, size, "%s:%d:%d: in '%s': %s: %s", at->file, at->line, at->column, at->function,
                             kind, e.message);
    } else {
      length = std::snprintf(buffer, size, "%s: %s", kind, e.message);
    }
  }
  return length < 0 ? 0 : static_cast<size_t>(length);
}

int32_t kjit_aot_check_array(kjit_ctx* context, const char* function, const char* parameter, const void* array,
                             int32_t dtype, int32_t rank, int32_t layout) {
  if (!array) return kjit_aot_null(context, function, parameter);
  try {
    const auto& a = *static_cast<const kjit::rt::ArrayArgument*>(array);
    const std::string problem = kjit::rt::problem_of(a, dtype, rank, layout);
    if (problem.empty()) return KJIT_OK;
    return kjit::rt::fail(context, KJIT_VALUE_ERROR, function, parameter, problem);
  } catch (const std::bad_alloc&) {
    return kjit::rt::raise(context, KJIT_MEMORY_ERROR, nullptr, "out of memory");
  }
}

int32_t kjit_aot_null(kjit_ctx* context, const char* function, const char* parameter) {
  try {
    return kjit::rt::fail(context, KJIT_VALUE_ERROR, function, parameter, "is NULL");
  } catch (const std::bad_alloc&) {
    return kjit::rt::raise(context, KJIT_MEMORY_ERROR, nullptr, "out of memory");
  }
}

}  // extern "C"
