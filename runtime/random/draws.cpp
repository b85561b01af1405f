// Numbers for compiled code, in the form of kernels: int32_t(ctx, result, parameters...). The generator is the
// context's.
#include <kjit_rt/core.h>

#include <cmath>

#include "core/context.h"
#include "random/distributions.h"

namespace {

using namespace kjit::rt;

#include "random/ziggurat.inc"

template <typename T, typename F>
int32_t draw(kjit_ctx* ctx, T* out, F number) {
  kjit_random* random = kjit_rt_random(ctx, nullptr);
  if (random == nullptr) return KJIT_MEMORY_ERROR;
  *out = number(*random);
  return KJIT_OK;
}

// The distributions of KJIT_RANDOM_FLOATS by their two parameters, of which some have one or none.
namespace number {

double uniform(kjit_random& random, double low, double range) { return low + range * random.bits.next_double(); }
double normal(kjit_random& random, double mean, double deviation) { return mean + deviation * gauss(random); }
double lognormal(kjit_random& random, double mean, double deviation) {
  return std::exp(mean + deviation * gauss(random));
}
double exponential(kjit_random& random, double scale, double) { return scale * standard_exponential(random); }
double gamma(kjit_random& random, double shape, double scale) { return scale * standard_gamma(random, shape); }
double beta(kjit_random& random, double a, double b) { return kjit::rt::beta(random, a, b); }
double chisquare(kjit_random& random, double freedom, double) { return 2.0 * standard_gamma(random, freedom / 2.0); }
double f(kjit_random& random, double over, double under) {
  const double number = chisquare(random, over, 0) * under;
  return number / (chisquare(random, under, 0) * over);
}
double standard_t(kjit_random& random, double freedom, double) {
  const double number = gauss(random);
  const double gamma = standard_gamma(random, freedom / 2);
  return std::sqrt(freedom / 2) * number / std::sqrt(gamma);
}
double standard_cauchy(kjit_random& random, double, double) {
  const double over = gauss(random);
  return over / gauss(random);
}
double pareto(kjit_random& random, double a, double) { return std::exp(standard_exponential(random) / a) - 1; }
double weibull(kjit_random& random, double a, double) {
  return a == 0.0 ? 0.0 : std::pow(standard_exponential(random), 1. / a);
}
double power(kjit_random& random, double a, double) {
  return std::pow(1 - std::exp(-standard_exponential(random)), 1. / a);
}
double rayleigh(kjit_random& random, double mode, double) {
  return mode * std::sqrt(-2.0 * std::log(1.0 - random.bits.next_double()));
}
double laplace(kjit_random& random, double loc, double scale) {
  for (;;) {
    const double u = random.bits.next_double();
    if (u >= 0.5) return loc - scale * std::log(2.0 - u - u);
    if (u > 0.0) return loc + scale * std::log(u + u);
  }
}
double logistic(kjit_random& random, double loc, double scale) {
  for (;;) {
    const double u = random.bits.next_double();
    if (u > 0.0) return loc + scale * std::log(u / (1.0 - u));
  }
}
double gumbel(kjit_random& random, double loc, double scale) {
  for (;;) {
    const double u = 1.0 - random.bits.next_double();
    if (u < 1.0) return loc - scale * std::log(-std::log(u));
  }
}

double vonmises(kjit_random& random, double mean, double kappa) { return kjit::rt::vonmises(random, mean, kappa); }
double wald(kjit_random& random, double mean, double scale) { return kjit::rt::wald(random, mean, scale); }
double noncentral_chisquare(kjit_random& random, double freedom, double shift) {
  if (shift == 0) return chisquare(random, freedom, 0);
  if (freedom > 1) {
    const double central = chisquare(random, freedom - 1, 0);
    const double n = gauss(random) + std::sqrt(shift);
    return central + n * n;
  }
  const int64_t i = poisson(random, shift / 2.0);
  const double number = chisquare(random, freedom + 2 * static_cast<double>(i), 0);
  return std::isnan(shift) ? shift : number;
}

}  // namespace number

double triangular(kjit_random& random, double left, double mode, double right) {
  const double base = right - left;
  const double left_part = mode - left;
  const double u = random.bits.next_double();
  if (u <= left_part / base) return left + std::sqrt(u * (left_part * base));
  return right - std::sqrt((1.0 - u) * ((right - mode) * base));
}

}  // namespace

extern "C" {

#define KJIT_DRAW(name)                                                                     \
  int32_t kjit_random_draw_##name(kjit_ctx* ctx, double* out, double a, double b) {         \
    return draw(ctx, out, [=](kjit_random& random) { return number::name(random, a, b); }); \
  }
KJIT_RANDOM_FLOATS(KJIT_DRAW)
#undef KJIT_DRAW

