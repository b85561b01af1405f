// Regions under load: many host threads at once, nested regions, errors, forks, and thread counts that change
// meanwhile. Runs in all trees; under ThreadSanitizer it shows that what region.cpp hands from thread to thread is
// ordered.
#include <gtest/gtest.h>
#include <kjit_rt/core.h>
#include <kjit_rt/parallel.h>
#include <kjit_rt/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "parallel/threads.h"

namespace {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr int kRounds = 12;
#else
constexpr int kRounds = 60;
#endif
#endif
constexpr int kHosts = 64;
constexpr int64_t kOuter = 24;
constexpr int64_t kInner = 300;

struct Context : kjit_ctx {
  explicit Context(int threads) : kjit_ctx{} {
    kjit_ctx_init(this);
    thread_limit = threads;
    write = [](void* user, const char* text, size_t size) { static_cast<std::string*>(user)->append(text, size); };
    write_user = &printed;
  }
  ~Context() { kjit_ctx_destroy(this); }
  Context(const Context&) = delete;
  std::string printed;
};

// What a body captures: plain memory, as kernels use it.
struct Frame {
  std::vector<double> sums = std::vector<double>(kOuter);  // one for each outer chunk
  int64_t failing = -1;                                    // the inner iteration that raises in outer chunk 5
  bool prints = false;
};

struct Inner {
  const Frame* frame;
  int64_t outer;
  std::vector<double> parts = std::vector<double>(kInner);
};

int32_t inner_body(kjit_ctx* ctx, int64_t lo, int64_t hi, int64_t, void* frame) {
  auto* inner = static_cast<Inner*>(frame);
  void* owner = nullptr;  // allocation inside of a body
  auto* block = static_cast<double*>(kjit_rt_alloc(ctx, (hi - lo) * 8, 1, &owner, nullptr));
  if (!block) return KJIT_MEMORY_ERROR;
  int32_t status = KJIT_OK;
  for (int64_t i = lo; i < hi && status == KJIT_OK; ++i) {
    if (inner->outer == 5 && i == inner->frame->failing)
      status = kjit_rt_raise_ops(ctx, KJIT_INDEX_ERROR, nullptr, "inner {0}", i, 0, 0);
    else
      status = kjit_random_draw_uniform(ctx, &block[i - lo], 0, 1);
    inner->parts[static_cast<size_t>(i)] = block[i - lo] + static_cast<double>(i);
  }
  kjit_rt_release(owner);
  return status;
}

int32_t outer_body(kjit_ctx* ctx, int64_t lo, int64_t hi, int64_t, void* frame) {
  auto* outer = static_cast<Frame*>(frame);
  for (int64_t i = lo; i < hi; ++i) {
    Inner inner{outer, i};
    if (i % 3 == 0) kjit_rt_set_num_threads(ctx, 1 + i % 2, nullptr);  // for the rest of this chunk
    if (const int32_t status = kjit_rt_parfor(ctx, kInner, 7, i % 2, inner_body, &inner)) return status;
    double sum = 0;
    for (const double part : inner.parts) sum += part;
    outer->sums[static_cast<size_t>(i)] = sum;
    if (!outer->prints) continue;
    kjit_rt_print_text(ctx, "chunk ", 6);
    kjit_rt_print_i64(ctx, i);
    kjit_rt_print_text(ctx, "\n", 1);
    if (const int32_t status = kjit_rt_print_end(ctx, nullptr)) return status;
  }
  return KJIT_OK;
}

int32_t run(kjit_ctx* ctx, Frame& frame, uint32_t seed, int32_t flags) {
  kjit_random_seed(kjit_rt_random(ctx, nullptr), seed);
  return kjit_rt_parfor(ctx, kOuter, 1, flags, outer_body, &frame);
}

std::vector<double> expected_sums(uint32_t seed) {
  Context ctx(1);
  Frame frame;
  EXPECT_EQ(run(&ctx, frame, seed, KJIT_REGION_SERIAL), KJIT_OK);
  return frame.sums;
}

constexpr int kThreads[] = {1, 2, 3, 7, 16};

// The rounds of one host thread; how many went wrong.
int rounds(int host, const std::vector<double>& expected) {
  int wrong = 0;
  for (int round = 0; round < kRounds; ++round) {
    Context ctx(kThreads[static_cast<size_t>(host + round) % std::size(kThreads)]);
    Frame frame;
    frame.prints = round % 4 == 1;
    frame.failing = round % 3 == 2 ? 11 + host % 200 : -1;
    const int32_t status = run(&ctx, frame, static_cast<uint32_t>(host), round % 2);
    if (frame.failing < 0) {
      wrong += status != KJIT_OK || frame.sums != expected;
      wrong += frame.prints != (ctx.printed.size() == 10 * 8 + 14 * 9);
    } else {
      wrong += status != KJIT_INDEX_ERROR || ctx.error.message != "inner " + std::to_string(frame.failing);
    }
    wrong += kjit_rt_get_thread_id() != 0;
  }
  return wrong;
}

// A child that runs regions and exits as programs do; 0: all right.
int child_of_fork(const std::vector<double>& expected) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(120);
    Context ctx(4);
    Frame frame;
    const bool right = run(&ctx, frame, 0, 0) == KJIT_OK && frame.sums == expected && kjit_threads_parallel() == 0;
    exit(right ? 0 : 1);  // NOLINT(concurrency-mt-unsafe): the child has one thread
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

TEST(ParallelStress, ManyHostThreadsNestedRegionsErrorsForksAndChangingThreadCounts) {
  const int64_t blocks = kjit_rt_live_blocks();
  std::vector<std::vector<double>> expected;
  for (uint32_t host = 0; host < kHosts; ++host) expected.push_back(expected_sums(host));
  ASSERT_EQ(kjit_threads_parallel(), 1);
  std::atomic<int> wrong = 0;
  std::atomic<int> running = kHosts;
  std::vector<std::thread> hosts;
  for (int host = 0; host < kHosts; ++host)
    hosts.emplace_back([&, host] {
      wrong += rounds(host, expected[static_cast<size_t>(host)]);
      --running;
    });
  [[maybe_unused]] int forks = 0;
  for (int count = 1; running > 0; count = count % 16 + 1) {
    EXPECT_EQ(kjit_threads_launch(count), KJIT_OK);
#ifndef KJIT_SANITIZED  // their own locks do not come through a fork beside running threads
    if (forks < 20) {
      EXPECT_EQ(child_of_fork(expected[0]), 0);
      ++forks;
    }
#endif
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  for (std::thread& host : hosts) host.join();
  EXPECT_EQ(kjit_threads_launch(0), KJIT_OK);
  EXPECT_EQ(child_of_fork(expected[0]), 0);  // with the hosts gone, in all trees
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(kjit_rt_live_blocks(), blocks);
}

TEST(ParallelStress, ThreadsComeAndGoAndLeaveNothing) {
  for (int k = 0; k < 5 * kRounds; ++k) {
    std::thread([k] {
      Context ctx(2 + k % 15);
      std::atomic<int64_t> sum = 0;
      const auto add = [](kjit_ctx*, int64_t lo, int64_t hi, int64_t, void* frame) -> int32_t {
        *static_cast<std::atomic<int64_t>*>(frame) += hi - lo;
        return KJIT_OK;
      };
      EXPECT_EQ(kjit_rt_parfor(&ctx, 1000, 3, k % 2, add, &sum), KJIT_OK);
      EXPECT_EQ(sum, 1000);
    }).join();
  }
}

}  // namespace
