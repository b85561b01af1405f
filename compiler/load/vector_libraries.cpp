#include "load/vector_libraries.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/stat.h>

namespace kjit::load {

namespace {

void* sleef() {
  static void* const library = dlopen("libsleef.so.3", RTLD_LAZY | RTLD_LOCAL);
  return library;
}

void* mvec() {
  static void* const library = dlopen("libmvec.so.1", RTLD_LAZY | RTLD_LOCAL);
  return library;
}

std::string about(void* library) {
  link_map* map = nullptr;
  if (!library || dlinfo(library, RTLD_DI_LINKMAP, static_cast<void*>(&map)) != 0) return "none";
  struct stat file{};
  if (stat(map->l_name, &file) != 0) return map->l_name;
  return fmt::format("{} {} {}.{}", map->l_name, file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec);
}

}  // namespace

void* find_vector_function(const std::string& name) {
  void* library = name.starts_with("Sleef_") ? sleef() : mvec();
  return library ? dlsym(library, name.c_str()) : nullptr;
}

std::string vector_libraries() { return fmt::format("{}; {}", about(sleef()), about(mvec())); }

}  // namespace kjit::load
