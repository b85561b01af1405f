/* Calls what kernels.h declares, in C99. Says what is wrong; exit status 0: nothing is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kernels.h"

static int failed = 0;

static void expect(int same, const char* what) {
  if (same) return;
  char text[600];
  kjit_error_describe(NULL, text, sizeof text);
  printf("wrong: %s (last error: %s)\n", what, text);
  failed = 1;
}
#define EXPECT(condition) expect(condition, #condition)

static int says(const char* part) {
  char text[600];
  const size_t length = kjit_error_describe(NULL, text, sizeof text);
  return length == strlen(text) && strstr(text, part) != NULL;
}

static void numbers(void) {
  int64_t i = 0;
  int32_t n = 0;
  double x = 0;
  kjit_complex128 z, given;
  double parts[2] = {1.5, 2};
  memcpy(&given, parts, sizeof given);
  EXPECT(divide(NULL, 7, -2, &i) == KJIT_OK && i == -4);
  EXPECT(divide(NULL, 7, 0, &i) == KJIT_ZERO_DIVISION_ERROR && i == -4);
  EXPECT(says("kernels.py:29:12: in 'divide': ZeroDivisionError: "));
  EXPECT(strlen(kjit_error_message(NULL)) > 0 && !strstr(kjit_error_message(NULL), "kernels.py"));
  EXPECT(refuse(NULL, 1) == KJIT_OK);
  EXPECT(refuse(NULL, -1) == KJIT_VALUE_ERROR && strcmp(kjit_error_message(NULL), "below zero") == 0);
  EXPECT(small(NULL, -100, 65535, 2.5f, true, &n) == KJIT_OK && n == -100 + 65535 + 2 + 1);
  EXPECT(turned(NULL, &given, true, &z) == KJIT_OK && memcmp(&z, (double[]){1.5, -2}, sizeof z) == 0);
  EXPECT(turned(NULL, &given, false, &z) == KJIT_OK && memcmp(&z, (double[]){-2, 1.5}, sizeof z) == 0);
  EXPECT(turned(NULL, NULL, false, &z) == KJIT_VALUE_ERROR && says("turned(): 'z' is NULL"));
  EXPECT(fibonacci(NULL, 20, &i) == KJIT_OK && i == 6765);
  EXPECT(endless(NULL, 0, &i) == KJIT_RECURSION_ERROR);
  EXPECT(draw(NULL, &x) == KJIT_OK && x == 0.07630828937395717);
  const pick_pair pair = {3, 4};
  EXPECT(pick(NULL, &pair, 1, &x) == KJIT_OK && x == 4);
  EXPECT(pick(NULL, &pair, 1, NULL) == KJIT_VALUE_ERROR && says("'result' is NULL"));
  x = 9;
  EXPECT(half(NULL, &x, &x) == KJIT_OK && x == 4.5);
  EXPECT(half(NULL, NULL, &x) == KJIT_OK && x == -1);
  EXPECT(half_2(NULL, 9, 3, &x) == KJIT_OK && x == 3);
}

static void arrays(void) {
  double m[6] = {1, 2, 3, 4, 5, 6}, x = 0;
  kjit_f64_2d a = kjit_f64_2d_of(m, 2, 3);
  EXPECT(row_sum(NULL, &a, 1, &x) == KJIT_OK && x == 15);
  EXPECT(row_sum(NULL, &a, 2, &x) == KJIT_INDEX_ERROR && x == 15 && says("index 2"));
  kjit_f64_2d columns = kjit_f64_2d_fortran(m, 2, 3);
  EXPECT(row_sum(NULL, &columns, 0, &x) == KJIT_VALUE_ERROR);
  EXPECT(says("row_sum(): 'a' is not contiguous in C's order: its shape is (2, 3), its strides in bytes (8, 16)"));
  a.data = NULL;
  EXPECT(row_sum(NULL, &a, 0, &x) == KJIT_VALUE_ERROR && says("has no data"));
  a = kjit_f64_2d_of(m, -1, 3);
  EXPECT(row_sum(NULL, &a, 0, &x) == KJIT_VALUE_ERROR && says("negative length"));
  a = kjit_f64_2d_of((double*)((char*)m + 4), 1, 3);
  EXPECT(row_sum(NULL, &a, 0, &x) == KJIT_VALUE_ERROR && says("not aligned"));
  EXPECT(row_sum(NULL, NULL, 0, &x) == KJIT_VALUE_ERROR && says("'a' is NULL"));
  a = kjit_f64_2d_of(m, 1, 3);
  a.strides[0] = 1000; /* of one row: it does not matter */
  EXPECT(row_sum(NULL, &a, 0, &x) == KJIT_OK && x == 6);

  double v[4] = {1, 2, 3, 4};
  kjit_f64_1d some = kjit_f64_1d_of(v, 4), made;
  EXPECT(scaled(NULL, &some, 10, &made) == KJIT_OK && made.shape[0] == 4 && made.data[3] == 40 && made.owner);
  kjit_rt_release(made.owner);
  some.shape[0] = 2, some.strides[0] = -16, some.data = v + 3; /* 4, 2 */
  EXPECT(scaled(NULL, &some, 10, &made) == KJIT_OK && made.data[0] == 40 && made.data[1] == 20);
  kjit_rt_release(made.owner);
  float f[2] = {1, 2};
  kjit_f32_1d floats = kjit_f32_1d_of(f, 2), made_floats;
  EXPECT(scaled_2(NULL, &floats, 3, &made_floats) == KJIT_OK && made_floats.data[1] == 6);
  kjit_rt_release(made_floats.owner);

  some = kjit_f64_1d_of(v, 4);
  centred_result both;
  EXPECT(centred(NULL, &some, &both) == KJIT_OK && both.item_0 == 2.5 && both.item_1.data[0] == -1.5);
  /* What was returned has an owner, so a view of it may be returned. */
  EXPECT(tail(NULL, &both.item_1, &made) == KJIT_OK && made.data == both.item_1.data + 1 && made.shape[0] == 3);
  kjit_rt_release(both.item_1.owner);
  EXPECT(made.data[2] == 1.5);
  kjit_rt_release(made.owner);
  EXPECT(tail(NULL, &some, &made) == KJIT_UNOWNED_RESULT);

  kjit_f64_2d square = kjit_f64_2d_fortran(m, 2, 2), other = kjit_f64_2d_of(m, 2, 2), result;
  EXPECT(product(NULL, &square, &other, &result) == KJIT_OK);
  EXPECT(result.data[0] == 1 * 1 + 3 * 3 && result.data[1] == 1 * 2 + 3 * 4); /* [[1, 3], [2, 4]] @ [[1, 2], [3, 4]] */
  kjit_rt_release(result.owner);
}

