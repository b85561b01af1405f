// Sorting: every type, lengths on both sides of each limit, strides, rows, nan and zeros of both signs, in place.
#include <gtest/gtest.h>
#include <kjit_rt/order.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace {

template <typename T>
struct Dtype;
#define DTYPE(type, number)                    \
  template <>                                  \
  struct Dtype<type> {                         \
    static constexpr int32_t kNumber = number; \
  }
DTYPE(int8_t, KJIT_INT8);
DTYPE(uint8_t, KJIT_UINT8);
DTYPE(int16_t, KJIT_INT16);
DTYPE(uint16_t, KJIT_UINT16);
DTYPE(int32_t, KJIT_INT32);
DTYPE(uint32_t, KJIT_UINT32);
DTYPE(int64_t, KJIT_INT64);
DTYPE(uint64_t, KJIT_UINT64);
DTYPE(float, KJIT_FLOAT32);
DTYPE(double, KJIT_FLOAT64);
#undef DTYPE

template <typename T>
bool before(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return a < b || (std::isnan(b) && !std::isnan(a));
  return a < b;
}
template <typename T>
uint64_t bits(T x) {
  uint64_t out = 0;
  std::memcpy(&out, &x, sizeof x);
  return out;
}

template <typename T>
std::vector<T> numbers(size_t n, std::mt19937_64& random) {
  std::vector<T> out(n);
  for (T& x : out) {
    const uint64_t r = random();
    if constexpr (std::is_floating_point_v<T>) {
      const T special[] = {T(0),
                           -T(0),
                           std::numeric_limits<T>::quiet_NaN(),
                           -std::numeric_limits<T>::quiet_NaN(),
                           std::numeric_limits<T>::infinity(),
                           -std::numeric_limits<T>::infinity(),
                           std::numeric_limits<T>::denorm_min(),
                           std::numeric_limits<T>::lowest()};
      x = r % 4 == 0 ? special[r / 4 % 8] : static_cast<T>(static_cast<int64_t>(r % 2001) - 1000) / 8;
    } else {
      x = r % 4 == 0 ? static_cast<T>(r >> 8) : static_cast<T>(r / 4 % 50);
    }
  }
  return out;
}

template <typename T>
class Order : public ::testing::Test {
 protected:
  Order() { kjit_ctx_init(&ctx); }
  ~Order() override { kjit_ctx_destroy(&ctx); }
  kjit_ctx ctx{};
};
using Types = ::testing::Types<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t, uint64_t, float, double>;
TYPED_TEST_SUITE(Order, Types);

TYPED_TEST(Order, RowsOfAllLengths) {
  using T = TypeParam;
  std::mt19937_64 random(7);  // NOLINT(bugprone-random-generator-seed): the same numbers in each run
  for (const int64_t n : {0, 1, 2, 5, 16, 17, 40, 99, 100, 101, 1000, 5000}) {
    for (const int64_t step : {1, 3, -1}) {
      constexpr int64_t kRows = 3;
      const int64_t width = n * std::abs(step);
      std::vector<T> memory = numbers<T>(static_cast<size_t>(kRows * width) + 1, random);
      T* first = memory.data() + (step < 0 ? std::max<int64_t>(width - 1, 0) : 0);
      const int64_t shape[] = {kRows, n};
      const int64_t size = sizeof(T);
      const int64_t strides[] = {width * size, step * size}, dense[] = {n * size, size};
      const int64_t places_strides[] = {n * 8, 8};
      const kjit_array a{first, shape, strides, Dtype<T>::kNumber, 2};
      std::vector<T> sorted(static_cast<size_t>(kRows * n) + 1);
      std::vector<int64_t> places(sorted.size());
      const kjit_array out{sorted.data(), shape, dense, Dtype<T>::kNumber, 2};
      const kjit_array at{places.data(), shape, places_strides, KJIT_INT64, 2};
      ASSERT_EQ(kjit_order_sort(&this->ctx, nullptr, &a, &out), KJIT_OK);
      ASSERT_EQ(kjit_order_argsort(&this->ctx, nullptr, &a, &at), KJIT_OK);
      std::vector<T> rows;
      for (int64_t r = 0; r < kRows; ++r) {
        std::vector<T> row;
        for (int64_t i = 0; i < n; ++i) row.push_back(first[r * width + i * step]);
        std::vector<int64_t> want(row.size());
        std::iota(want.begin(), want.end(), 0);
        std::sort(want.begin(), want.end(), [&](int64_t i, int64_t j) {
          const T x = row[static_cast<size_t>(i)], y = row[static_cast<size_t>(j)];
          return before(x, y) || (!before(y, x) && i < j);
        });
        for (size_t i = 0; i < row.size(); ++i) {
          const size_t k = static_cast<size_t>(r * n) + i;
          ASSERT_EQ(places[k], want[i]) << n << " elements, step " << step << ", place " << i;
          ASSERT_EQ(bits(sorted[k]), bits(row[static_cast<size_t>(want[i])]))  // the sign of 0 too
              << n << " elements, place " << i;
        }
      }
      ASSERT_EQ(kjit_order_sort(&this->ctx, nullptr, &a, &a), KJIT_OK);  // in place
      for (int64_t k = 0; k < kRows * n; ++k)
        ASSERT_EQ(bits(first[k / n * width + k % n * step]), bits(sorted[static_cast<size_t>(k)]));
    }
  }
}

TYPED_TEST(Order, NoMemoryIsAnError) {
  using T = TypeParam;
  std::vector<T> x(200);
  const int64_t shape[] = {200}, strides[] = {sizeof(T)};
  const kjit_array a{x.data(), shape, strides, Dtype<T>::kNumber, 1};
  kjit_ctx_limit_memory(&this->ctx, 16);
  EXPECT_EQ(kjit_order_sort(&this->ctx, nullptr, &a, &a), KJIT_MEMORY_ERROR);
}

}  // namespace
