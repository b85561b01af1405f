// Numbers and arrays as text, against what CPython and NumPy write.
#include <gtest/gtest.h>
#include <kjit_rt/format.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class Float>
struct FloatRow {
  Float value;
  const char* text;
};
template <class Float>
struct ComplexRow {
  Float re, im;
  const char* text;
};
struct ArrayRow {
  kjit_dtype dtype;
  std::vector<int64_t> shape;
  std::vector<double> values;  // complex: two for each element
  const char* str;
  const char* repr;
};
struct RampRow {
  kjit_dtype dtype;
  std::vector<int64_t> shape;
  double first, step;
  const char* str;
  const char* repr;
};

#include "tables/format_tables.inc"

template <class T>
void append(std::vector<char>& bytes, T value) {
  const char* p = reinterpret_cast<const char*>(&value);
  bytes.insert(bytes.end(), p, p + sizeof value);
}

void append_as(std::vector<char>& bytes, kjit_dtype dtype, double value) {
  switch (dtype) {
    case KJIT_BOOL:
      append<uint8_t>(bytes, value != 0);
      break;
    case KJIT_INT8:
      append(bytes, static_cast<int8_t>(value));
      break;
    case KJIT_INT16:
      append(bytes, static_cast<int16_t>(value));
      break;
    case KJIT_INT32:
      append(bytes, static_cast<int32_t>(value));
      break;
    case KJIT_INT64:
      append(bytes, static_cast<int64_t>(value));
      break;
    case KJIT_UINT8:
      append(bytes, static_cast<uint8_t>(value));
      break;
    case KJIT_UINT16:
      append(bytes, static_cast<uint16_t>(value));
      break;
    case KJIT_UINT32:
      append(bytes, static_cast<uint32_t>(value));
      break;
    case KJIT_UINT64:
      append(bytes, static_cast<uint64_t>(value));
      break;
    case KJIT_FLOAT32:
    case KJIT_COMPLEX64:
      append(bytes, static_cast<float>(value));
      break;
    case KJIT_FLOAT64:
    case KJIT_COMPLEX128:
      append(bytes, value);
      break;
  }
}

std::vector<int64_t> c_strides(kjit_dtype dtype, const std::vector<int64_t>& shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t step = kjit_dtype_size(dtype);
  for (size_t axis = shape.size(); axis-- > 0; step *= shape[axis]) strides[axis] = step;
  return strides;
}

void collect(void* user, const char* text, size_t size) { static_cast<std::string*>(user)->append(text, size); }

std::string array_text(kjit_dtype dtype, const void* data, const std::vector<int64_t>& shape,
                       const std::vector<int64_t>& strides, bool repr) {
  std::string text;
  EXPECT_EQ(kjit_rt_format_array(dtype, static_cast<int32_t>(shape.size()), data, shape.data(), strides.data(), repr,
                                 collect, &text),
            KJIT_OK);
  return text;
}

TEST(FormatScalar, FloatsAreShortestAsInPython) {
  for (const auto& row : kFloat64) {
    char text[KJIT_FORMAT_SIZE];
    EXPECT_EQ(kjit_rt_format_f64(row.value, text, sizeof text), std::strlen(row.text));
    EXPECT_STREQ(text, row.text);
  }
  for (const auto& row : kFloat32) {
    char text[KJIT_FORMAT_SIZE];
    EXPECT_EQ(kjit_rt_format_f32(row.value, text, sizeof text), std::strlen(row.text));
    EXPECT_STREQ(text, row.text);
  }
}

TEST(FormatScalar, ComplexNumbersAreAsInPython) {
  for (const auto& row : kComplex128) {
    char text[KJIT_FORMAT_SIZE];
    EXPECT_EQ(kjit_rt_format_c128(row.re, row.im, text, sizeof text), std::strlen(row.text));
    EXPECT_STREQ(text, row.text);
  }
  for (const auto& row : kComplex64) {
    char text[KJIT_FORMAT_SIZE];
    EXPECT_EQ(kjit_rt_format_c64(row.re, row.im, text, sizeof text), std::strlen(row.text));
    EXPECT_STREQ(text, row.text);
  }
}

TEST(FormatScalar, LongestTextsFitTheBuffer) {
  const double big = -2.2250738585072014e-308;
  char text[KJIT_FORMAT_SIZE];
  EXPECT_LT(kjit_rt_format_c128(big, big, text, sizeof text), size_t{KJIT_FORMAT_SIZE});
  EXPECT_STREQ(text, "(-2.2250738585072014e-308-2.2250738585072014e-308j)");
}

TEST(FormatScalar, ShortBuffersAreCutAndTheFullLengthReturned) {
  char text[4] = {'#', '#', '#', '#'};
  EXPECT_EQ(kjit_rt_format_f64(1.25, text, 3), 4u);
  EXPECT_STREQ(text, "1.");
  EXPECT_EQ(text[3], '#');
  EXPECT_EQ(kjit_rt_format_f64(1.25, nullptr, 0), 4u);
}

