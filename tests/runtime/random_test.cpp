// The legacy generator against numbers from NumPy.
#include <gtest/gtest.h>
#include <kjit_rt/core.h>
#include <kjit_rt/format.h>
#include <kjit_rt/random.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <numeric>
#include <vector>

namespace {

using Floats = std::vector<double>;
using Integers = std::vector<int64_t>;

struct SequenceRow {
  uint32_t seed;
  Floats rand, randn, uniform, normal, exponential, small_gamma, gamma;
  Integers small_poisson, poisson, permutation, choice;
};
struct KeyRow {
  std::vector<uint32_t> key;
  Floats rand;
};
struct RangeRow {
  kjit_dtype dtype;
  int64_t low;
  uint64_t range;
  Integers values;
  double next;  // shows how many bits were used
};

#include "tables/random_tables.inc"

struct Free {
  void operator()(kjit_random* random) const { kjit_random_free(random); }
};
using Generator = std::unique_ptr<kjit_random, Free>;

Generator seeded(uint32_t seed) {
  Generator random(kjit_random_new());
  kjit_random_seed(random.get(), seed);
  return random;
}

// As many numbers as `like` has, drawn by draw(out, n).
template <class T, class Draw>
std::vector<T> drawn(const std::vector<T>& like, Draw draw) {
  std::vector<T> out(like.size());
  draw(out.data(), static_cast<int64_t>(out.size()));
  return out;
}

// Logarithms may differ in the last place between versions of libm.
void expect_close(const Floats& got, const Floats& want) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_DOUBLE_EQ(got[i], want[i]);
}

TEST(Random, SequencesAfterASeedAreNumPys) {
  for (const auto& row : kSequences) {
    SCOPED_TRACE(row.seed);
    Generator random = seeded(row.seed);
    kjit_random* r = random.get();
    EXPECT_EQ(drawn(row.rand, [r](double* out, int64_t n) { kjit_random_fill_f64(r, out, n); }), row.rand);
    expect_close(drawn(row.randn, [r](double* out, int64_t n) { kjit_random_fill_gauss(r, out, n); }), row.randn);
    EXPECT_EQ(drawn(row.uniform, [r](double* out, int64_t n) { kjit_random_fill_uniform(r, -2, 3, out, n); }),
              row.uniform);
    expect_close(drawn(row.normal, [r](double* out, int64_t n) { kjit_random_fill_normal(r, 10, 0.5, out, n); }),
                 row.normal);
    expect_close(drawn(row.exponential, [r](double* out, int64_t n) { kjit_random_fill_exponential(r, 2, out, n); }),
                 row.exponential);
    expect_close(drawn(row.small_gamma, [r](double* out, int64_t n) { kjit_random_fill_gamma(r, 0.5, 2, out, n); }),
                 row.small_gamma);
    expect_close(drawn(row.gamma, [r](double* out, int64_t n) { kjit_random_fill_gamma(r, 3.5, 1, out, n); }),
                 row.gamma);
    EXPECT_EQ(drawn(row.small_poisson, [r](int64_t* out, int64_t n) { kjit_random_fill_poisson(r, 3, out, n); }),
              row.small_poisson);
    EXPECT_EQ(drawn(row.poisson, [r](int64_t* out, int64_t n) { kjit_random_fill_poisson(r, 250, out, n); }),
              row.poisson);
    EXPECT_EQ(drawn(row.permutation, [r](int64_t* out, int64_t n) { kjit_random_permutation(r, out, n); }),
              row.permutation);
    EXPECT_EQ(
        drawn(row.choice, [r](int64_t* out, int64_t n) { kjit_random_fill_integers(r, KJIT_INT64, 0, 999, out, n); }),
        row.choice);
  }
}

TEST(Random, SeedsMayBeKeysOfManyWords) {
  for (const auto& row : kKeys) {
    std::vector<uint32_t> key = row.key;
    if (key.empty()) {
      key.resize(700);
      std::iota(key.begin(), key.end(), 0u);
    }
    Generator random(kjit_random_new());
    kjit_random_seed_array(random.get(), key.data(), static_cast<int64_t>(key.size()));
    EXPECT_EQ(drawn(row.rand, [&](double* out, int64_t n) { kjit_random_fill_f64(random.get(), out, n); }), row.rand);
  }
}

template <class T>
Integers widened(const std::vector<unsigned char>& bytes) {
  Integers values;
  for (size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, &bytes[at], sizeof value);
    values.push_back(static_cast<int64_t>(value));
  }
  return values;
}

