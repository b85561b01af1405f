// Opens libkjit_threads.so when the first region needs it, and knows when there is none to use.
#pragma once

#include "parallel/pool.h"

namespace kjit::rt {

using RunOnPool = decltype(&kjit_pool_run);

RunOnPool pool();  // null: regions run on the calling thread

}  // namespace kjit::rt
