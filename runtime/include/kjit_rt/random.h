/* NumPy's legacy random generator (np.random.seed, rand, randn, randint, ...) on MT19937, bit for bit.
 * A generator is not shared between threads. Parameters are checked by the caller; nothing here fails but for memory.
 */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- life. A new generator is seeded by the system. */
KJIT_RT_API kjit_random* kjit_random_new(void);         /* null when out of memory */
KJIT_RT_API void kjit_random_free(kjit_random* random); /* null: nothing */
/* The generator of the context, made when first used; null with a MemoryError set in ctx. */
KJIT_RT_API kjit_random* kjit_rt_random(kjit_ctx* ctx, const kjit_location* where);
KJIT_RT_API void kjit_random_seed(kjit_random* random, uint32_t seed); /* np.random.seed(n), 0 <= n < 2**32 */
KJIT_RT_API void kjit_random_seed_array(kjit_random* random, const uint32_t* key, int64_t count); /* count >= 1 */

/* --- one number */
KJIT_RT_API double kjit_random_f64(kjit_random* random);   /* random_sample: [0, 1) */
KJIT_RT_API double kjit_random_gauss(kjit_random* random); /* standard_normal */
KJIT_RT_API uint32_t kjit_random_u32(kjit_random* random); /* 32 random bits */
/* An integer in [0, max], as shuffle draws it. */
KJIT_RT_API uint64_t kjit_random_interval(kjit_random* random, uint64_t max);

/* --- n numbers, in the order in which NumPy fills an array */
KJIT_RT_API void kjit_random_fill_f64(kjit_random* random, double* out, int64_t n);
KJIT_RT_API void kjit_random_fill_gauss(kjit_random* random, double* out, int64_t n);
KJIT_RT_API void kjit_random_fill_uniform(kjit_random* random, double low, double high, double* out, int64_t n);
KJIT_RT_API void kjit_random_fill_normal(kjit_random* random, double mean, double deviation, double* out, int64_t n);
KJIT_RT_API void kjit_random_fill_exponential(kjit_random* random, double scale, double* out, int64_t n);
KJIT_RT_API void kjit_random_fill_gamma(kjit_random* random, double shape, double scale, double* out, int64_t n);
KJIT_RT_API void kjit_random_fill_poisson(kjit_random* random, double lambda, int64_t* out,
                                          int64_t n); /* lambda >= 0 */
/* np.random.randint(low, low + range + 1, n, dtype): elements of an integer dtype or bool; values are low + [0, range].
   The numbers depend on dtype: narrow types share 32 random bits. Returns 0 for any other dtype, 1 otherwise. */
KJIT_RT_API int32_t kjit_random_fill_integers(kjit_random* random, int32_t dtype, int64_t low, uint64_t range,
                                              void* out, int64_t n);

/* --- order. shuffle: n items of item_bytes each, stride bytes apart. permutation: 0 .. n-1 shuffled.
   choice(a, n) with replacement is a[randint(0, size, n)], without it a[permutation(size)[:n]]. */
KJIT_RT_API void kjit_random_shuffle(kjit_random* random, void* data, int64_t n, int64_t item_bytes, int64_t stride);
KJIT_RT_API void kjit_random_permutation(kjit_random* random, int64_t* out, int64_t n);

/* --- one number for compiled code, in the form of kernels: status, the context (whose generator it is), where the
   number goes, parameters. Only memory can fail; of draw_seed the seed too.
   Of two parameters, of which some look at one or none; uniform takes low and high - low. */
#define KJIT_RANDOM_FLOATS(X) \
  X(uniform)                  \
  X(normal)                   \
  X(lognormal)                \
  X(exponential)              \
  X(gamma)                    \
  X(beta)                     \
  X(f)                        \
  X(chisquare)                \
  X(standard_t)               \
  X(standard_cauchy)          \
  X(pareto) X(weibull) X(power) X(rayleigh) X(laplace) X(logistic) X(gumbel) X(vonmises) X(wald) X(noncentral_chisquare)
/* Of other parameters or of integers; bits: 32 of them; interval: [0, max]; entropy: 32 bits of the system's;
   key: a step of np.random.seed(array): a number, its place, 0 in the first and 2 in the last of max(624, count) steps;
   layer: a number of the ziggurats of numpy.random.Generator: limits, widths and heights of 256 layers, normal, then
   exponential. */
#define KJIT_RANDOM_OTHERS(X) \
  X(triangular)               \
  X(noncentral_f)             \
  X(zipf)                     \
  X(logseries)                \
  X(hypergeometric)           \
  X(poisson)                  \
  X(binomial) X(negative_binomial) X(geometric) X(bits) X(interval) X(seed) X(reseed) X(entropy) X(key) X(layer)
#define KJIT_DRAW(name) KJIT_RT_API int32_t kjit_random_draw_##name(kjit_ctx* ctx, double* out, double a, double b);
KJIT_RANDOM_FLOATS(KJIT_DRAW)
#undef KJIT_DRAW
KJIT_RT_API int32_t kjit_random_draw_triangular(kjit_ctx* ctx, double* out, double left, double mode, double right);
KJIT_RT_API int32_t kjit_random_draw_noncentral_f(kjit_ctx* ctx, double* out, double over, double under, double shift);
KJIT_RT_API int32_t kjit_random_draw_zipf(kjit_ctx* ctx, int64_t* out, double a);
KJIT_RT_API int32_t kjit_random_draw_logseries(kjit_ctx* ctx, int64_t* out, double p);
KJIT_RT_API int32_t kjit_random_draw_hypergeometric(kjit_ctx* ctx, int64_t* out, int64_t good, int64_t bad,
                                                    int64_t sample);
KJIT_RT_API int32_t kjit_random_draw_poisson(kjit_ctx* ctx, int64_t* out, double lambda);
KJIT_RT_API int32_t kjit_random_draw_binomial(kjit_ctx* ctx, int64_t* out, int64_t n, double p);
KJIT_RT_API int32_t kjit_random_draw_negative_binomial(kjit_ctx* ctx, int64_t* out, double n, double p);
KJIT_RT_API int32_t kjit_random_draw_geometric(kjit_ctx* ctx, int64_t* out, double p);
KJIT_RT_API int32_t kjit_random_draw_bits(kjit_ctx* ctx, int64_t* out);
KJIT_RT_API int32_t kjit_random_draw_interval(kjit_ctx* ctx, uint64_t* out, uint64_t max);
KJIT_RT_API int32_t kjit_random_draw_seed(kjit_ctx* ctx, int64_t* out, int64_t seed); /* np.random.seed(n) */
KJIT_RT_API int32_t kjit_random_draw_entropy(kjit_ctx* ctx, int64_t* out);
KJIT_RT_API int32_t kjit_random_draw_key(kjit_ctx* ctx, int64_t* out, int64_t word, int64_t at, int64_t phase);
KJIT_RT_API int32_t kjit_random_draw_layer(kjit_ctx* ctx, double* out, int64_t at);
KJIT_RT_API int32_t kjit_random_draw_reseed(kjit_ctx* ctx, int64_t* out); /* np.random.seed() */

#ifdef __cplusplus
}
#endif
