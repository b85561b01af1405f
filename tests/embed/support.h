// What the tests of the C++ interface share. Public headers only.
#pragma once

#include <gtest/gtest.h>
#include <kjit/kjit.h>

#include <string>

namespace kjit::test {

inline std::string kernel(const std::string& text) { return "import numpy as np\nfrom numba import njit\n" + text; }

// The error that `f` throws; fails the test when it throws none.
template <typename F>
Error error_of(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorKind::Internal, "nothing was thrown");
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace kjit::test
