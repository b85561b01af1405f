// Python integers from 2^63 to 2^64 - 1, which np.uint64 takes and int64 does not hold. Beyond, scripts overflow.
#pragma once

#include "eval/objects.h"

namespace kjit::eval {

class WideInt : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::WideInt;
  explicit WideInt(uint64_t v) : ScriptObject(kSort), value(v) {}
  std::string repr() const override;
  uint64_t value;
};

// int, bool or WideInt.
bool is_python_int(const Value& value);
__int128 wide_value(const Value& python_int);
Value narrowed(__int128 value);  // int64_t or WideInt; OverflowError beyond
// Python's integers, computed exactly. OverflowError when the result lies outside -2^63 ... 2^64 - 1.
Value wide_binary(BinaryOp op, const Value& a, const Value& b);
// What compiled code and NumPy take for a WideInt: a number of dtype uint64. Other values as they are.
Value without_wide(const Value& value);
// The reverse, for results of kernels: numbers of dtype uint64, in tuples too, as Python's integers.
Value with_wide(Value value);

}  // namespace kjit::eval
