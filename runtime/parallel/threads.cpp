#include "parallel/threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include "core/context.h"

namespace kjit::rt {

namespace {

std::atomic<int32_t> asked_for{0};

int32_t processors() {
  // The kernel refuses sets that are too short for its processors.
  for (int count = 1024; count <= (1 << 20); count *= 4) {
    cpu_set_t* set = CPU_ALLOC(count);
    if (!set) break;
    const size_t size = CPU_ALLOC_SIZE(count);
    CPU_ZERO_S(size, set);
    const bool known = sched_getaffinity(0, size, set) == 0;
    const int found = known ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (known) return std::max(found, 1);
  }
  return 1;
}

int32_t rounded_up(double quota, double period) {
  if (!(quota > 0) || !(period > 0)) return 0;
  const double count = quota / period;
  if (count >= KJIT_MOST_THREADS) return 0;
  const auto whole = static_cast<int32_t>(count);
  return std::max(whole < count ? whole + 1 : whole, 1);
}

// "max 100000" or "150000 100000"
int32_t read_version_2(const std::string& folder) {
  std::ifstream file(folder + "/cpu.max");
  double quota = 0;
  double period = 0;
  return file >> quota >> period ? rounded_up(quota, period) : 0;
}

int32_t read_version_1(const std::string& folder) {
  std::ifstream quota_file(folder + "/cpu.cfs_quota_us");
  std::ifstream period_file(folder + "/cpu.cfs_period_us");
  double quota = 0;  // -1: none
  double period = 0;
  return quota_file >> quota && period_file >> period ? rounded_up(quota, period) : 0;
}

// The least that the group or one above it grants. A container may see its own group as the root of the mount, while
// the path is the host's: the walk ends at the root, so that one is read in any case.
int32_t least_above(const std::string& root, std::string path, int32_t (*read)(const std::string&)) {
  int32_t least = 0;
  for (;;) {
    while (path.ends_with('/')) path.pop_back();
    if (const int32_t here = read(root + path); here > 0) least = least > 0 ? std::min(least, here) : here;
    if (path.empty()) return least;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

bool has_controller(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    if (list.substr(0, comma) == name) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

int32_t default_threads() {
  int32_t count = std::min(processors(), KJIT_MOST_THREADS);
  try {
    std::ostringstream groups;
    groups << std::ifstream("/proc/self/cgroup").rdbuf();
    if (const int32_t granted = granted_by_groups(groups.str(), "/sys/fs/cgroup"); granted > 0)
      count = std::min(count, granted);
  } catch (const std::exception&) {  // no memory for names
    return count;
  }
  return count;
}

}  // namespace

int32_t granted_by_groups(const std::string& groups, const std::string& mount) {
  int32_t least = 0;
  const auto grant = [&](int32_t count) {
    if (count > 0) least = least > 0 ? std::min(least, count) : count;
  };
  std::istringstream lines(groups);
  for (std::string line; std::getline(lines, line);) {  // number:controllers:path
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    if (controllers.empty()) {
      grant(least_above(mount, path, read_version_2));
      grant(least_above(mount + "/unified", path, read_version_2));
    } else if (has_controller(controllers, "cpu")) {
      grant(least_above(std::string(mount).append("/").append(controllers), path, read_version_1));
      if (controllers != "cpu") grant(least_above(mount + "/cpu", path, read_version_1));
    }
  }
  return least;
}

ThreadSettings& this_thread_settings() {
  thread_local constinit ThreadSettings settings;
  return settings;
}

int32_t& this_thread_id() {
  thread_local constinit int32_t id = 0;
  return id;
}

int32_t bound_of(const kjit_ctx* ctx) {
  if (ctx && ctx->thread_limit > 0)
    return static_cast<int32_t>(std::min<int64_t>(ctx->thread_limit, KJIT_MOST_THREADS));
  return kjit_threads_launched();
}

int32_t threads_of(const kjit_ctx* ctx) {
  const int32_t own = this_thread_settings().threads;
  const int32_t bound = bound_of(ctx);
  return own > 0 ? std::min(own, bound) : bound;
}

}  // namespace kjit::rt

using namespace kjit::rt;

extern "C" {

int32_t kjit_threads_default(void) {
  static const int32_t count = default_threads();
  return count;
}

int32_t kjit_threads_launched(void) {
  const int32_t asked = asked_for.load(std::memory_order_relaxed);
  return asked > 0 ? asked : kjit_threads_default();
}

int32_t kjit_threads_launch(int32_t threads) {
  if (threads < 0 || threads > KJIT_MOST_THREADS) return KJIT_VALUE_ERROR;
  asked_for.store(threads, std::memory_order_relaxed);
  return KJIT_OK;
}

int32_t kjit_rt_set_num_threads(kjit_ctx* ctx, int64_t threads, const kjit_location* where) {
  const int64_t bound = bound_of(ctx);
  if (threads < 1 || threads > bound)
    return raise(ctx, KJIT_VALUE_ERROR, where, "The number of threads must be between 1 and {0}", {&bound, 1});
  this_thread_settings().threads = threads == bound ? 0 : static_cast<int32_t>(threads);  // all, should there be more
  return KJIT_OK;
}

int64_t kjit_rt_get_num_threads(const kjit_ctx* ctx) { return threads_of(ctx); }

int32_t kjit_rt_set_parallel_chunksize(kjit_ctx* ctx, int64_t iterations, int64_t* previous,
                                       const kjit_location* where) {
  if (iterations < 0) return raise(ctx, KJIT_VALUE_ERROR, where, "chunksize must be greater than or equal to zero", {});
  int64_t& size = this_thread_settings().chunksize;
  if (previous) *previous = size;
  size = iterations;
  return KJIT_OK;
}

int64_t kjit_rt_get_parallel_chunksize(void) { return this_thread_settings().chunksize; }
int64_t kjit_rt_get_thread_id(void) { return this_thread_id(); }

int32_t kjit_threads_call_set_num_threads(kjit_ctx* ctx, int64_t* out, int64_t threads) {
  *out = 0;
  return kjit_rt_set_num_threads(ctx, threads, nullptr);
}
int32_t kjit_threads_call_get_num_threads(kjit_ctx* ctx, int64_t* out) {
  *out = kjit_rt_get_num_threads(ctx);
  return KJIT_OK;
}
int32_t kjit_threads_call_get_thread_id(kjit_ctx*, int64_t* out) {
  *out = kjit_rt_get_thread_id();
  return KJIT_OK;
}
int32_t kjit_threads_call_set_parallel_chunksize(kjit_ctx* ctx, int64_t* out, int64_t iterations) {
  return kjit_rt_set_parallel_chunksize(ctx, iterations, out, nullptr);
}
int32_t kjit_threads_call_get_parallel_chunksize(kjit_ctx*, int64_t* out) {
  *out = kjit_rt_get_parallel_chunksize();
  return KJIT_OK;
}

}  // extern "C"
