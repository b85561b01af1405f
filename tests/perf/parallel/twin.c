// OpenMP's side of parallel.cpp: the same regions, as clang -fopenmp makes them.
#include <stdint.h>

void omp_region(int64_t trips, void (*body)(int64_t i)) {
#pragma omp parallel for schedule(static)
  for (int64_t i = 0; i < trips; ++i) body(i);
}
