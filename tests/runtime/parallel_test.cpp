// Parallel regions: which chunks run, what their contexts are, and that results do not depend on the threads.
#include <gtest/gtest.h>
#include <kjit_rt/core.h>
#include <kjit_rt/parallel.h>
#include <kjit_rt/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "parallel/threads.h"

namespace {

struct Context : kjit_ctx {
  explicit Context(int threads = 0) : kjit_ctx{} {
    kjit_ctx_init(this);
    thread_limit = threads;
  }
  ~Context() { kjit_ctx_destroy(this); }
  Context(const Context&) = delete;
};

using Body = std::function<int32_t(kjit_ctx*, int64_t lo, int64_t hi, int64_t chunk)>;

int32_t call_body(kjit_ctx* ctx, int64_t lo, int64_t hi, int64_t chunk, void* frame) {
  return (*static_cast<const Body*>(frame))(ctx, lo, hi, chunk);
}

int32_t parfor(kjit_ctx* ctx, int64_t trips, int64_t length, int32_t flags, const Body& body) {
  return kjit_rt_parfor(ctx, trips, length, flags, call_body, const_cast<Body*>(&body));
}

constexpr int kThreads[] = {1, 2, 3, 7, 16};

class ParallelRegion : public testing::TestWithParam<std::tuple<int, int>> {
 protected:
  int threads() const { return std::get<0>(GetParam()); }
  int flags() const { return std::get<1>(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Threads, ParallelRegion,
                         testing::Combine(testing::ValuesIn(kThreads), testing::Values(0, KJIT_REGION_UNIFORM)));

TEST_P(ParallelRegion, RunsEveryIterationOnceInTheChunksThatWereAskedFor) {
  Context ctx(threads());
  for (const int64_t trips : {0, 1, 2, 5, 63, 64, 65, 1000, 4097}) {
    for (const int64_t length : {1, 2, 7, 64, 5000}) {
      std::vector<std::atomic<int>> seen(static_cast<size_t>(trips));
      std::atomic<int> wrong = 0;
      EXPECT_EQ(parfor(&ctx, trips, length, flags(),
                       [&](kjit_ctx*, int64_t lo, int64_t hi, int64_t chunk) {
                         wrong += lo != chunk * length || hi != std::min(lo + length, trips) || lo >= hi;
                         for (int64_t i = lo; i < hi; ++i) ++seen[static_cast<size_t>(i)];
                         return KJIT_OK;
                       }),
                KJIT_OK);
      EXPECT_EQ(wrong, 0);
      for (const auto& times : seen) ASSERT_EQ(times, 1);
    }
  }
}

TEST_P(ParallelRegion, RunsEveryIterationOnceWhereItMayDealThemOutAsItLikes) {
  Context ctx(threads());
  for (const int64_t trips : {1, 2, 5, 63, 64, 65, 1000, 4097, 1'000'003}) {
    for (const int64_t length : {1, 2, 7, 64, 5000}) {
      std::vector<std::atomic<int>> seen(static_cast<size_t>(trips));
      std::atomic<int> wrong = 0;
      EXPECT_EQ(parfor(&ctx, trips, length, flags() | KJIT_REGION_DIVISIBLE,
                       [&](kjit_ctx*, int64_t lo, int64_t hi, int64_t) {
                         wrong += lo < 0 || hi > trips || lo >= hi;
                         for (int64_t i = lo; i < hi; ++i) ++seen[static_cast<size_t>(i)];
                         return KJIT_OK;
                       }),
                KJIT_OK);
      EXPECT_EQ(wrong, 0);
      for (const auto& times : seen) ASSERT_EQ(times, 1);
    }
  }
  std::atomic<int64_t> sum = 0;
  EXPECT_EQ(parfor(&ctx, INT64_MAX, 1000, flags() | KJIT_REGION_DIVISIBLE,
                   [&](kjit_ctx*, int64_t lo, int64_t hi, int64_t) {
                     sum += hi - lo;
                     return KJIT_OK;
                   }),
            KJIT_OK);
  EXPECT_EQ(sum, INT64_MAX);
}

TEST_P(ParallelRegion, ReportsTheErrorOfTheLowestFailingIteration) {
  Context ctx(threads());
  for (const int64_t lowest : {0, 1, 17, 99'999}) {
    const int32_t status = parfor(
        &ctx, 100'000, 10, flags() | KJIT_REGION_DIVISIBLE, [&](kjit_ctx* c, int64_t lo, int64_t hi, int64_t) -> int {
          for (int64_t i = lo; i < hi; ++i)
            if (i == lowest || (i > lowest && i % 1000 == 0))
              return kjit_rt_raise_ops(c, KJIT_INDEX_ERROR, nullptr, "iteration {0}", i, 0, 0);
          return KJIT_OK;
        });
    EXPECT_EQ(status, KJIT_INDEX_ERROR);
    EXPECT_EQ(ctx.error.message, "iteration " + std::to_string(lowest));
  }
}

TEST_P(ParallelRegion, HasNoOverflowAtTheLargestCounts) {
  Context ctx(threads());
  std::atomic<int64_t> last = 0;
  const int64_t length = INT64_MAX / 3;
  EXPECT_EQ(parfor(&ctx, INT64_MAX, length, flags(),
                   [&](kjit_ctx*, int64_t lo, int64_t hi, int64_t chunk) {
                     if (chunk == 3) last = hi - lo;
                     return KJIT_OK;
                   }),
            KJIT_OK);
  EXPECT_EQ(last, INT64_MAX - 3 * length);
}

TEST_P(ParallelRegion, ReportsTheErrorOfTheLowestFailingChunkAndRunsAllBelow) {
  Context ctx(threads());
  for (const int64_t lowest : {0, 1, 17, 99}) {
    std::vector<std::atomic<int>> seen(200);
    static constexpr kjit_location kWhere[2] = {{"a.py", "f", 3, 1, 3, 2}, {"a.py", "f", 4, 1, 4, 2}};
    const int32_t status = parfor(&ctx, 200, 1, flags(), [&](kjit_ctx* c, int64_t lo, int64_t, int64_t chunk) -> int {
      ++seen[static_cast<size_t>(chunk)];
      if (chunk < lowest || (chunk > lowest && chunk % 3 != 0)) return KJIT_OK;
      const int32_t kind = chunk == lowest ? KJIT_INDEX_ERROR : KJIT_VALUE_ERROR;
      return kjit_rt_raise_ops(c, kind, &kWhere[chunk == lowest], "chunk {0}", lo, 0, 0);
    });
    EXPECT_EQ(status, KJIT_INDEX_ERROR);
    EXPECT_EQ(ctx.error.kind, KJIT_INDEX_ERROR);
    EXPECT_EQ(ctx.error.location, &kWhere[1]);
    EXPECT_EQ(ctx.error.message, "chunk " + std::to_string(lowest));
    for (size_t c = 0; c <= static_cast<size_t>(lowest); ++c) ASSERT_EQ(seen[c], 1);
    for (const auto& times : seen) ASSERT_LE(times, 1);
  }
}

TEST_P(ParallelRegion, AnErrorEndsARegionOfManyChunksSoon) {
  Context ctx(threads());
  std::atomic<int64_t> ran = 0;
  EXPECT_EQ(parfor(&ctx, int64_t{1} << 40, 1, flags(),
                   [&](kjit_ctx* c, int64_t, int64_t, int64_t chunk) -> int {
                     ++ran;
                     return chunk == 0 ? kjit_rt_raise(c, KJIT_VALUE_ERROR, nullptr, "no") : KJIT_OK;
                   }),
            KJIT_VALUE_ERROR);
  EXPECT_LT(ran, int64_t{1} << 30);
}

TEST_P(ParallelRegion, NestsAndKeepsThreadNumbersApart) {
  Context ctx(threads());
  std::vector<std::atomic<int>> busy(static_cast<size_t>(threads()));
  std::atomic<int> wrong = 0;
  std::atomic<int64_t> sum = 0;
  const int32_t status = parfor(&ctx, 20, 1, flags(), [&](kjit_ctx* outer, int64_t i, int64_t, int64_t) {
    return parfor(outer, 30, 4, flags(), [&](kjit_ctx*, int64_t lo, int64_t hi, int64_t) {
      const int64_t id = kjit_rt_get_thread_id();
      if (id < 0 || id >= threads()) return KJIT_RUNTIME_ERROR;
      wrong += busy[static_cast<size_t>(id)]++ != 0;
      for (int64_t k = lo; k < hi; ++k) sum += i * 100 + k;
      --busy[static_cast<size_t>(id)];
      return KJIT_OK;
    });
  });
  EXPECT_EQ(status, KJIT_OK);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(sum, 190 * 100 * 30 + 20 * 435);
  EXPECT_EQ(kjit_rt_get_thread_id(), 0);
}

TEST_P(ParallelRegion, ACallBackMayBeginARegionWithAContextOfItsOwn) {
  Context ctx(threads());
  for (int turn = 0; turn < 20; ++turn) {
    std::vector<std::atomic<int>> seen(32 * 64);
    EXPECT_EQ(parfor(&ctx, 32, 1, flags(),
                     [&](kjit_ctx*, int64_t lo, int64_t, int64_t) {
                       Context own(threads());
                       return parfor(&own, 64, 1, flags(), [&](kjit_ctx*, int64_t i, int64_t, int64_t) {
                         ++seen[static_cast<size_t>(lo * 64 + i)];
                         return KJIT_OK;
                       });
                     }),
              KJIT_OK);
    for (const auto& times : seen) ASSERT_EQ(times, 1);
  }
}

TEST_P(ParallelRegion, ErrorsComeOutOfNestedRegions) {
  Context ctx(threads());
  const int32_t status = parfor(&ctx, 20, 1, flags(), [&](kjit_ctx* outer, int64_t i, int64_t, int64_t) {
    return parfor(outer, 20, 1, flags(), [&](kjit_ctx* inner, int64_t k, int64_t, int64_t) -> int {
      if (i < 7 || k < 5) return KJIT_OK;
      return kjit_rt_raise_ops(inner, KJIT_KEY_ERROR, nullptr, "{0} {1}", i, k, 0);
    });
  });
  EXPECT_EQ(status, KJIT_KEY_ERROR);
  EXPECT_STREQ(ctx.error.message, "7 5");
}

std::vector<double> draws(int threads, int flags, int nested, double* after) {
  Context ctx(threads);
  kjit_random_seed(kjit_rt_random(&ctx, nullptr), 42);
  std::vector<double> out(300);
  const Body draw = [&](kjit_ctx* c, int64_t lo, int64_t hi, int64_t) {
    for (int64_t i = lo; i < hi; ++i) {
      if (i % 5 == 0) continue;  // some chunks ask for nothing
      const Body one = [&, i](kjit_ctx* inner, int64_t, int64_t, int64_t) {
        return kjit_random_draw_normal(inner, &out[static_cast<size_t>(i)], 0, 1);
      };
      if (const int32_t status = nested ? parfor(c, 1, 1, flags, one) : one(c, 0, 1, 0)) return status;
    }
    return int32_t{KJIT_OK};
  };
  EXPECT_EQ(parfor(&ctx, 300, 3, flags, draw), KJIT_OK);
  EXPECT_EQ(kjit_random_draw_uniform(&ctx, after, 0, 1), KJIT_OK);
  return out;
}

TEST_P(ParallelRegion, RandomNumbersDependOnStateAndChunkOnly) {
  for (const int nested : {0, 1}) {
    double after = 0;
    double expected_after = 0;
    const std::vector<double> expected = draws(1, KJIT_REGION_SERIAL, nested, &expected_after);
    EXPECT_EQ(draws(threads(), flags(), nested, &after), expected);
    EXPECT_EQ(after, expected_after);
    EXPECT_EQ(std::set<double>(expected.begin(), expected.end()).size(), 241U);  // 240 and the zero
  }
}

TEST_P(ParallelRegion, AGeneratorThatNobodyAsksForStaysWhereItIs) {
  Context ctx(threads());
  kjit_random_seed(kjit_rt_random(&ctx, nullptr), 7);
  EXPECT_EQ(parfor(&ctx, 100, 1, flags(), [](kjit_ctx*, int64_t, int64_t, int64_t) { return KJIT_OK; }), KJIT_OK);
  Context other;
  kjit_random_seed(kjit_rt_random(&other, nullptr), 7);
  EXPECT_EQ(kjit_random_u32(ctx.random), kjit_random_u32(other.random));
}

TEST_P(ParallelRegion, SeedingInAChunkHoldsForThatChunkOnly) {
  Context ctx(threads());
  std::vector<double> first(64);
  std::vector<double> second(64);
  EXPECT_EQ(parfor(&ctx, 64, 1, flags(),
                   [&](kjit_ctx* c, int64_t i, int64_t, int64_t) {
                     int64_t none = 0;
                     if (i % 2 == 0) kjit_random_draw_seed(c, &none, 5);
                     kjit_random_draw_uniform(c, &first[static_cast<size_t>(i)], 0, 1);
                     return kjit_random_draw_reseed(c, &none) + kjit_random_draw_uniform(c, &second[i], 0, 1);
                   }),
            KJIT_OK);
  EXPECT_EQ(std::set<double>(first.begin(), first.end()).size(), 33U);
  EXPECT_EQ(std::set<double>(second.begin(), second.end()).size(), 64U);
}

TEST_P(ParallelRegion, PrintsComeWholeFromTheCallersCallback) {
  Context ctx(threads());
  std::string text;
  ctx.write = [](void* user, const char* t, size_t size) { static_cast<std::string*>(user)->append(t, size); };
  ctx.write_user = &text;
  const Body print = [](kjit_ctx* c, int64_t i, int64_t, int64_t) {
    for (const char* piece : {"<", "one ", "line ", "of "}) {
      kjit_rt_print_text(c, piece, static_cast<int64_t>(std::strlen(piece)));
      std::this_thread::yield();
    }
    kjit_rt_print_i64(c, i);
    kjit_rt_print_text(c, ">\n", 2);
    return kjit_rt_print_end(c, nullptr);
  };
  EXPECT_EQ(parfor(&ctx, 100, 1, flags(),
                   [&](kjit_ctx* c, int64_t i, int64_t, int64_t) {
                     return i % 2 ? print(c, i, i + 1, i) : parfor(c, 2, 1, flags(), print);
                   }),
            KJIT_OK);
  std::multiset<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  std::multiset<std::string> expected;
  for (int i = 1; i < 100; i += 2) expected.insert("<one line of " + std::to_string(i) + ">");
  for (int i = 0; i < 100; ++i) expected.insert("<one line of " + std::to_string(i % 2) + ">");
  EXPECT_EQ(lines, expected);
}

TEST_P(ParallelRegion, AFailingPrintStopsTheRegion) {
  Context ctx(threads());
  ctx.write = [](void* user, const char*, size_t) { static_cast<kjit_ctx*>(user)->write_failed = 1; };
  ctx.write_user = static_cast<kjit_ctx*>(&ctx);
  EXPECT_EQ(parfor(&ctx, 100, 1, flags(),
                   [](kjit_ctx* c, int64_t, int64_t, int64_t) {
                     kjit_rt_print_text(c, "x", 1);
                     return kjit_rt_print_end(c, nullptr);
                   }),
            KJIT_RUNTIME_ERROR);
  EXPECT_STREQ(ctx.error.message, "what takes printed text has failed");
  EXPECT_EQ(ctx.write_failed, 0);
}

TEST_P(ParallelRegion, MemoryOfAllThreadsCountsAgainstTheCallersLimit) {
  Context ctx(threads());
  kjit_ctx_limit_memory(&ctx, 1000);
  const int64_t before = kjit_rt_live_blocks();
  std::atomic<int> failures = 0;
  std::vector<void*> owners(16);
  EXPECT_EQ(parfor(&ctx, 16, 1, flags(),
                   [&](kjit_ctx* c, int64_t i, int64_t, int64_t) -> int {
                     if (!kjit_rt_alloc(c, 100, 0, &owners[static_cast<size_t>(i)], nullptr)) ++failures;
                     return KJIT_OK;
                   }),
            KJIT_OK);
  EXPECT_EQ(failures, 6);
  EXPECT_EQ(kjit_ctx_memory_used(&ctx), 1000);
  EXPECT_EQ(ctx.memory_used, 1000);
  for (void* owner : owners) kjit_rt_release(owner);
  EXPECT_EQ(kjit_ctx_memory_used(&ctx), 0);
  EXPECT_EQ(kjit_rt_live_blocks(), before);
}

TEST_P(ParallelRegion, BodiesSeeTheCallersInterruptEngineAndLimit) {
  Context ctx(threads());
  int32_t stop = 1;
  ctx.interrupt = &stop;
  int engine = 0;
  ctx.engine = &engine;
  std::atomic<int> wrong = 0;
  EXPECT_EQ(parfor(&ctx, 50, 1, flags(),
                   [&](kjit_ctx* c, int64_t, int64_t, int64_t) {
                     const char here = 0;
                     wrong += c->engine != &engine || c == &ctx || (c->stack_limit && &here < c->stack_limit);
                     wrong += kjit_rt_get_num_threads(c) != threads();
                     return kjit_rt_interrupted(c, nullptr);
                   }),
            KJIT_INTERRUPTED);
  EXPECT_EQ(wrong, 0);
}

TEST_P(ParallelRegion, RoundingOfTheCallerHoldsInAllThreads) {
  Context ctx(threads());
  const unsigned before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 0x8040);  // flush denormals
  std::atomic<int> wrong = 0;
  EXPECT_EQ(parfor(&ctx, 200, 1, flags(),
                   [&](kjit_ctx*, int64_t, int64_t, int64_t) {
                     wrong += (__builtin_ia32_stmxcsr() & 0x8040) != 0x8040;
                     return KJIT_OK;
                   }),
            KJIT_OK);
  __builtin_ia32_ldmxcsr(before);
  EXPECT_EQ(wrong, 0);
}

TEST(ParallelThreads, SeveralThreadsTakePartAndNoMoreThanAllowed) {
  ASSERT_EQ(kjit_threads_parallel(), 1);
  Context ctx(3);
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  // Each chunk waits a while for company; with it, or after a second, it goes on.
  parfor(&ctx, 60, 1, 0, [&](kjit_ctx*, int64_t, int64_t, int64_t) {
    const int here = ++now;
    for (int seen = most; here > seen && !most.compare_exchange_weak(seen, here);) {
    }
    for (int wait = 0; wait < 1000 && most < 3; ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --now;
    return KJIT_OK;
  });
  EXPECT_EQ(most, 3);
}

TEST(ParallelThreads, TheMaskIsTheThreadsOwnAndBounded) {
  Context ctx(4);
  EXPECT_EQ(kjit_rt_get_num_threads(&ctx), 4);
  EXPECT_EQ(kjit_rt_set_num_threads(&ctx, 2, nullptr), KJIT_OK);
  EXPECT_EQ(kjit_rt_get_num_threads(&ctx), 2);
  std::thread([&] {
    Context other(4);
    EXPECT_EQ(kjit_rt_get_num_threads(&other), 4);
  }).join();
  for (const int64_t wrong : {int64_t{0}, int64_t{-1}, int64_t{5}, INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(kjit_rt_set_num_threads(&ctx, wrong, nullptr), KJIT_VALUE_ERROR);
    EXPECT_STREQ(ctx.error.message, "The number of threads must be between 1 and 4");
  }
  std::atomic<int> wrong = 0;
  parfor(&ctx, 50, 1, 0, [&](kjit_ctx* c, int64_t, int64_t, int64_t) {
    wrong += kjit_rt_get_num_threads(c) != 2;
    wrong += kjit_rt_get_thread_id() > 1;
    return kjit_rt_set_num_threads(c, 1, nullptr);
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(kjit_rt_get_num_threads(&ctx), 2);  // what bodies set is theirs
  EXPECT_EQ(kjit_rt_set_num_threads(&ctx, 4, nullptr), KJIT_OK);
}

TEST(ParallelThreads, TheProcessCountCanBeSetAndGoesBackToTheDefault) {
  EXPECT_GE(kjit_threads_default(), 1);
  EXPECT_EQ(kjit_threads_launch(9), KJIT_OK);
  EXPECT_EQ(kjit_threads_launched(), 9);
  EXPECT_EQ(kjit_rt_get_num_threads(nullptr), 9);
  EXPECT_EQ(kjit_threads_launch(-1), KJIT_VALUE_ERROR);
  EXPECT_EQ(kjit_threads_launch(KJIT_MOST_THREADS + 1), KJIT_VALUE_ERROR);
  EXPECT_EQ(kjit_threads_launch(0), KJIT_OK);
  EXPECT_EQ(kjit_threads_launched(), kjit_threads_default());
}

TEST(ParallelThreads, ChunkSizeIsRememberedAndChangesNoChunk) {
  Context ctx(3);
  int64_t previous = -1;
  EXPECT_EQ(kjit_rt_set_parallel_chunksize(&ctx, 40, &previous, nullptr), KJIT_OK);
  EXPECT_EQ(previous, 0);
  EXPECT_EQ(kjit_rt_get_parallel_chunksize(), 40);
  EXPECT_EQ(kjit_rt_set_parallel_chunksize(&ctx, -1, &previous, nullptr), KJIT_VALUE_ERROR);
  EXPECT_STREQ(ctx.error.message, "chunksize must be greater than or equal to zero");
  std::atomic<int64_t> sum = 0;
  parfor(&ctx, 1000, 3, 0, [&](kjit_ctx*, int64_t lo, int64_t hi, int64_t chunk) {
    sum += lo == chunk * 3 ? hi - lo : 1000000;
    return KJIT_OK;
  });
  EXPECT_EQ(sum, 1000);
  EXPECT_EQ(kjit_rt_set_parallel_chunksize(&ctx, 0, &previous, nullptr), KJIT_OK);
  EXPECT_EQ(previous, 40);
}

TEST(ParallelThreads, TheChildOfAForkRunsRegionsItselfAndSaysSo) {
  Context ctx(4);
  parfor(&ctx, 100, 1, 0, [](kjit_ctx*, int64_t, int64_t, int64_t) { return KJIT_OK; });
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    std::atomic<int64_t> sum = 0;
    const int32_t status = parfor(&ctx, 100, 1, 0, [&](kjit_ctx*, int64_t lo, int64_t, int64_t) {
      sum += lo;
      return KJIT_OK;
    });
    char text[128];
    kjit_threads_describe(text, sizeof text);
    const bool said = std::string_view(text).starts_with("none: this process is the child of a fork");
    std::exit(status == KJIT_OK && sum == 4950 && said && kjit_threads_parallel() == 0 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(kjit_threads_parallel(), 1);
}

// --- what control groups grant

class ControlGroups : public testing::Test {
 protected:
  ControlGroups() { std::filesystem::create_directories(root_); }
  ~ControlGroups() override { std::filesystem::remove_all(root_); }
  void file(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = root_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  int32_t granted(const std::string& groups) const { return kjit::rt::granted_by_groups(groups, root_.string()); }

 private:
  std::filesystem::path root_ = std::filesystem::path(testing::TempDir()) / ("kjit_groups_" + std::to_string(getpid()));
};

TEST_F(ControlGroups, Version2TakesTheLeastOfTheGroupAndThoseAboveRoundedUp) {
  file("a/cpu.max", "350000 100000\n");
  file("a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(granted("0::/a/b\n"), 4);
  file("a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(granted("0::/a/b\n"), 1);
  EXPECT_EQ(granted("0::/\n"), 0);
  file("cpu.max", "200000 100000\n");  // a container: the path is the host's
  EXPECT_EQ(granted("0::/docker/0123\n"), 2);
}

TEST_F(ControlGroups, Version1ReadsQuotaAndPeriod) {
  const std::string groups = "12:cpuset:/\n3:cpu,cpuacct:/user/x\n0::/\n";
  file("cpu,cpuacct/user/x/cpu.cfs_quota_us", "-1\n");
  file("cpu,cpuacct/user/x/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(granted(groups), 0);
  file("cpu,cpuacct/user/x/cpu.cfs_quota_us", "250000\n");
  EXPECT_EQ(granted(groups), 3);
  EXPECT_EQ(granted("12:cpuset:/user/x\n"), 0);
}

TEST_F(ControlGroups, DamagedFilesGrantEverything) {
  for (const char* text : {"", "max", "x y", "0 0", "-5 100000", "100000 0", "1e30 1"}) {
    file("cpu.max", text);
    EXPECT_EQ(granted("0::/\n"), 0) << text;
  }
  EXPECT_EQ(granted(""), 0);
  EXPECT_EQ(granted("no colons\n:\n::\n0::\n"), 0);
}

}  // namespace
