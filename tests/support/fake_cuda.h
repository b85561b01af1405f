// A libcuda for tests, built beside them (tests/cuda/fake_driver.h): where it is, and its control functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

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
  const char* (*image)(int64_t which);
  void (*variable)(const char* name, const void* data, size_t bytes);
  void (*kernel)(const char* name, void (*body)(void** parameters, const unsigned* grid));
};
const FakeCuda& fake_cuda();

}  // namespace kjit::test
