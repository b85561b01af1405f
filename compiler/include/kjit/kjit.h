// kjit: compiles numeric kernels, written in the Numba subset of Python, inside a C++ program.
//
//   #include <kjit/kjit.h>
//
//   kjit::Engine engine;
//   kjit::Module m = engine.load_string(R"(
//   from numba import njit
//   @njit
//   def norm(a, p):
//       s = 0.0
//       for i in range(a.shape[0]):
//           for j in range(a.shape[1]):
//               s += abs(a[i, j]) ** p
//       return s ** (1 / p)
//   )", "norm.py");
//   auto norm = m.function<double(kjit::ArrayView<const double, 2>, int64_t)>("norm");   // compiles here
//   std::vector<double> x{1, 2, 3, 4};
//   double n = norm({x, {2, 2}}, 2);                                                     // costs what a C call costs
//   kjit::Value v = m.call("norm", {kjit::Array::zeros(kjit::DType::Float32, {2, 2}), 2});  // types found at run time
//
// Everything that can go wrong is thrown as kjit::Error (error.h): kind, message, file, line, column, the source line.
// The library prints nothing. Options (engine.h): optimisation, bounds checks, print, host functions, modules, limits.
// A handle like `norm` may be copied, called from many threads at once, and outlives `m` and `engine`.
#pragma once

#include "kjit/array_view.h"
#include "kjit/cache.h"
#include "kjit/engine.h"
#include "kjit/error.h"
#include "kjit/function.h"
#include "kjit/session.h"
#include "kjit/specialisation.h"
#include "kjit/threads.h"
#include "kjit/value.h"
