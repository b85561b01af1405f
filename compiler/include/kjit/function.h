// Typed handles: a compiled kernel as a C++ function object. A call passes its arguments flat, through one function
// pointer.
//
// C++ type of a parameter or result              type in the kernel
//   bool, int8_t ... uint64_t, float, double     the same, strong (int64_t is int64, double is float64)
//   std::complex<float>, std::complex<double>    complex64, complex128
//   ArrayView<T, N, Layout>, std::span<T>        array of T with N axes; const T: read-only (parameters only)
//   OwnedArray<T, N>                             array (results only)
//   std::tuple<...>, std::pair<A, B>             tuple
//   std::optional<T>                             T or None
//   void                                         None (results only)
#pragma once

#include <kjit_rt/abi.h>

#include <atomic>
#include <complex>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "kjit/array_view.h"
#include "kjit/error.h"
#include "kjit/export.h"

namespace kjit {

// Asks calls to stop. Set from any thread, a signal handler included; lives longer than the calls that look at it.
class CancelFlag {
 public:
  void cancel() noexcept { __atomic_store_n(&flag_, 1, __ATOMIC_RELAXED); }
  void reset() noexcept { __atomic_store_n(&flag_, 0, __ATOMIC_RELAXED); }
  bool cancelled() const noexcept { return __atomic_load_n(&flag_, __ATOMIC_RELAXED) != 0; }
  const volatile int32_t* word() const noexcept { return &flag_; }

 private:
  int32_t flag_ = 0;
};

// What holds for one call. Cancelling needs an engine with Options::interruptible; the call then throws kind
// Interrupted.
struct CallOptions {
  const CancelFlag* cancel = nullptr;
  std::stop_token stop = {};  // another way to ask; used when `cancel` is null
  int64_t memory_limit = 0;   // bytes that the kernel may hold at once, MemoryError beyond; 0: the engine's limit
};

namespace detail {

// A C++ type as the compiler sees it.
struct TypeDesc {
  enum class Kind : uint8_t { None, Scalar, Array, Tuple, Optional } kind = Kind::None;
  DType dtype = DType::Float64;    // Scalar, Array
  uint8_t rank = 0;                // Array
  Layout layout = Layout::C;       // Array; a result fits whatever its layout
  bool readonly = false;           // Array
  std::vector<TypeDesc> elements;  // Tuple, Optional
};

class Code;  // one compiled specialisation and all that it needs to stay callable

// The calling thread's context of the engine used last. Others are found out of line.
struct ThreadSlot {
  uint64_t engine;
  kjit_ctx* ctx;
};
extern KJIT_API constinit thread_local ThreadSlot thread_slot;
KJIT_API kjit_ctx* bind_context(const Code* code);  // null code: kjit::Error (Usage)
[[noreturn]] KJIT_API void raise(const Code* code, kjit_ctx* ctx, int32_t status);
// Sets what one call asks for, and puts back what was.
class KJIT_API CallScope {
 public:
  CallScope(const Code* code, kjit_ctx* ctx, const CallOptions& options);
  ~CallScope();
  CallScope(const CallScope&) = delete;

