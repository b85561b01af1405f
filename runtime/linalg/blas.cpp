// Finds and opens BLAS and LAPACK. The rules are in README.md.
#include "linalg/blas.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <vector>

#include "linalg/private_copy.h"

struct kjit_blas {
  std::string path;
  void* (*find)(void* user, const char* name) = nullptr;
  void* user = nullptr;

  std::once_flag once;
  kjit::rt::Blas table;
  bool open = false;
  std::string error;  // why it is not
};

namespace kjit::rt {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KJIT_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KJIT_SANITIZED 1
#endif
#endif

// A library's own symbols come first: the host may have another BLAS among its global ones. Sanitizers refuse that.
#ifdef KJIT_SANITIZED
constexpr int kFlags = RTLD_LAZY | RTLD_LOCAL;
#else
constexpr int kFlags = RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

using Find = void* (*)(void* user, const char* name);

template <typename F>
bool assign(F& function, char letter, const char* name, Find find, void* user, std::string& missing) {
  const std::string symbol = std::string(1, letter) + name + "_";
  function = reinterpret_cast<F>(find(user, symbol.c_str()));
  if (!function) missing = symbol;
  return function != nullptr;
}

template <typename T>
bool fill(RealFunctions<T>& out, char letter, Find find, void* user, std::string& missing) {
#define FUNCTION(name, ...) &&assign(out.name, letter, #name, find, user, missing)
#define REAL(name, ...) &&assign(out.name, letter, #name, find, user, missing)
#define COMPLEX(name, ...)
  return true
#include "linalg/functions.def"
      ;
#undef REAL
#undef COMPLEX
}

template <typename T>
bool fill(ComplexFunctions<T>& out, char letter, Find find, void* user, std::string& missing) {
#define REAL(name, ...)
#define COMPLEX(name, ...) &&assign(out.name, letter, #name, find, user, missing)
  return true
#include "linalg/functions.def"
      ;
#undef FUNCTION
#undef REAL
#undef COMPLEX
}

bool fill_all(Blas& out, Find find, void* user, std::string& missing) {
  return fill(out.s, 's', find, user, missing) && fill(out.d, 'd', find, user, missing) &&
         fill(out.c, 'c', find, user, missing) && fill(out.z, 'z', find, user, missing);
}

void* find_in_library(void* handle, const char* name) { return dlsym(handle, name); }

template <typename F>
F* symbol(void* handle, const char* name) {
  return reinterpret_cast<F*>(dlsym(handle, name));
}

// OpenBLAS runs on its oldest kernels on a processor that is newer than itself: four to five times slower. By what the
// processor can do there is a better choice. OpenBLAS takes it from the environment only, when it looks for the first
// time; it is made to look again, with the variable set meanwhile.
void choose_kernels(void* handle) {
#if defined(__x86_64__)
  auto* name = symbol<const char*()>(handle, "openblas_get_corename");
  auto* look = symbol<void()>(handle, "gotoblas_dynamic_init");
  auto** kernels = static_cast<void**>(dlsym(handle, "gotoblas"));
  if (!name || !look || !kernels || std::string_view(name()) != "Prescott") return;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512cd");
  if (!wide && !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))) return;
  void* const before = *kernels;
  setenv("OPENBLAS_CORETYPE", wide ? "SkylakeX" : "Haswell", 1);
  *kernels = nullptr;
  look();
  unsetenv("OPENBLAS_CORETYPE");
  if (!*kernels) *kernels = before;
#else
  (void)handle;
#endif
}

// What OpenBLAS says of itself, and what follows for callers. `ours`: nobody else in the process uses this copy.
bool set_up_openblas(Blas& out, void* handle, bool ours, std::string& error) {
  auto* parallel = symbol<int()>(handle, "openblas_get_parallel");
  auto* config = symbol<const char*()>(handle, "openblas_get_config");
  if (!parallel || !config) return true;  // another library
  const std::string text = config();
  out.description += " (" + text + ")";
  if (text.find("USE64BITINT") != std::string::npos) {
    error = "has 64-bit integers in its interface";
    return false;
  }
  if (ours) choose_kernels(handle);
  if (parallel() == 0) {
    // Builds without threads do not lock their table of work areas.
    out.one_caller = text.find("USE_LOCKING") == std::string::npos;
    if (out.one_caller) out.gate.set_limit(1);
    return true;
  }
  if (!ours) {  // as the host has set it up
    auto* threads = symbol<int()>(handle, "openblas_get_num_threads");
    out.own_threads = threads && threads() > 1;
    return true;
  }
  if (parallel() == 2) {
    error = "is built on OpenMP, whose threads are the host's too";
    return false;
  }
  if (auto* set_threads = symbol<void(int)>(handle, "openblas_set_num_threads")) set_threads(1);
  // Its threads were made when it was loaded, and have nothing to do now.
  if (auto* shutdown = symbol<int()>(handle, "blas_thread_shutdown_")) shutdown();
  return true;
}