Integers widened(kjit_dtype dtype, const std::vector<unsigned char>& bytes) {
  switch (dtype) {
    case KJIT_BOOL:
    case KJIT_UINT8:
      return widened<uint8_t>(bytes);
    case KJIT_INT8:
      return widened<int8_t>(bytes);
    case KJIT_INT16:
      return widened<int16_t>(bytes);
    case KJIT_UINT16:
      return widened<uint16_t>(bytes);
    case KJIT_INT32:
      return widened<int32_t>(bytes);
    case KJIT_UINT32:
      return widened<uint32_t>(bytes);
    default:
      return widened<int64_t>(bytes);
  }
}

TEST(Random, IntegersOfEveryWidthAreNumPys) {
  for (const auto& row : kRanges) {
    SCOPED_TRACE(kjit_dtype_name(row.dtype));
    Generator random = seeded(5);
    std::vector<unsigned char> bytes(row.values.size() * static_cast<size_t>(kjit_dtype_size(row.dtype)));
    EXPECT_EQ(kjit_random_fill_integers(random.get(), row.dtype, row.low, row.range, bytes.data(),
                                        static_cast<int64_t>(row.values.size())),
              1);
    EXPECT_EQ(widened(row.dtype, bytes), row.values);
    EXPECT_EQ(kjit_random_f64(random.get()), row.next);
  }
  double no_integer = 1;
  EXPECT_EQ(kjit_random_fill_integers(seeded(5).get(), KJIT_FLOAT64, 0, 9, &no_integer, 1), 0);
  EXPECT_EQ(no_integer, 1);
}

TEST(Random, SeedingForgetsTheSpareNormalNumber) {
  Generator random = seeded(3);
  double first = kjit_random_gauss(random.get());
  kjit_random_seed(random.get(), 3);
  EXPECT_EQ(kjit_random_gauss(random.get()), first);
}

TEST(Random, ShuffleMovesWholeItems) {
  std::vector<std::array<char, 100>> items(20);
  for (size_t i = 0; i < items.size(); ++i) items[i].fill(static_cast<char>(i));
  kjit_random_shuffle(seeded(11).get(), items.data(), 20, 90, 100);
  Integers order(20);
  kjit_random_permutation(seeded(11).get(), order.data(), 20);
  for (size_t i = 0; i < items.size(); ++i) {
    const char want = static_cast<char>(order[i]);
    EXPECT_EQ(std::count(items[i].begin(), items[i].begin() + 90, want), 90);
    EXPECT_EQ(items[i][95], static_cast<char>(i)) << "bytes between items stay";
  }
}

TEST(Random, NewGeneratorsDiffer) {
  Generator a(kjit_random_new());
  Generator b(kjit_random_new());
  EXPECT_NE(std::make_pair(kjit_random_u32(a.get()), kjit_random_u32(a.get())),
            std::make_pair(kjit_random_u32(b.get()), kjit_random_u32(b.get())));
}

TEST(Random, KernelsDrawFromTheContext) {
  kjit_ctx ctx{};
  int64_t none = 0;
  ASSERT_EQ(kjit_random_draw_seed(&ctx, &none, 5), KJIT_OK);
  Generator random = seeded(5);
  double number = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(kjit_random_draw_normal(&ctx, &number, 1.0, 2.0), KJIT_OK);
    EXPECT_EQ(number, 1.0 + 2.0 * kjit_random_gauss(random.get()));
  }
  uint64_t integer = 0;
  ASSERT_EQ(kjit_random_draw_interval(&ctx, &integer, 1000), KJIT_OK);
  EXPECT_EQ(integer, kjit_random_interval(random.get(), 1000));
  EXPECT_EQ(kjit_random_draw_seed(&ctx, &none, int64_t{1} << 32), KJIT_VALUE_ERROR);
  kjit_ctx_destroy(&ctx);
}

TEST(Random, ADrawWithoutMemoryIsAnError) {
  kjit_ctx ctx{};
  double number = 0;
  kjit_rt_fail_allocation(1);
  EXPECT_EQ(kjit_random_draw_uniform(&ctx, &number, 0.0, 1.0), KJIT_MEMORY_ERROR);
  EXPECT_EQ(ctx.error.kind, KJIT_MEMORY_ERROR);
  kjit_ctx_destroy(&ctx);
}

TEST(Random, AContextMakesItsGeneratorWhenFirstUsed) {
  kjit_ctx ctx{};
  kjit_rt_fail_allocation(1);
  EXPECT_EQ(kjit_rt_random(&ctx, nullptr), nullptr);
  EXPECT_EQ(ctx.error.kind, KJIT_MEMORY_ERROR);
  kjit_random* random = kjit_rt_random(&ctx, nullptr);
  ASSERT_NE(random, nullptr);
  EXPECT_EQ(kjit_rt_random(&ctx, nullptr), random);
  kjit_ctx_destroy(&ctx);
  EXPECT_EQ(ctx.random, nullptr);
}

}  // namespace
