#include "driver/processor.h"

#include <cpuid.h>
#include <fmt/format.h>

namespace kjit::driver {

namespace {

// Registers eax, ebx, ecx, edx of a leaf; without those that differ from core to core.
struct Leaf {
  unsigned leaf, part;
  bool a, b, c, d;
};
constexpr Leaf kLeaves[] = {
    {0, 0, true, true, true, true},   // who made it
    {1, 0, true, false, true, true},  // kind, features; ebx has the core's number
    {7, 0, true, true, true, true},   // features
    {7, 1, true, true, true, true},
    {0xd, 1, true, false, false, false},  // how state is saved; ebx has the size in use
    {0x14, 0, false, true, false, false},
    {0x19, 0, false, true, false, false},
    {0x24, 0, true, true, false, false},  // AVX10
    {0x80000001, 0, false, false, true, true},
    {0x80000008, 0, false, true, false, false},
};

std::string identity() {
  std::string out;
  for (const Leaf& each : kLeaves) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(each.leaf, each.part, &a, &b, &c, &d)) a = b = c = d = 0;
    out += fmt::format("{:x}.{:x}:{:x},{:x},{:x},{:x};", each.leaf, each.part, each.a ? a : 0, each.b ? b : 0,
                       each.c ? c : 0, each.d ? d : 0);
  }
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) && (c & bit_OSXSAVE) != 0) {
    unsigned low = 0, high = 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    out += fmt::format("xcr0:{:x},{:x}", high, low);
  }
  return out;
}

}  // namespace

const std::string& processor_identity() {
  static const std::string known = identity();
  return known;
}

}  // namespace kjit::driver
