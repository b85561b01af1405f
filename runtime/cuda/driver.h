// libcuda, loaded at run time, and its errors as exceptions.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "cuda/types.h"

namespace kjit::rt::cuda {

// There is no driver, or no device: what() says which, "no CUDA device: ...".
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The driver refused: what() is "<what was done>: CUDA_ERROR_...: <the driver's text>".
class DriverError : public std::runtime_error {
 public:
  DriverError(Result code, const std::string& text) : std::runtime_error(text), code_(code) {}
  Result code() const { return code_; }

 private:
  Result code_;
};

// Device memory is out: what() says bytes asked for, in use, cached and of the device.
class OutOfDeviceMemory : public DriverError {
 public:
  using DriverError::DriverError;
};

// The functions of the driver, one member each (driver.def). Immutable and safe to use from all threads. The library
// stays loaded until the process ends, since driver threads may run in it.
class Driver {
 public:
  // Opens the library (null: libcuda.so.1) and initialises the driver. Throws Unavailable.
  static std::shared_ptr<const Driver> open(const char* library = nullptr);

  const std::string& library() const { return library_; }
  int version() const { return version_; }  // of CUDA, 1000 * major + 10 * minor
  int devices() const { return devices_; }  // at least 1

  // "CUDA_ERROR_INVALID_VALUE: invalid argument".
  std::string describe(Result code) const;
  // Throws DriverError unless the call went well.
  void check(Result code, const char* doing) const {
    if (code != result::kSuccess) fail(code, doing);
  }
  [[noreturn]] void fail(Result code, const std::string& doing) const;

#define CUDA_FUNCTION(name, symbol, parameters) Result(*name) parameters = nullptr;
#include "cuda/driver.def"
#undef CUDA_FUNCTION

 private:
  explicit Driver(const char* library);

  std::string library_;
  int version_ = 0;
  int devices_ = 0;
};

using DriverRef = std::shared_ptr<const Driver>;

// Whether the context is of no more use after this error: the driver answers every later call with it.
bool is_sticky(Result code);

}  // namespace kjit::rt::cuda
