// The real driver where there is a device, and PTX for it.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "cuda/driver.h"
#include "support/fake_cuda.h"

namespace kjit::test {

// Null where there is no device; `why` says so.
rt::cuda::DriverRef real_driver(std::string& why);

// y[i] = a * x[i] + y[i], i < n: .entry axpy(y, x, a, n) for sm_75 and newer; `fault`: writes to address 0.
extern const char* const kAxpyPtx;

}  // namespace kjit::test
