// Runs parallel regions.
#include <kjit_rt/parallel.h>

#include <algorithm>

extern "C" {

int32_t kjit_rt_parfor(kjit_ctx* ctx, int64_t trips, int64_t length, int32_t, kjit_region_body body, void* frame) {
  for (int64_t lo = 0, chunk = 0; lo < trips; lo += length, ++chunk) {
    const int32_t status = body(ctx, lo, lo + std::min(length, trips - lo), chunk, frame);
    if (status != KJIT_OK) return status;
    if (trips - lo <= length) break;
  }
  return KJIT_OK;
}

}  // extern "C"
