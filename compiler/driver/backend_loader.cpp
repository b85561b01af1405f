// Opening libkjit-llvm.
#include "driver/backend_loader.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <stdexcept>

namespace kjit::driver {

namespace {

constexpr const char* kLibrary = "libkjit-llvm.so";

std::string own_folder() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<void*>(&load_backend), &info) || !info.dli_fname) return {};
  const std::string path = info.dli_fname;
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

jit::CreateBackend open_library() {
  const std::string folder = own_folder();
  std::string problem;
  for (const std::string& candidate :
       {folder + "/" + kLibrary, folder + "/../lib/" + kLibrary, std::string(kLibrary)}) {
    // Local: a host with an LLVM of its own does not see ours.
    void* library = dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library) {
      void* create = dlsym(library, "kjit_llvm_backend_create");
      if (!create) throw std::runtime_error(fmt::format("{} is not kjit's code generator", candidate));
      return reinterpret_cast<jit::CreateBackend>(create);
    }
    if (problem.empty()) problem = dlerror();
  }
  throw std::runtime_error(fmt::format("the code generator cannot be loaded: {}", problem));
}

}  // namespace

std::shared_ptr<jit::Backend> load_backend(const jit::BackendOptions& options) {
  static const jit::CreateBackend create = open_library();  // tried again when it throws
  jit::Backend* backend = create(jit::kBackendAbi, &options);
  if (!backend) throw std::runtime_error("libkjit-llvm.so belongs to another version of kjit");
  return std::shared_ptr<jit::Backend>(backend);
}

}  // namespace kjit::driver
