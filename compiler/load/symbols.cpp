#include "load/symbols.h"

#include <dlfcn.h>
#include <kjit_rt/core.h>
#include <kjit_rt/linalg.h>
#include <kjit_rt/math.h>
#include <kjit_rt/offload.h>
#include <kjit_rt/order.h>
#include <kjit_rt/parallel.h>
#include <kjit_rt/random.h>
#include <kjit_rt/simulator.h>

#include <unordered_map>

#include "kir/kir.h"
#include "load/vector_libraries.h"
#include "load/versions.h"
#include "source/sanitizers.h"

namespace kjit::load {

namespace {

using Symbols = std::vector<std::pair<std::string, void*>>;

void add_runtime(Symbols& out) {
#define RUNTIME(name, signature, traits) out.emplace_back(#name, reinterpret_cast<void*>(&name));
#include "lower/runtime.def"
#undef RUNTIME
#define LIBRARY(name, symbol, params) out.emplace_back(#symbol, reinterpret_cast<void*>(&symbol));
#include "kir/library.def"
#undef LIBRARY
#define KJIT_ADD(name) out.emplace_back("kjit_random_draw_" #name, reinterpret_cast<void*>(&kjit_random_draw_##name));
  KJIT_RANDOM_FLOATS(KJIT_ADD)
  KJIT_RANDOM_OTHERS(KJIT_ADD)
#undef KJIT_ADD
#define KJIT_ADD(name) out.emplace_back("kjit_threads_call_" #name, reinterpret_cast<void*>(&kjit_threads_call_##name));
  KJIT_THREADS_CALLS(KJIT_ADD)
#undef KJIT_ADD
}

void add_scalar_functions(Symbols& out) {
#define KJIT_ADD(name) out.emplace_back(#name, reinterpret_cast<void*>(&name));
#define KJIT_ADD_COMPLEX(name) KJIT_ADD(kjit_c128_##name) KJIT_ADD(kjit_c64_##name)
#define KJIT_ADD_REAL(name) KJIT_ADD(kjit_f64_##name) KJIT_ADD(kjit_f32_##name)
  KJIT_COMPLEX_UNARY(KJIT_ADD_COMPLEX)
  KJIT_ADD_COMPLEX(pow)
  KJIT_ADD_REAL(frexp_mantissa)
  KJIT_ADD_REAL(frexp_exponent)
  KJIT_ADD_REAL(ldexp)
  KJIT_ADD_REAL(round_digits)
  KJIT_ADD_REAL(round_digits_np)
  KJIT_ADD_REAL(cbrt)
  KJIT_ADD_REAL(logaddexp)
  KJIT_ADD_REAL(logaddexp2)
  KJIT_ADD_REAL(sinc)
  KJIT_ADD(kjit_i64_gcd)
  KJIT_ADD(kjit_u64_gcd)
  KJIT_ADD(kjit_i64_lcm)
  KJIT_ADD(kjit_u64_lcm)
#undef KJIT_ADD
#undef KJIT_ADD_COMPLEX
#undef KJIT_ADD_REAL
}

// `library`: an open one, or RTLD_DEFAULT, which is null.
void add_from(Symbols& out, void* library, const std::string& name) {
  if (void* address = dlsym(library, name.c_str())) out.emplace_back(name, address);
}

// Functions of libm by name: kernel IR's, and those that LLVM makes of them (sincos of sin and cos, exp10 of pow).
void add_libm(Symbols& out) {
  void* libm = dlopen("libm.so.6", RTLD_LAZY | RTLD_LOCAL);
  auto add = [&](const std::string& name) {
    if (name.empty()) return;
    add_from(out, libm, name);
    add_from(out, libm, name + "f");
  };
#define MATH(name, arity, llvm, libm_name, has_complex) add(libm_name);
#include "kir/math.def"
#undef MATH
  for (const char* name :
       {"cbrt", "sincos", "exp10", "fmin", "fmax", "round", "roundeven", "nearbyint", "scalbn", "scalbln"}) {
    add(name);
  }
}

// What code generation calls for block copies, for idioms it recognises, and for 128-bit division.
void add_libc(Symbols& out) {
  void* libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_LOCAL);
  for (const char* name : {"memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen", "wcslen"})
    add_from(out, libc, name);
  void* libgcc = dlopen("libgcc_s.so.1", RTLD_LAZY | RTLD_LOCAL);
  for (const char* name : {"__udivti3", "__divti3", "__umodti3", "__modti3", "__powidf2", "__powisf2"}) {
    add_from(out, libgcc, name);
  }
}

// What passes of codegen/race_checks call.
void add_thread_sanitizer(Symbols& out) {
  if (!source::kThreadSanitizer) return;
  for (const char* name : {"init", "func_entry", "func_exit", "memcpy", "memmove", "memset"})
    add_from(out, RTLD_DEFAULT, std::string("__tsan_") + name);
  for (const char* size : {"1", "2", "4", "8", "16"}) {
    for (const char* what : {"", "unaligned_", "volatile_", "unaligned_volatile_"}) {
      for (const char* access : {"read", "write", "read_write"})
        add_from(out, RTLD_DEFAULT, std::string("__tsan_") + what + access + size);
    }
  }
  for (const char* bits : {"8", "16", "32", "64", "128"}) {
    for (const char* operation :
         {"load", "store", "exchange", "fetch_add", "fetch_sub", "fetch_and", "fetch_or", "fetch_xor", "fetch_nand",
          "compare_exchange_val", "compare_exchange_strong", "compare_exchange_weak"})
      add_from(out, RTLD_DEFAULT, std::string("__tsan_atomic") + bits + "_" + operation);
  }
  for (const char* fence : {"__tsan_atomic_thread_fence", "__tsan_atomic_signal_fence", "__tsan_vptr_update",
                            "__tsan_vptr_read", "__tsan_ignore_thread_begin", "__tsan_ignore_thread_end"})
    add_from(out, RTLD_DEFAULT, fence);
}

}  // namespace

std::vector<std::pair<std::string, void*>> runtime_symbols() {
  Symbols out;
  add_runtime(out);
  add_scalar_functions(out);
  add_libm(out);
  add_libc(out);
  add_thread_sanitizer(out);
  return out;
}

void* find_symbol(const std::string& name) {
  if (name.starts_with("Sleef_") || name.starts_with("_ZGV")) return find_vector_function(name);
  static const auto table = [] {
    const Symbols all = runtime_symbols();
    return std::unordered_map<std::string, void*>(all.begin(), all.end());
  }();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace kjit::load
