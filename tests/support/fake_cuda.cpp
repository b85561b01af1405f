#include "support/fake_cuda.h"

#include <dlfcn.h>

#include <filesystem>
#include <stdexcept>
#include <type_traits>

namespace kjit::test {

std::string fake_cuda_path() {
  Dl_info info{};  // /proc/self/exe is the loader where that was given the program as an argument
  static const int here = 0;
  if (!dladdr(&here, &info)) throw std::runtime_error("this program has no path");
  const auto program = std::filesystem::canonical(info.dli_fname);
  return (program.parent_path().parent_path() / "lib" / "libkjit_fake_cuda.so").string();
}

const FakeCuda& fake_cuda() {
  static const FakeCuda functions = [] {
    void* handle = dlopen(fake_cuda_path().c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) throw std::runtime_error(dlerror());
    FakeCuda f{};
    const auto find = [&](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(handle, name));
      if (!function) throw std::runtime_error(dlerror());
    };
    find(f.reset, "fake_cuda_reset"), find(f.devices, "fake_cuda_devices"), find(f.fail, "fake_cuda_fail");
    find(f.log, "fake_cuda_log"), find(f.live, "fake_cuda_live"), find(f.misuse, "fake_cuda_misuse");
    find(f.kernel, "fake_cuda_kernel"), find(f.image, "fake_cuda_image");
    find(f.variable, "fake_cuda_variable");
    return f;
  }();
  return functions;
}

}  // namespace kjit::test
