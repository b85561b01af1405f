// The fake libcuda's control functions, and the real driver where there is a device.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "cuda/driver.h"

namespace kjit::test {

std::string fake_cuda_path();  // beside this program

// The control functions of the fake driver (fake_driver.h).
struct FakeCuda {
  void (*reset)();
  void (*devices)(int count);
  void (*fail)(const char* symbol, int result, int skip, bool sticky);
  const char* (*log)();
  int64_t (*live)(const char* what);
  int64_t (*misuse)();
  void (*kernel)(const char* name, void (*body)(void** parameters, const unsigned* grid));
};
const FakeCuda& fake_cuda();

// Null where there is no device; `why` says so.
rt::cuda::DriverRef real_driver(std::string& why);

// y[i] = a * x[i] + y[i], i < n: .entry axpy(y, x, a, n) for sm_75 and newer; `fault`: writes to address 0.
extern const char* const kAxpyPtx;

}  // namespace kjit::test