 private:
  struct Stop;
  kjit_ctx* ctx_;
  const volatile int32_t* interrupt_;
  int64_t limit_;
  bool limited_;
  std::unique_ptr<Stop> stop_;
};

// Reads the components of a result, one after the other, each at its natural alignment.
class ResultReader {
 public:
  explicit ResultReader(const unsigned char* at) : at_(at) {}
  template <typename C>
  C take() {
    at_ =
        reinterpret_cast<const unsigned char*>((reinterpret_cast<uintptr_t>(at_) + alignof(C) - 1) & ~(alignof(C) - 1));
    C value;
    __builtin_memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

 private:
  const unsigned char* at_;
};

// Traits<T>: desc(); Flat, a std::tuple of the C parameters; flatten(value); take(reader).
template <typename T>
struct Traits {
  static_assert(std::is_arithmetic_v<T>,
                "not a type that kernels take or return; see the table at the head of kjit/function.h");
  using C = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
  using Flat = std::tuple<C>;
  static TypeDesc desc() { return {.kind = TypeDesc::Kind::Scalar, .dtype = Element<T>::value, .elements = {}}; }
  static Flat flatten(T v) { return {static_cast<C>(v)}; }
  static T take(ResultReader& r) { return static_cast<T>(r.take<C>()); }
};
template <typename F>
struct Traits<std::complex<F>> {
  using Flat = std::tuple<F, F>;
  static TypeDesc desc() {
    return {.kind = TypeDesc::Kind::Scalar, .dtype = dtype_of<std::complex<F>>::value, .elements = {}};
  }
  static Flat flatten(std::complex<F> v) { return {v.real(), v.imag()}; }
  static std::complex<F> take(ResultReader& r) {
    F re = r.take<F>();
    return {re, r.take<F>()};
  }
};
template <>
struct Traits<void> {
  using Flat = std::tuple<>;
  static TypeDesc desc() { return {}; }
};
template <size_t>
using Int64 = int64_t;
template <size_t... K>
auto array_flat(std::index_sequence<K...>) -> std::tuple<void*, void*, Int64<K>..., Int64<K>...>;
template <typename T, int N, Layout L>
struct Traits<ArrayView<T, N, L>> {
  using Flat = decltype(array_flat(std::make_index_sequence<N>()));
  static TypeDesc desc() {
    return {.kind = TypeDesc::Kind::Array,
            .dtype = ArrayView<T, N, L>::kDtype,
            .rank = N,
            .layout = N == 0 ? Layout::C : L,
            .readonly = std::is_const_v<T>,
            .elements = {}};
  }
  static Flat flatten(const ArrayView<T, N, L>& v) {
    return [&]<size_t... K>(std::index_sequence<K...>) {
      return Flat{const_cast<std::remove_const_t<T>*>(v.data()), v.owner(), v.shape()[K]..., v.strides()[K]...};
    }(std::make_index_sequence<N>());
  }
};
template <typename T>
struct Traits<std::span<T>> : Traits<ArrayView<T, 1>> {};
template <typename T, int N>
struct Traits<OwnedArray<T, N>> {
  using Flat = decltype(array_flat(std::make_index_sequence<N>()));
  static TypeDesc desc() {
    return {.kind = TypeDesc::Kind::Array,
            .dtype = OwnedArray<T, N>::kDtype,
            .rank = N,
            .layout = Layout::Strided,
            .readonly = std::is_const_v<T>,
            .elements = {}};
  }
  static OwnedArray<T, N> take(ResultReader& r) {
    auto* data = static_cast<T*>(r.take<void*>());
    void* owner = r.take<void*>();
    std::array<int64_t, N> shape, strides;
    for (auto& s : shape) s = r.take<int64_t>();
    for (auto& s : strides) s = r.take<int64_t>();
    return {data, owner, shape, strides};
  }
};
template <typename... T>
struct Traits<std::tuple<T...>> {
  using Flat = decltype(std::tuple_cat(std::declval<typename Traits<T>::Flat>()...));
  static TypeDesc desc() { return {.kind = TypeDesc::Kind::Tuple, .elements = {Traits<T>::desc()...}}; }
  static Flat flatten(const std::tuple<T...>& v) {
    return std::apply([](const T&... e) { return std::tuple_cat(Traits<T>::flatten(e)...); }, v);
  }
  static std::tuple<T...> take(ResultReader& r) { return std::tuple<T...>{Traits<T>::take(r)...}; }  // braces: in order
};
template <typename A, typename B>
struct Traits<std::pair<A, B>> {
  using Tuple = Traits<std::tuple<A, B>>;
  using Flat = typename Tuple::Flat;
  static TypeDesc desc() { return Tuple::desc(); }
  static Flat flatten(const std::pair<A, B>& v) {
    return std::tuple_cat(Traits<A>::flatten(v.first), Traits<B>::flatten(v.second));
  }
  static std::pair<A, B> take(ResultReader& r) {
    A first = Traits<A>::take(r);
    return {std::move(first), Traits<B>::take(r)};
  }
};
template <typename T>
struct Traits<std::optional<T>> {
  using Flat = decltype(std::tuple_cat(std::tuple<uint8_t>(), std::declval<typename Traits<T>::Flat>()));
  static TypeDesc desc() { return {.kind = TypeDesc::Kind::Optional, .elements = {Traits<T>::desc()}}; }
  static Flat flatten(const std::optional<T>& v) {
    return std::tuple_cat(std::tuple<uint8_t>(v ? 1 : 0), v ? Traits<T>::flatten(*v) : typename Traits<T>::Flat{});
  }
  static std::optional<T> take(ResultReader& r) {
    const bool has = r.take<uint8_t>() != 0;
    T value = Traits<T>::take(r);
    return has ? std::optional<T>(std::move(value)) : std::nullopt;
  }
};

template <typename Flat>
struct Abi;
template <typename... C>
struct Abi<std::tuple<C...>> {
  using Pointer = int32_t (*)(kjit_ctx*, void*, C...);
  // Room for a result: each component may need padding before it.
  static constexpr size_t kBuffer = ((sizeof(C) + alignof(C)) + ... + 1);
};

}  // namespace detail

template <typename Signature>
class Function;

// A kernel compiled for one signature. Copies are cheap and may be called from any thread at the same time; the code
// lives as long as any of them, also when Engine and Module are gone. A call may come from within a call (a print
// callback). Errors of the kernel are thrown as kjit::Error; the kernel's own exceptions have their Python kinds.
template <typename R, typename... Args>
class Function<R(Args...)> {
  template <typename A>
  using Plain = std::remove_cvref_t<A>;
  using Pointer = typename detail::Abi<decltype(std::tuple_cat(
      std::declval<typename detail::Traits<Plain<Args>>::Flat>()...))>::Pointer;