TEST(FormatArray, StrAndReprAreNumPys) {
  for (const auto& row : kArrays) {
    std::vector<char> data;
    for (double value : row.values) append_as(data, row.dtype, value);
    auto strides = c_strides(row.dtype, row.shape);
    EXPECT_EQ(array_text(row.dtype, data.data(), row.shape, strides, false), row.str);
    EXPECT_EQ(array_text(row.dtype, data.data(), row.shape, strides, true), row.repr);
  }
}

TEST(FormatArray, LongArraysAreWrappedAndSummarised) {
  for (const auto& row : kRamps) {
    int64_t count = 1;
    for (int64_t extent : row.shape) count *= extent;
    std::vector<char> data;
    for (int64_t i = 0; i < count; ++i) {
      append_as(data, row.dtype, row.first + row.step * static_cast<double>(i));
      if (row.dtype == KJIT_COMPLEX128) append_as(data, row.dtype, 0);
    }
    auto strides = c_strides(row.dtype, row.shape);
    EXPECT_EQ(array_text(row.dtype, data.data(), row.shape, strides, false), row.str);
    EXPECT_EQ(array_text(row.dtype, data.data(), row.shape, strides, true), row.repr);
  }
}

TEST(FormatArray, StridesAreFollowed) {
  const int64_t data[6] = {0, 1, 2, 3, 4, 5};
  EXPECT_EQ(array_text(KJIT_INT64, data, {3, 2}, {8, 24}, false), "[[0 3]\n [1 4]\n [2 5]]");
  EXPECT_EQ(array_text(KJIT_INT64, data + 5, {3}, {-16}, false), "[5 3 1]");
  EXPECT_EQ(array_text(KJIT_INT64, data + 2, {2, 2}, {0, 0}, true), "array([[2, 2],\n       [2, 2]])");
}

TEST(FormatArray, WhatIsNoArrayIsRefused) {
  std::string text;
  EXPECT_EQ(kjit_rt_format_array(99, 0, "", nullptr, nullptr, 0, collect, &text), KJIT_VALUE_ERROR);
  EXPECT_EQ(kjit_rt_format_array(KJIT_INT8, -1, "", nullptr, nullptr, 0, collect, &text), KJIT_VALUE_ERROR);
  EXPECT_EQ(text, "");
}

TEST(Print, GoesPieceByPieceToTheSinkOfTheContext) {
  kjit_ctx ctx{};
  std::string text;
  kjit_rt_print_i64(&ctx, 1);  // no sink: dropped
  ctx.write = collect;
  ctx.write_user = &text;
  const double data[2] = {1, 2.5};
  const int64_t shape[1] = {2};
  const int64_t strides[1] = {8};
  kjit_rt_print_text(&ctx, "x = ", 4);
  kjit_rt_print_bool(&ctx, 1);
  kjit_rt_print_text(&ctx, " ", 1);
  kjit_rt_print_i64(&ctx, INT64_MIN);
  kjit_rt_print_text(&ctx, " ", 1);
  kjit_rt_print_u64(&ctx, UINT64_MAX);
  kjit_rt_print_text(&ctx, " ", 1);
  kjit_rt_print_f32(&ctx, 0.1f);
  kjit_rt_print_text(&ctx, " ", 1);
  kjit_rt_print_f64(&ctx, 2);
  kjit_rt_print_text(&ctx, " ", 1);
  kjit_rt_print_c64(&ctx, 0, 0.1f);
  kjit_rt_print_text(&ctx, " ", 1);
  kjit_rt_print_c128(&ctx, 1, -2);
  kjit_rt_print_text(&ctx, "\n", 1);
  kjit_rt_print_array(&ctx, KJIT_FLOAT64, 1, data, shape, strides);
  EXPECT_EQ(text, "x = True -9223372036854775808 18446744073709551615 0.1 2.0 0.1j (1-2j)\n[1.  2.5]");
}

TEST(Print, StopsTheKernelWhenTheSinkHasFailed) {
  kjit_ctx ctx{};
  kjit_ctx_init(&ctx);
  ctx.write_user = &ctx;
  ctx.write = [](void* user, const char*, size_t) { static_cast<kjit_ctx*>(user)->write_failed = 1; };
  EXPECT_EQ(kjit_rt_print_end(&ctx, nullptr), KJIT_OK);
  kjit_rt_print_i64(&ctx, 1);
  EXPECT_EQ(kjit_rt_print_end(&ctx, nullptr), KJIT_RUNTIME_ERROR);
  EXPECT_EQ(ctx.error.kind, KJIT_RUNTIME_ERROR);
  EXPECT_EQ(kjit_rt_print_end(&ctx, nullptr), KJIT_OK);
  kjit_ctx_destroy(&ctx);
}

TEST(Dtype, HasNameAndSize) {
  EXPECT_STREQ(kjit_dtype_name(KJIT_COMPLEX128), "complex128");
  EXPECT_EQ(kjit_dtype_size(KJIT_COMPLEX128), 16);
  EXPECT_STREQ(kjit_dtype_name(KJIT_BOOL), "bool");
  EXPECT_EQ(kjit_dtype_name(13), nullptr);
  EXPECT_EQ(kjit_dtype_size(-1), 0);
}

}  // namespace