int32_t kjit_random_draw_triangular(kjit_ctx* ctx, double* out, double left, double mode, double right) {
  return draw(ctx, out, [=](kjit_random& r) { return triangular(r, left, mode, right); });
}

int32_t kjit_random_draw_noncentral_f(kjit_ctx* ctx, double* out, double over, double under, double shift) {
  return draw(ctx, out, [=](kjit_random& r) {
    const double number = number::noncentral_chisquare(r, over, shift) * under;
    return number / (number::chisquare(r, under, 0) * over);
  });
}

int32_t kjit_random_draw_zipf(kjit_ctx* ctx, int64_t* out, double a) {
  return draw(ctx, out, [=](kjit_random& r) { return zipf(r, a); });
}

int32_t kjit_random_draw_logseries(kjit_ctx* ctx, int64_t* out, double p) {
  return draw(ctx, out, [=](kjit_random& r) { return logseries(r, p); });
}

int32_t kjit_random_draw_hypergeometric(kjit_ctx* ctx, int64_t* out, int64_t good, int64_t bad, int64_t sample) {
  return draw(ctx, out, [=](kjit_random& r) { return hypergeometric(r, good, bad, sample); });
}

int32_t kjit_random_draw_poisson(kjit_ctx* ctx, int64_t* out, double lambda) {
  return draw(ctx, out, [=](kjit_random& r) { return poisson(r, lambda); });
}

int32_t kjit_random_draw_binomial(kjit_ctx* ctx, int64_t* out, int64_t n, double p) {
  return draw(ctx, out, [=](kjit_random& r) { return binomial(r, n, p); });
}

int32_t kjit_random_draw_negative_binomial(kjit_ctx* ctx, int64_t* out, double n, double p) {
  return draw(ctx, out, [=](kjit_random& r) {
    const double lambda = (1.0 - p) / p * standard_gamma(r, n);
    return poisson(r, lambda);
  });
}

int32_t kjit_random_draw_geometric(kjit_ctx* ctx, int64_t* out, double p) {
  return draw(ctx, out, [=](kjit_random& r) { return geometric(r, p); });
}

int32_t kjit_random_draw_bits(kjit_ctx* ctx, int64_t* out) {
  return draw(ctx, out, [](kjit_random& r) { return static_cast<int64_t>(r.bits.next32()); });
}

int32_t kjit_random_draw_interval(kjit_ctx* ctx, uint64_t* out, uint64_t max) {
  return draw(ctx, out, [=](kjit_random& r) { return kjit_random_interval(&r, max); });
}

int32_t kjit_random_draw_seed(kjit_ctx* ctx, int64_t* out, int64_t seed) {
  if (seed < 0 || seed > INT64_C(0xffffffff))
    return kjit_rt_raise(ctx, KJIT_VALUE_ERROR, nullptr, "Seed must be between 0 and 2**32 - 1");
  return draw(ctx, out, [=](kjit_random& r) {
    kjit_random_seed(&r, static_cast<uint32_t>(seed));
    return int64_t{0};
  });
}

int32_t kjit_random_draw_entropy(kjit_ctx* ctx, int64_t* out) {
  kjit_random* fresh = kjit_random_new();
  if (fresh == nullptr) return kjit_rt_raise(ctx, KJIT_MEMORY_ERROR, nullptr, "unable to allocate a random generator");
  *out = static_cast<int64_t>(fresh->bits.next32());
  kjit_random_free(fresh);
  return KJIT_OK;
}

int32_t kjit_random_draw_key(kjit_ctx* ctx, int64_t* out, int64_t word, int64_t at, int64_t phase) {
  return draw(ctx, out, [=](kjit_random& r) {
    if (phase == 0) r.bits.begin_key();
    r.bits.add_key(static_cast<uint32_t>(word), static_cast<uint32_t>(at));
    if (phase == 2) r.bits.end_key();
    r.has_spare = false;
    return int64_t{0};
  });
}

int32_t kjit_random_draw_layer(kjit_ctx*, double* out, int64_t at) {
  static constexpr const double* kTables[] = {kNormalLimits,      kNormalWidths,      kNormalHeights,
                                              kExponentialLimits, kExponentialWidths, kExponentialHeights};
  *out = kTables[at >> 8][at & 0xff];
  return KJIT_OK;
}

int32_t kjit_random_draw_reseed(kjit_ctx* ctx, int64_t* out) {
  kjit_random_free(ctx->random);
  ctx->random = kjit_random_new();  // in a region too, where the chunk's own would be the same again
  if (!ctx->random) return kjit_rt_raise(ctx, KJIT_MEMORY_ERROR, nullptr, "unable to allocate a random generator");
  return draw(ctx, out, [](kjit_random&) { return int64_t{0}; });
}

}  // extern "C"