 public:
  Function() = default;  // calls throw kjit::Error (Usage)
  explicit Function(std::shared_ptr<const detail::Code> code, void* entry, uint64_t engine)
      : pointer_(reinterpret_cast<Pointer>(entry)), engine_(engine), code_(std::move(code)) {}

  R operator()(Args... args) const {
    kjit_ctx* ctx = detail::thread_slot.ctx;
    if (detail::thread_slot.engine != engine_) [[unlikely]]
      ctx = detail::bind_context(code_.get());
    return invoke(ctx, args...);
  }
  // The same with options for this call.
  R call(const CallOptions& options, Args... args) const {
    kjit_ctx* ctx = detail::bind_context(code_.get());
    detail::CallScope scope(code_.get(), ctx, options);
    return invoke(ctx, args...);
  }
  explicit operator bool() const { return code_ != nullptr; }

  static detail::TypeDesc result_desc() { return detail::Traits<R>::desc(); }
  static std::vector<detail::TypeDesc> argument_descs() { return {detail::Traits<Plain<Args>>::desc()...}; }

 private:
  R invoke(kjit_ctx* ctx, const Plain<Args>&... args) const {
    alignas(16) unsigned char buffer[detail::Abi<typename detail::Traits<R>::Flat>::kBuffer];
    const int32_t status = std::apply([&](auto... flat) { return pointer_(ctx, buffer, flat...); },
                                      std::tuple_cat(detail::Traits<Plain<Args>>::flatten(args)...));
    if (status != KJIT_OK) [[unlikely]]
      detail::raise(code_.get(), ctx, status);
    if constexpr (!std::is_void_v<R>) {
      detail::ResultReader reader(buffer);
      return detail::Traits<R>::take(reader);
    }
  }

  Pointer pointer_ = nullptr;
  uint64_t engine_ = 0;  // no thread's slot holds 0 with a context
  std::shared_ptr<const detail::Code> code_;
};

}  // namespace kjit
