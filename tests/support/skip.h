// Skips that do not go quiet: where tools/test has set everything up, what a test needs and does not find is a failure.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

// Ends the test: what it lacks.
#define KJIT_SKIP(lacking)                                                  \
  if (std::getenv("KJIT_TESTS_COMPLETE"))                                   \
    FAIL() << lacking << ", which tools/setup --tests should have seen to"; \
  else                                                                      \
    GTEST_SKIP() << lacking
