// Products cut into tiles, which run on the threads of the regions' scheduler. Tiles follow from shapes alone, so that
// results do not depend on the number of threads.
#pragma once

#include <kjit_rt/parallel.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "linalg/blas.h"

namespace kjit::rt {

// Below so much work, in ns, a product stays in one piece; tiles are no smaller, and no more than so many.
constexpr double kWorthTiles = 40'000;
constexpr double kMostTiles = 64;

// How many tiles work of so many ns is worth.
inline double tiles_for(double nanoseconds) {
  return nanoseconds < 2 * kWorthTiles ? 1 : std::min(nanoseconds / kWorthTiles, kMostTiles);
}

// A length cut into pieces of one side, the last one shorter.
struct Cut {
  int64_t length = 0, side = 1;

  int64_t count() const { return (length + side - 1) / side; }
  int64_t at(int64_t k) const { return k * side; }
  int64_t size(int64_t k) const { return std::min(side, length - k * side); }
};

// `pieces` at most, of a multiple of `unit` each.
inline Cut cut(int64_t length, double pieces, int64_t unit) {
  const auto count = std::max<int64_t>(static_cast<int64_t>(pieces + 1e-9), 1);
  const int64_t side = (length + count - 1) / count;
  return {length, std::max<int64_t>((side + unit - 1) / unit, 1) * unit};
}

// f(context, k) for k in [0, count), each once, on several threads; returns KJIT_OK or the status of the lowest that
// failed. Callers hold no place in the library's gate.
template <typename F>
int32_t on_threads(kjit_ctx* ctx, const Blas* blas, int64_t count, const F& f) {
  if (count == 1) return f(ctx, 0);
  const auto body = [](kjit_ctx* c, int64_t lo, int64_t hi, int64_t, void* frame) -> int32_t {
    for (int64_t k = lo; k < hi; ++k) {
      const int32_t status = (*static_cast<const F*>(frame))(c, k);
      if (status != KJIT_OK) return status;
    }
    return KJIT_OK;
  };
  const int32_t flags = KJIT_REGION_UNIFORM | (blas && blas->one_caller ? KJIT_REGION_SERIAL : 0);
  return kjit_rt_parfor(ctx, count, 1, flags, body, const_cast<F*>(std::addressof(f)));
}

}  // namespace kjit::rt
