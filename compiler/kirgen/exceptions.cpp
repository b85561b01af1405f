// Exception classes by name.
#include "kirgen/exceptions.h"

#include <kjit_rt/abi.h>

namespace kjit::kirgen {

int32_t exception_status(std::string_view name) {
  struct Row {
    std::string_view name;
    int32_t status;
  };
  static constexpr Row kRows[] = {
      {"Exception", KJIT_EXCEPTION},
      {"ValueError", KJIT_VALUE_ERROR},
      {"TypeError", KJIT_TYPE_ERROR},
      {"IndexError", KJIT_INDEX_ERROR},
      {"KeyError", KJIT_KEY_ERROR},
      {"ZeroDivisionError", KJIT_ZERO_DIVISION_ERROR},
      {"OverflowError", KJIT_OVERFLOW_ERROR},
      {"FloatingPointError", KJIT_FLOATING_POINT_ERROR},
      {"ArithmeticError", KJIT_ARITHMETIC_ERROR},
      {"AssertionError", KJIT_ASSERTION_ERROR},
      {"RuntimeError", KJIT_RUNTIME_ERROR},
      {"NotImplementedError", KJIT_NOT_IMPLEMENTED_ERROR},
      {"MemoryError", KJIT_MEMORY_ERROR},
      {"RecursionError", KJIT_RECURSION_ERROR},
      {"StopIteration", KJIT_STOP_ITERATION},
      {"NameError", KJIT_NAME_ERROR},
      {"UnboundLocalError", KJIT_NAME_ERROR},
      {"KeyboardInterrupt", KJIT_INTERRUPTED},
      {"LinAlgError", KJIT_LINALG_ERROR},
      {"AttributeError", KJIT_ATTRIBUTE_ERROR},
      {"OSError", KJIT_OS_ERROR},
  };
  for (const Row& row : kRows) {
    if (row.name == name) return row.status;
  }
  return 0;
}

}  // namespace kjit::kirgen
