// How many threads regions may have: the machine's answer, the process' choice, the calling thread's settings.
#pragma once

#include <kjit_rt/parallel.h>

#include <string>

namespace kjit::rt {

// The settings of one thread. A worker has those of the thread that began its region.
struct ThreadSettings {
  int32_t threads = 0;    // 0: all that there are
  int64_t chunksize = 0;  // iterations; 0: no wish
};
ThreadSettings& this_thread_settings();
int32_t& this_thread_id();  // of the chunk that runs on this thread; 0 outside of regions

int32_t bound_of(const kjit_ctx* ctx);    // the context's limit, or the process' threads
int32_t threads_of(const kjit_ctx* ctx);  // of regions that the calling thread begins

// Processors that control groups grant, rounded up; 0: as many as there are. `groups` has the form of
// /proc/self/cgroup, `mount` is where the file systems of control groups are.
int32_t granted_by_groups(const std::string& groups, const std::string& mount);

}  // namespace kjit::rt