// `path` may be a name that the loader looks up.
bool open_library(Blas& out, const char* path, bool named_by_host, std::string& error) {
  const bool loaded = dlopen(path, RTLD_LAZY | RTLD_NOLOAD) != nullptr;  // by the host: the reference is kept
  void* handle = loaded && !named_by_host ? open_private_copy(path, kFlags, error) : dlopen(path, kFlags);
  if (!handle) {
    const char* why = dlerror();
    error = why ? why : error.empty() ? "cannot be copied" : error;
    return false;
  }
  out.description = path;
  std::string what;
  if (!set_up_openblas(out, handle, !(loaded && named_by_host), what)) {
    error = std::string(path) + " " + what;
    return false;
  }
  if (fill_all(out, find_in_library, handle, what)) return true;
  error = std::string(path) + " has no function " + what;
  return false;
}

// The copy that kjit's build has put beside this library, then Debian's.
std::vector<std::string> own_choice() {
  std::vector<std::string> out;
  Dl_info here{};
  if (dladdr(reinterpret_cast<void*>(&kjit_blas_new), &here) && here.dli_fname) {
    const std::string path = here.dli_fname;
    const size_t slash = path.rfind('/');
    if (slash != std::string::npos) out.push_back(path.substr(0, slash + 1) + "libkjit_blas.so");
  }
  const std::string multiarch =
#if defined(__aarch64__)
      "/usr/lib/aarch64-linux-gnu/";
#else
      "/usr/lib/x86_64-linux-gnu/";
#endif
  out.push_back(multiarch + "openblas-pthread/libopenblas.so.0");
  out.push_back("libopenblas.so.0");
  out.push_back(multiarch + "openblas-serial/libopenblas.so.0");
  return out;
}

void open_now(kjit_blas& blas) {
  if (blas.find) {
    std::string missing;
    blas.open = fill_all(blas.table, blas.find, blas.user, missing);
    blas.table.description = "given by the host";
    if (!blas.open) blas.error = "the BLAS and LAPACK given by the host have no function " + missing;
    return;
  }
  if (!blas.path.empty()) {
    std::string why;
    blas.open = open_library(blas.table, blas.path.c_str(), true, why);
    if (!blas.open) blas.error = "the BLAS and LAPACK library cannot be used: " + why;
    return;
  }
  std::string tried;
  for (const std::string& path : own_choice()) {
    std::string why;
    blas.open = open_library(blas.table, path.c_str(), false, why);
    if (blas.open) return;
    tried = why;
  }
  blas.error = "no BLAS and LAPACK library: install libopenblas0-pthread or give the engine another (" + tried + ")";
}

kjit_blas& process_blas() {
  static auto* blas = new kjit_blas;  // never freed: threads may still compute while the process ends
  return *blas;
}

kjit_blas& opened(kjit_blas* blas) {
  kjit_blas& b = blas ? *blas : process_blas();
  std::call_once(b.once, [&] { open_now(b); });
  return b;
}

}  // namespace

const Blas* open_blas(kjit_ctx* ctx, const kjit_location* where) {
  try {
    const kjit_blas& blas = opened(ctx->blas);
    if (blas.open) return &blas.table;
    kjit_rt_raise(ctx, KJIT_OS_ERROR, where, blas.error.c_str());
  } catch (const std::exception&) {  // no memory for names; the next call tries again
    kjit_rt_raise(ctx, KJIT_MEMORY_ERROR, where, "out of memory");
  }
  return nullptr;
}

}  // namespace kjit::rt

extern "C" {

kjit_blas* kjit_blas_new(const char* path, void* (*find)(void* user, const char* name), void* user) {
  auto* blas = new (std::nothrow) kjit_blas;
  if (!blas) return nullptr;
  if (path) blas->path = path;
  blas->find = find;
  blas->user = user;
  return blas;
}

void kjit_blas_free(kjit_blas* blas) { delete blas; }

void kjit_blas_describe(kjit_blas* blas, char* buffer, size_t size) {
  if (size == 0) return;
  const kjit_blas& b = blas ? *blas : kjit::rt::process_blas();
  const char* text = b.open ? b.table.description.c_str() : "";
  std::snprintf(buffer, size, "%s", text);
}

}  // extern "C"
