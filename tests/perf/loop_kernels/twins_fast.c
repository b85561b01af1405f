// Twins of the kernels that say fastmath=True; compiled with -ffast-math.
#include <math.h>

#include "twins.h"

void nbody(double* R pos, double* R vel, const double* R mass, int64_t n, int64_t steps, double dt) {
  for (int64_t s = 0; s < steps; ++s) {
    for (int64_t i = 0; i < n; ++i) {
      double ax = 0, ay = 0, az = 0;
      for (int64_t j = 0; j < n; ++j) {
        double dx = pos[j] - pos[i], dy = pos[n + j] - pos[n + i], dz = pos[2 * n + j] - pos[2 * n + i];
        double d = dx * dx + dy * dy + dz * dz + 1e-9;
        double f = mass[j] / (d * sqrt(d));
        ax += f * dx;
        ay += f * dy;
        az += f * dz;
      }
      vel[i] += dt * ax;
      vel[n + i] += dt * ay;
      vel[2 * n + i] += dt * az;
    }
    for (int64_t k = 0; k < 3; ++k)
      for (int64_t i = 0; i < n; ++i) pos[k * n + i] += dt * vel[k * n + i];
  }
}
