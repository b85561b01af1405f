// The scalar types by number: one row each.
#pragma once

#include <kjit_rt/core.h>

namespace kjit::rt {

enum class DtypeKind : char { kBool = 'b', kSigned = 'i', kUnsigned = 'u', kFloat = 'f', kComplex = 'c' };

struct DtypeRow {
  const char* name;
  DtypeKind kind;  // also the letter of an .npy header
  int size;        // bytes
};

inline constexpr DtypeRow kDtypes[] = {
    {"bool", DtypeKind::kBool, 1},           {"int8", DtypeKind::kSigned, 1},     {"int16", DtypeKind::kSigned, 2},
    {"int32", DtypeKind::kSigned, 4},        {"int64", DtypeKind::kSigned, 8},    {"uint8", DtypeKind::kUnsigned, 1},
    {"uint16", DtypeKind::kUnsigned, 2},     {"uint32", DtypeKind::kUnsigned, 4}, {"uint64", DtypeKind::kUnsigned, 8},
    {"float32", DtypeKind::kFloat, 4},       {"float64", DtypeKind::kFloat, 8},   {"complex64", DtypeKind::kComplex, 8},
    {"complex128", DtypeKind::kComplex, 16},
};
inline constexpr int kDtypeCount = static_cast<int>(sizeof kDtypes / sizeof kDtypes[0]);
static_assert(kDtypeCount == KJIT_COMPLEX128 + 1);

// Null for a number that is no dtype.
inline const DtypeRow* dtype_row(int dtype) { return dtype >= 0 && dtype < kDtypeCount ? &kDtypes[dtype] : nullptr; }

}  // namespace kjit::rt
