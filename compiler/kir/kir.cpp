// The tables behind the kernel IR's enumerations.
#include "kir/kir.h"

namespace kjit::kir {

const OpInfo& info(Op op) {
  static constexpr OpInfo kTable[] = {
#define OP(name, text, arity, family) {text, arity, Family::family},
#include "kir/ops.def"
#undef OP
  };
  return kTable[static_cast<size_t>(op)];
}

const MathInfo& info(MathFn fn) {
  static constexpr MathInfo kTable[] = {
#define MATH(name, arity, llvm, libm, has_complex) {#name, arity, llvm, libm, has_complex},
#include "kir/math.def"
#undef MATH
  };
  return kTable[static_cast<size_t>(fn)];
}

const DeviceFnInfo& info(DeviceFn fn) {
  static constexpr DeviceFnInfo kTable[] = {
#define DEVICE_FN(name, python, operands, result) {#name, python, operands, result},
#include "kir/device_functions.def"
#undef DEVICE_FN
  };
  return kTable[static_cast<size_t>(fn)];
}

const DeviceIndexInfo& info(DeviceIndex index) {
  static constexpr DeviceIndexInfo kTable[] = {
#define DEVICE_INDEX(name, python, llvm) {python, llvm},
#include "kir/device.def"
#undef DEVICE_INDEX
  };
  return kTable[static_cast<size_t>(index)];
}

const LibraryInfo& info(LibraryFn fn) {
  static constexpr LibraryInfo kTable[] = {
#define LIBRARY(name, symbol, params) {#name, #symbol, params},
#include "kir/library.def"
#undef LIBRARY
  };
  return kTable[static_cast<size_t>(fn)];
}

}  // namespace kjit::kir
