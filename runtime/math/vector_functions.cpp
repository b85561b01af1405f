// Functions in vector lanes, for code that was compiled ahead of time and is linked with none of their libraries.
#include <dlfcn.h>
#include <kjit_rt/aot.h>

#include <string_view>

extern "C" void* kjit_rt_vector_function(const char* name) {
  // Opened once, and never closed: code keeps the addresses.
  static void* const sleef = dlopen("libsleef.so.3", RTLD_LAZY | RTLD_LOCAL);
  static void* const mvec = dlopen("libmvec.so.1", RTLD_LAZY | RTLD_LOCAL);
  const std::string_view wanted = name;
  void* library = wanted.starts_with("Sleef_") ? sleef : wanted.starts_with("_ZGV") ? mvec : nullptr;
  return library ? dlsym(library, name) : nullptr;
}
