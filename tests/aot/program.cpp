// The same header in C++: exceptions, results as values, arrays that are released.
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "kernels.h"

namespace {
int failed = 0;
void expect(bool same, const char* what) {
  if (same) return;
  std::printf("wrong: %s\n", what);
  failed = 1;
}
#define EXPECT(condition) expect(condition, #condition)

template <typename F>
std::string thrown(F call, kjit_status status) {
  try {
    call();
  } catch (const kjit::aot::Error& error) {
    return error.status() == status ? error.what() : "another status";
  }
  return "nothing was thrown";
}
bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }
}  // namespace

int main() {
  EXPECT(kernels::divide(9, 2) == 4);
  EXPECT(contains(thrown([] { kernels::divide(1, 0); }, KJIT_ZERO_DIVISION_ERROR), "kernels.py:29:12: in 'divide'"));
  EXPECT(kernels::turned({1.5, 2}, true) == std::complex<double>(1.5, -2));
  EXPECT(kernels::half(nullptr) == -1);
  std::vector<double> v{1, 2, 3, 4};
  const kjit_f64_1d x = kjit_f64_1d_of(v.data(), 4);
  {
    kjit::aot::Owned<kjit_f64_1d> made = kernels::scaled(x, 2);
    kjit::aot::Owned<kjit_f64_1d> moved = std::move(made);
    made = kernels::scaled(*moved, 2);
    EXPECT(moved->data[3] == 8 && made->data[3] == 16);
  }
  EXPECT(kjit_rt_live_blocks() == 0);
  EXPECT(contains(thrown([&] { kernels::tail(x); }, KJIT_UNOWNED_RESULT), "tail"));
  // Each thread has its own context.
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&right, t] {
      for (int i = 0; i < 100; ++i) {
        int64_t out = 0;
        right[t] += divide(nullptr, t, i % 2, &out) == (i % 2 ? KJIT_OK : KJIT_ZERO_DIVISION_ERROR);
      }
    });
  for (std::thread& t : threads) t.join();
  for (const int r : right) EXPECT(r == 100);
  return failed;
}
