/* For programs that call kernels compiled ahead of time (kjit build, lang-spec/ahead-of-time.md): contexts, error
 * texts, and the types that generated headers use. Plain C99; C++17 conveniences at the end. Link with -lkjit_rt.
 *
 * Every function of a generated header returns a status, KJIT_OK (0) or a kjit_status. Its first parameter is a
 * context, which holds the error record, the random state and where print goes. NULL stands for the calling thread's
 * own, which is made when first needed and goes with the thread.
 */
#pragma once

#include <kjit_rt/core.h>

#ifdef __cplusplus
#include <complex>
#include <stdexcept>
#include <string>
#include <utility>
extern "C" {
typedef std::complex<float> kjit_complex64;
typedef std::complex<double> kjit_complex128;
#else
#include <stdbool.h>
typedef float _Complex kjit_complex64;
typedef double _Complex kjit_complex128;
#endif

/* --- contexts. One is used by one thread at a time, the one that made it. */
KJIT_RT_API kjit_ctx* kjit_context_new(void);          /* prints to standard output; NULL when out of memory */
KJIT_RT_API void kjit_context_free(kjit_ctx* context); /* NULL: nothing */
KJIT_RT_API kjit_ctx* kjit_context_of_thread(void);    /* what NULL stands for; NULL when out of memory */

/* --- the error of the last call that failed with this context (NULL: the thread's), until the next one that fails. */
/* "index 7 is out of bounds for axis 0 with size 3"; "" before any. Valid until the next call with the context. */
KJIT_RT_API const char* kjit_error_message(const kjit_ctx* context);
/* "kernels.py:12:9: in 'kernel': IndexError: index 7 ...", zero-terminated and cut to `size` bytes. Returns the length
   that the whole text has, without the zero. `buffer` may be NULL where size is 0. */
KJIT_RT_API size_t kjit_error_describe(const kjit_ctx* context, char* buffer, size_t size);

/* --- called by compiled code: arguments that do not look right. Each returns KJIT_OK if they are after all, or a
   status with the error set. `context` is not NULL. */
/* `array`: as in a generated header, {data, owner, shape[rank], strides[rank]}; layout 0: C, 1: Fortran, 2: any. */
KJIT_RT_API int32_t kjit_aot_check_array(kjit_ctx* context, const char* function, const char* parameter,
                                         const void* array, int32_t dtype, int32_t rank, int32_t layout);
KJIT_RT_API int32_t kjit_aot_null(kjit_ctx* context, const char* function, const char* parameter);

/* The address of a function of SLEEF ("Sleef_...") or libmvec ("_ZGV..."), whose library is opened when first asked
   for; NULL when it is not there. Thread-safe. */
KJIT_RT_API void* kjit_rt_vector_function(const char* name);

#ifdef __cplusplus
} /* extern "C" */

namespace kjit::aot {

// What the functions for C++ in generated headers throw. what(): as kjit_error_describe.
class Error : public std::runtime_error {
 public:
  Error(int32_t status, const std::string& text) : std::runtime_error(text), status_(status) {}
  kjit_status status() const { return static_cast<kjit_status>(status_); }

 private:
  int32_t status_;
};

// Throws Error when a call with the thread's own context has failed.
inline void check(int32_t status) {
  if (status == KJIT_OK) return;
  std::string text(kjit_error_describe(nullptr, nullptr, 0), '\0');
  kjit_error_describe(nullptr, text.data(), text.size() + 1);
  throw Error(status, text);
}

// An array that a kernel has returned, kjit_f64_2d say: released with its last holder.
template <typename Array>
class Owned {
 public:
  Owned() = default;
  explicit Owned(const Array& array) : array_(array) {}  // takes over its reference
  Owned(Owned&& other) noexcept : array_(std::exchange(other.array_, Array{})) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(array_, other.array_);
    return *this;
  }
  ~Owned() { kjit_rt_release(array_.owner); }
  const Array& operator*() const { return array_; }
  const Array* operator->() const { return &array_; }

 private:
  Array array_{};
};

}  // namespace kjit::aot
#endif
