// How many threads parallel regions have. An engine's own bound is Options::threads.
//
//   kjit::launch_threads(4);       // for the whole process: regions have at most 4 threads
//   kjit::set_num_threads(2);      // for regions of kernels that this thread calls
//   kjit::threads().description;   // "oneTBB 2021.8", or why regions run serially
#pragma once

#include <cstdint>
#include <string>

#include "kjit/export.h"

namespace kjit {

struct Threads {
  int launched = 1;         // most threads of a region, the calling one included
  int by_default = 1;       // processors of this process, at most what its control groups grant, rounded up
  bool parallel = false;    // false: regions run on the calling thread, for want of the scheduler or after fork
  std::string description;  // of the scheduler, or "none: " and why
};
KJIT_API Threads threads();  // opens the scheduler

// Most threads of a region of the process: 1 to 256, more than processors if need be; 0: the default again. From the
// next region on. Throws Error (ValueError).
KJIT_API void launch_threads(int count);

// The calling thread's own settings, which are also those of numba.set_num_threads and its like in kernels that it
// calls. Throw Error (ValueError): for what is not 1 to threads().launched; for what is negative.
KJIT_API void set_num_threads(int count);
KJIT_API int get_num_threads();
KJIT_API int64_t set_parallel_chunksize(int64_t iterations);  // gives the one before; 0: as kjit thinks best
KJIT_API int64_t get_parallel_chunksize();
// In a function of the host that a region calls: a number of the thread alone, below the number of threads. Elsewhere
// 0.
KJIT_API int get_thread_id();

}  // namespace kjit
