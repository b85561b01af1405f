// sort and argsort of rows. Numbers become unsigned keys of the same order (keys.h); long rows are sorted in vector
// lanes (wide.h) where that is there, else by std::sort. Positions are sorted together with the keys, behind them, so
// that equal keys keep their order.
#include <kjit_rt/order.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <type_traits>

#include "linalg/matrix.h"
#include "order/keys.h"
#include "order/wide.h"

namespace kjit::rt {

namespace {

using namespace order;

constexpr int64_t kFew = 16;    // up to here elements are inserted one by one, as NumPy does
constexpr int64_t kWide = 100;  // from here on lanes are worth their call
constexpr int64_t kMaxRank = 64;

// Calls body(byte offset in a, byte offset in b) for each row along the last axis of two arrays of one shape.
template <typename Body>
void for_each_row(const kjit_array& a, const kjit_array& b, Body body) {
  const int rank = a.rank - 1;
  for (int k = 0; k < a.rank; ++k) {
    if (a.shape[k] == 0) return;
  }
  int64_t index[kMaxRank] = {};
  int64_t at_a = 0, at_b = 0;
  while (true) {
    body(at_a, at_b);
    int k = rank - 1;
    for (; k >= 0; --k) {
      at_a += a.strides[k], at_b += b.strides[k];
      if (++index[k] < a.shape[k]) break;
      at_a -= a.shape[k] * a.strides[k], at_b -= b.shape[k] * b.strides[k];
      index[k] = 0;
    }
    if (k < 0) return;
  }
}

template <typename T>
T load(const char* at) {
  T x;
  std::memcpy(&x, at, sizeof x);
  return x;
}
template <typename T>
void store(char* at, T x) {
  std::memcpy(at, &x, sizeof x);
}

template <typename T>
bool before(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return a < b || (std::isnan(b) && !std::isnan(a));
  return a < b;
}

// A stable insertion sort.
template <typename T, typename Less>
void insert_sort(T* x, int64_t n, Less less) {
  for (int64_t i = 1; i < n; ++i) {
    const T moved = x[i];
    int64_t j = i;
    for (; j > 0 && less(moved, x[j - 1]); --j) x[j] = x[j - 1];
    x[j] = moved;
  }
}

template <typename K>
void sort_keys(K* keys, int64_t n) {
  if constexpr (sizeof(K) == 1) {
    int64_t count[256] = {};
    for (int64_t i = 0; i < n; ++i) ++count[keys[i]];
    for (int k = 0; k < 256; ++k) keys = std::fill_n(keys, count[k], static_cast<K>(k));
  } else {
    if (n >= kWide && sort_wide(keys, static_cast<size_t>(n))) return;
    std::sort(keys, keys + n);
  }
}

void sort_places(KeyAndPlace* keys, int64_t n) {
  if (n >= kWide && sort_wide(keys, static_cast<size_t>(n))) return;
  std::sort(keys, keys + n, [](const KeyAndPlace& a, const KeyAndPlace& b) {
    return a.key < b.key || (a.key == b.key && a.place < b.place);
  });
}

// Numbers that are equal without being the same, in the order in which they stand in the row: zeros of both signs get
// their keys once more, and each nan its bits in place of a key. Returns where the nans begin.
template <typename T>
int64_t keep_order(const char* in, int64_t step, Key<T>* keys, int64_t n) {
  if constexpr (std::is_floating_point_v<T>) {
    Key<T>* const minus = std::lower_bound(keys, keys + n, key_of(-T{0}));
    Key<T>* const past = std::upper_bound(minus, keys + n, key_of(T{0}));
    Key<T>* const nans = std::lower_bound(past, keys + n, std::numeric_limits<Key<T>>::max());
    const bool mixed = minus != past && *minus != past[-1];
    if (!mixed && nans == keys + n) return n;
    Key<T>*zero = minus, *nan = nans;
    for (int64_t i = 0; i < n; ++i) {
      const T x = load<T>(in + i * step);
      if (x == 0) *zero++ = key_of(x);
      if (std::isnan(x)) *nan++ = std::bit_cast<Key<T>>(x);
    }
    return nans - keys;
  }
  return n;
}

template <typename T>
int32_t sort(kjit_ctx* ctx, const kjit_location* where, const kjit_array& a, const kjit_array& sorted) {
  const int64_t n = a.shape[a.rank - 1], step = a.strides[a.rank - 1], step_out = sorted.strides[a.rank - 1];
  const Work<Key<T>> work(ctx, where, n > kFew ? n : 0);
  if (work.failed()) return KJIT_MEMORY_ERROR;
  for_each_row(a, sorted, [&](int64_t from, int64_t to) {
    const char* in = static_cast<const char*>(a.data) + from;
    char* out = static_cast<char*>(sorted.data) + to;
    if (n <= kFew) {
      T few[kFew];
      for (int64_t i = 0; i < n; ++i) few[i] = load<T>(in + i * step);
      insert_sort(few, n, before<T>);
      for (int64_t i = 0; i < n; ++i) store(out + i * step_out, few[i]);
      return;
    }
    Key<T>* keys = work.data();
    for (int64_t i = 0; i < n; ++i) keys[i] = key_of(load<T>(in + i * step));
    sort_keys(keys, n);
    const int64_t nans = keep_order<T>(in, step, keys, n);
    for (int64_t i = 0; i < nans; ++i) store(out + i * step_out, number_of<T>(keys[i]));
    for (int64_t i = nans; i < n; ++i) store(out + i * step_out, keys[i]);
  });
  return KJIT_OK;
}

// Zeros are equal, whatever their signs.
template <typename T>
Key<T> key_of_place(T x) {
  if constexpr (std::is_floating_point_v<T>) return key_of(x == 0 ? T{0} : x);
  return key_of(x);
}

// Key and position in one number of 64 bits: `small` types, fewer than 2**32 elements.
template <typename T>
void argsort_row(const char* in, int64_t step, char* out, int64_t step_out, int64_t n, uint64_t* work) {
  for (int64_t i = 0; i < n; ++i)
    work[i] = static_cast<uint64_t>(key_of_place(load<T>(in + i * step))) << 32 | static_cast<uint64_t>(i);
  if (n <= kFew) {
    insert_sort(work, n, std::less<uint64_t>());
  } else {
    sort_keys(work, n);
  }
  for (int64_t i = 0; i < n; ++i) store(out + i * step_out, static_cast<int64_t>(work[i] & 0xffffffffU));
}

template <typename T>
void argsort_row(const char* in, int64_t step, char* out, int64_t step_out, int64_t n, KeyAndPlace* work) {
  for (int64_t i = 0; i < n; ++i)
    work[i] = {static_cast<uint64_t>(i), static_cast<uint64_t>(key_of_place(load<T>(in + i * step)))};
  if (n <= kFew) {
    insert_sort(work, n, [](const KeyAndPlace& a, const KeyAndPlace& b) { return a.key < b.key; });
  } else {
    sort_places(work, n);
  }
  for (int64_t i = 0; i < n; ++i) store(out + i * step_out, static_cast<int64_t>(work[i].place));
}

template <typename T, typename Item>
int32_t argsort_with(kjit_ctx* ctx, const kjit_location* where, const kjit_array& a, const kjit_array& places) {
  const int64_t n = a.shape[a.rank - 1], step = a.strides[a.rank - 1], step_out = places.strides[a.rank - 1];
  const Work<Item> work(ctx, where, n);
  if (work.failed()) return KJIT_MEMORY_ERROR;
  for_each_row(a, places, [&](int64_t from, int64_t to) {
    argsort_row<T>(static_cast<const char*>(a.data) + from, step, static_cast<char*>(places.data) + to, step_out, n,
                   work.data());
  });
  return KJIT_OK;
}

template <typename T>
int32_t argsort(kjit_ctx* ctx, const kjit_location* where, const kjit_array& a, const kjit_array& places) {
  if (sizeof(T) <= 4 && a.shape[a.rank - 1] < int64_t{1} << 32) return argsort_with<T, uint64_t>(ctx, where, a, places);
  return argsort_with<T, KeyAndPlace>(ctx, where, a, places);
}

// Calls function(T{}) for the element type T of a.
template <typename Function>
int32_t with_type(const kjit_array& a, Function function) {
  switch (a.dtype) {
    case KJIT_BOOL:
    case KJIT_UINT8:
      return function(uint8_t{});
    case KJIT_INT8:
      return function(int8_t{});
    case KJIT_INT16:
      return function(int16_t{});
    case KJIT_INT32:
      return function(int32_t{});
    case KJIT_INT64:
      return function(int64_t{});
    case KJIT_UINT16:
      return function(uint16_t{});
    case KJIT_UINT32:
      return function(uint32_t{});
    case KJIT_UINT64:
      return function(uint64_t{});
    case KJIT_FLOAT32:
      return function(float{});
    default:
      return function(double{});
  }
}

}  // namespace

extern "C" {

int32_t kjit_order_sort(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* sorted) {
  return with_type(*a, [&](auto x) { return sort<decltype(x)>(ctx, where, *a, *sorted); });
}

int32_t kjit_order_argsort(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* places) {
  return with_type(*a, [&](auto x) { return argsort<decltype(x)>(ctx, where, *a, *places); });
}

}  // extern "C"

}  // namespace kjit::rt
