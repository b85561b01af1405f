#include "cuda/driver.h"

#include <dlfcn.h>

namespace kjit::rt::cuda {

namespace {

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

template <typename Function>
void find(void* handle, const char* symbol, Function& function, std::string& missing) {
  function = reinterpret_cast<Function>(dlsym(handle, symbol));
  if (!function) missing += (missing.empty() ? "" : ", ") + std::string(symbol);
}

}  // namespace

bool is_sticky(Result code) {
  switch (code) {
    case 214:  // uncorrectable ECC error
    case 220:  // uncorrectable NVLink error
    case result::kIllegalAddress:
    case result::kLaunchTimeout:
    case result::kAssert:
    case result::kHardwareStackError:
    case result::kIllegalInstruction:
    case result::kMisalignedAddress:
    case result::kInvalidAddressSpace:
    case result::kInvalidPc:
    case result::kLaunchFailed:
      return true;
    default:
      return false;
  }
}

DriverRef Driver::open(const char* library) {
  return std::shared_ptr<const Driver>(new Driver(library ? library : "libcuda.so.1"));
}

Driver::Driver(const char* library) : library_(library) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char* why = dlerror();
    const std::string text = why ? why : "it cannot be opened";
    throw Unavailable("no CUDA device: " + (text.find(library_) == std::string::npos ? library_ + ": " : "") + text);
  }
  std::string missing;
#define CUDA_FUNCTION(name, symbol, parameters) find(handle, #symbol, name, missing);
#include "cuda/driver.def"
#undef CUDA_FUNCTION
  if (driver_version) driver_version(&version_);
  if (!missing.empty())
    throw Unavailable("no CUDA device: the driver (" + library_ + ", CUDA " + version_text(version_) + ") lacks " +
                      missing + "; CUDA 11.2 or newer has them");
  Result code = init(0);
  if (code == result::kSuccess) code = device_count(&devices_);
  if (code == result::kSuccess && devices_ == 0) code = result::kNoDevice;
  if (code != result::kSuccess) throw Unavailable("no CUDA device: " + library_ + ": " + describe(code));
}

std::string Driver::describe(Result code) const {
  const char* name = nullptr;
  const char* text = nullptr;
  if (error_name(code, &name) != result::kSuccess || !name) return "CUDA error " + std::to_string(code);
  if (error_text(code, &text) != result::kSuccess || !text) return name;
  return std::string(name) + ": " + text;
}

void Driver::fail(Result code, const std::string& doing) const {
  throw DriverError(code, doing + ": " + describe(code));
}

}  // namespace kjit::rt::cuda