static void overlap(void) {
  double a[1000], b[1000];
  for (int i = 0; i < 1000; ++i) a[i] = i, b[i] = 1;
  kjit_f64_1d first = kjit_f64_1d_of(a, 1000), second = kjit_f64_1d_of(b, 1000);
  EXPECT(blend(NULL, &first, &second) == KJIT_OK && b[999] == 999);
  for (int i = 0; i < 1000; ++i) a[i] = 1;
  EXPECT(blend(NULL, &first, &first) == KJIT_OK && a[999] == 1000); /* each element is the sum of those before */
}

static void loops(void) {
  enum { kCount = 20001 };
  static double x[kCount], y[kCount], z[kCount];
  double sum = 0, sines = 0, got = 0;
  for (int i = 0; i < kCount; ++i) {
    x[i] = i * 1e-4, y[i] = 1;
    sum += exp(x[i]), sines += sin(x[i]);
  }
  kjit_f64_1d a = kjit_f64_1d_of(x, kCount), b = kjit_f64_1d_of(y, kCount), out = kjit_f64_1d_of(z, kCount);
  EXPECT(sum_of_exp(NULL, &a, &got) == KJIT_OK && fabs(got - sum) < 1e-8 * sum);
  EXPECT(sum_of_sines(NULL, &a, &got) == KJIT_OK && fabs(got - sines) < 1e-8 * sines);
  EXPECT(hypotenuse(NULL, &a, &b, &out) == KJIT_OK && z[0] == 1 && z[20000] == sqrt(x[20000] * x[20000] + 1));
  out.shape[0] = 3;
  EXPECT(hypotenuse(NULL, &a, &b, &out) == KJIT_VALUE_ERROR);
}

static void contexts(void) {
  kjit_ctx* own = kjit_context_new();
  int64_t i = 0;
  EXPECT(own != NULL);
  EXPECT(refuse(NULL, -1) == KJIT_VALUE_ERROR);
  EXPECT(strcmp(kjit_error_message(own), "") == 0);
  EXPECT(divide(own, 1, 0, &i) == KJIT_ZERO_DIVISION_ERROR);
  EXPECT(strcmp(kjit_error_message(own), kjit_error_message(NULL)) != 0);
  char text[8];
  EXPECT(kjit_error_describe(own, text, sizeof text) > 8 && strlen(text) == 7); /* cut, but zero-terminated */
  EXPECT(say(own, 42) == KJIT_OK);
  kjit_context_free(own);
  kjit_context_free(NULL);
}

int main(void) {
  numbers();
  arrays();
  overlap();
  loops();
  contexts();
  return failed;
}
