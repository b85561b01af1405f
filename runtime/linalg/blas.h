// The table of BLAS and LAPACK functions, filled from a shared library or by the host when first needed.
#pragma once

#include <kjit_rt/linalg.h>

#include <atomic>
#include <complex>
#include <condition_variable>
#include <mutex>
#include <string>
#include <type_traits>

namespace kjit::rt {

template <typename T>
struct RealOf {
  using type = T;
};
template <typename T>
struct RealOf<std::complex<T>> {
  using type = T;
};
template <typename T>
using Real = typename RealOf<T>::type;
template <typename T>
constexpr bool kIsComplex = !std::is_same_v<T, Real<T>>;

template <typename Element>
struct RealFunctions {
  using T = Element;
  using R = Element;
  using i = const int*;
  using t = const char*;
#define FUNCTION(name, ...) std::add_pointer_t<__VA_ARGS__> name = nullptr;
#define REAL(name, ...) std::add_pointer_t<__VA_ARGS__> name = nullptr;
#define COMPLEX(name, ...)
#include "linalg/functions.def"
#undef REAL
#undef COMPLEX
};
template <typename Element>
struct ComplexFunctions {
  using T = Element;
  using R = Real<Element>;
  using i = const int*;
  using t = const char*;
#define REAL(name, ...)
#define COMPLEX(name, ...) std::add_pointer_t<__VA_ARGS__> name = nullptr;
#include "linalg/functions.def"
#undef FUNCTION
#undef REAL
#undef COMPLEX
};
template <typename T>
using Functions = std::conditional_t<kIsComplex<T>, ComplexFunctions<T>, RealFunctions<T>>;

// Lets so many callers in at once; the others wait. One atomic operation where nobody waits.
class Gate {
 public:
  explicit Gate(int limit) : free_(limit) {}
  void enter() {
    if (free_.fetch_sub(1, std::memory_order_acquire) > 0) return;
    std::unique_lock lock(mutex_);
    passed_on_.wait(lock, [this] { return turns_ > 0; });
    --turns_;
  }
  void leave() {
    if (free_.fetch_add(1, std::memory_order_release) >= 0) return;
    {
      const std::lock_guard lock(mutex_);
      ++turns_;
    }
    passed_on_.notify_one();
  }
  void set_limit(int limit) { free_ = limit; }  // before anyone enters

 private:
  std::atomic<int> free_;  // below 0: so many wait
  std::mutex mutex_;
  std::condition_variable passed_on_;
  int turns_ = 0;  // given to those who wait, not taken yet
};

struct Blas {
  RealFunctions<float> s;
  RealFunctions<double> d;
  ComplexFunctions<std::complex<float>> c;
  ComplexFunctions<std::complex<double>> z;
  mutable Gate gate{kCallers};
  bool one_caller = false;   // at a time: others would only wait
  bool own_threads = false;  // spreads large products by itself, as the host has set it up
  std::string description;

  // OpenBLAS has a table of work areas, one for each caller; beyond its end it writes a warning, then ends the process.
  static constexpr int kCallers = 64;

  template <typename T>
  const Functions<T>& of() const {
    if constexpr (std::is_same_v<T, float>) {
      return s;
    } else if constexpr (std::is_same_v<T, double>) {
      return d;
    } else if constexpr (std::is_same_v<T, std::complex<float>>) {
      return c;
    } else {
      return z;
    }
  }
};

// The open table of the context; null with KJIT_OS_ERROR set when there is none.
const Blas* open_blas(kjit_ctx* ctx, const kjit_location* where);

// The functions for one element type, entered: between construction and destruction this thread may call them.
template <typename T>
class Entered {
 public:
  explicit Entered(const Blas& blas) : blas_(blas) { blas_.gate.enter(); }
  ~Entered() { blas_.gate.leave(); }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;
  const Functions<T>* operator->() const { return &blas_.of<T>(); }

 private:
  const Blas& blas_;
};

}  // namespace kjit::rt
