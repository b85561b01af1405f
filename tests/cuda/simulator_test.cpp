// The simulator: kernels written by hand, in the form of compiled ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <kjit_rt/core.h>
#include <kjit_rt/simulator.h>

#include <array>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

namespace kjit::rt {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

const kjit_sim_thread& self(kjit_ctx* ctx) { return *static_cast<kjit_sim_thread*>(ctx->thread); }
int32_t thread_x(kjit_ctx* ctx) { return self(ctx).place[0]; }

kjit_location at_line(int32_t line) { return {"kernel.py", "kernel", line, 1, line, 2}; }
const kjit_location kFirst = at_line(10), kSecond = at_line(20);

using Body = int32_t (*)(kjit_ctx*, void*, const uint64_t*);

class Simulator : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!kjit_sim_available()) GTEST_SKIP() << "built without Boost.Context";
    kjit_ctx_init(&ctx_);
  }
  void TearDown() override { kjit_ctx_destroy(&ctx_); }
  int32_t run(Body body, void* data, uint32_t threads, uint32_t blocks = 1, uint32_t shared_bytes = 0) {
    const uint64_t slots[] = {reinterpret_cast<uint64_t>(data)};
    const kjit_sim_launch launch{body, slots, {blocks, 1, 1}, {threads, 1, 1}, shared_bytes};
    return kjit_sim_run(&ctx_, &launch);
  }
  std::string message() const { return ctx_.error.message; }
  int32_t line() const { return ctx_.error.location ? ctx_.error.location->line : 0; }

  kjit_ctx ctx_{};
};

template <typename T>
T* data(const uint64_t* slots) {
  return reinterpret_cast<T*>(slots[0]);
}

// Sums by halves in shared memory; every step needs what others wrote before the last barrier.
TEST_F(Simulator, BarriersOrderSharedMemory) {
  constexpr int kThreads = 256;
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    const int32_t i = thread_x(ctx);
    auto* part = static_cast<int64_t*>(kjit_sim_shared(ctx, &kFirst, kThreads * 8));
    part[i] = i + self(ctx).place[3];
    kjit_sim_write(ctx, part + i, 8, &kFirst);
    kjit_sim_barrier(ctx, KJIT_SIM_SYNC, 0, &kFirst);
    for (int half = kThreads / 2; half > 0; half /= 2) {
      if (i < half) {
        kjit_sim_read(ctx, part + i + half, 8, &kSecond);
        part[i] += part[i + half];
        kjit_sim_write(ctx, part + i, 8, &kSecond);
      }
      kjit_sim_barrier(ctx, KJIT_SIM_SYNC, 0, &kSecond);
    }
    if (i == 0) data<int64_t>(slots)[self(ctx).place[3]] = part[0];
    return KJIT_OK;
  };
  std::vector<int64_t> sums(3);
  ASSERT_EQ(run(body, sums.data(), kThreads, 3), KJIT_OK) << message();
  EXPECT_THAT(sums, ::testing::ElementsAre(32640, 32640 + 256, 32640 + 512));
}

TEST_F(Simulator, BarriersCountAndJoin) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    const int32_t i = thread_x(ctx);
    auto* out = data<int32_t>(slots) + 4 * i;
    out[0] = kjit_sim_barrier(ctx, KJIT_SIM_COUNT, i % 3 == 0, &kFirst);
    out[1] = kjit_sim_barrier(ctx, KJIT_SIM_AND, i < 40, &kFirst);
    out[2] = kjit_sim_barrier(ctx, KJIT_SIM_AND, i < 39, &kFirst);
    out[3] = kjit_sim_barrier(ctx, KJIT_SIM_OR, i == 17, &kFirst);
    return KJIT_OK;
  };
  std::array<std::array<int32_t, 4>, 40> out{};
  ASSERT_EQ(run(body, out.data(), 40), KJIT_OK) << message();
  EXPECT_THAT(out, Each(std::array<int32_t, 4>{14, 1, 0, 1}));
}

TEST_F(Simulator, ShufflesReadOtherLanes) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    const int32_t i = thread_x(ctx);
    auto* out = data<uint64_t>(slots) + 6 * i;
    const auto value = 100 + static_cast<uint64_t>(i);
    out[0] = kjit_sim_warp(ctx, KJIT_SIM_SHFL, ~0U, value, 5, 32, &kFirst);
    out[1] = kjit_sim_warp(ctx, KJIT_SIM_SHFL_UP, ~0U, value, 2, 32, &kFirst);
    out[2] = kjit_sim_warp(ctx, KJIT_SIM_SHFL_DOWN, ~0U, value, 1, 8, &kFirst);
    out[3] = static_cast<uint64_t>(self(ctx).warp_flag);
    out[4] = kjit_sim_warp(ctx, KJIT_SIM_SHFL_XOR, ~0U, value, 16, 32, &kFirst);
    out[5] = kjit_sim_warp(ctx, KJIT_SIM_SHFL, ~0U, value, 9, 8, &kFirst);  // wraps inside a segment
    return KJIT_OK;
  };
  std::array<std::array<uint64_t, 6>, 64> out{};
  ASSERT_EQ(run(body, out.data(), 64), KJIT_OK) << message();
  for (uint64_t i = 0; i < 64; ++i) {
    const uint64_t warp = i / 32 * 32, lane = i % 32;
    EXPECT_EQ(out[i][0], 100 + warp + 5);
    EXPECT_EQ(out[i][1], 100 + (lane < 2 ? i : i - 2));
    EXPECT_EQ(out[i][2], 100 + (i % 8 == 7 ? i : i + 1));
    EXPECT_EQ(out[i][3], i % 8 == 7 ? 0u : 1u);
    EXPECT_EQ(out[i][4], 100 + warp + (lane ^ 16));
    EXPECT_EQ(out[i][5], 100 + i / 8 * 8 + 1);
  }
}

TEST_F(Simulator, VotesAndMatches) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    const int32_t i = thread_x(ctx);
    if (i == 31) return KJIT_OK;  // one that has ended takes no part
    auto* out = data<uint64_t>(slots) + 7 * i;
    out[0] = kjit_sim_warp(ctx, KJIT_SIM_ALL, ~0U, i < 31, 0, 32, &kFirst);
    out[1] = kjit_sim_warp(ctx, KJIT_SIM_ANY, ~0U, i == 31, 0, 32, &kFirst);
    out[2] = kjit_sim_warp(ctx, KJIT_SIM_EQ, ~0U, i == 3, 0, 32, &kFirst);
    out[3] = kjit_sim_warp(ctx, KJIT_SIM_BALLOT, ~0U, i % 2 == 0, 0, 32, &kFirst);
    out[4] = kjit_sim_warp(ctx, KJIT_SIM_MATCH_ANY, ~0U, i < 4, 0, 32, &kFirst);
    out[5] = kjit_sim_warp(ctx, KJIT_SIM_MATCH_ALL, ~0U, 7, 0, 32, &kFirst);
    out[6] = i < 8 ? kjit_sim_warp(ctx, KJIT_SIM_ACTIVEMASK, 0, 0, 0, 32, &kFirst)
                   : kjit_sim_warp(ctx, KJIT_SIM_ACTIVEMASK, 0, 0, 0, 32, &kSecond);
    return KJIT_OK;
  };
  std::array<std::array<uint64_t, 7>, 32> out{};
  ASSERT_EQ(run(body, out.data(), 32), KJIT_OK) << message();
  EXPECT_EQ(out[0], (std::array<uint64_t, 7>{1, 0, 0, 0x55555555, 0xF, 0x7FFFFFFF, 0xFF}));
  EXPECT_EQ(out[30], (std::array<uint64_t, 7>{1, 0, 0, 0x55555555, 0x7FFFFFF0, 0x7FFFFFFF, 0x7FFFFF00}));
}

// Half of the warp on its own, with a mask that says so.
TEST_F(Simulator, MasksSplitAWarp) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    const int32_t i = thread_x(ctx);
    const uint32_t mask = i < 16 ? 0xFFFFU : 0xFFFF0000U;
    data<uint64_t>(slots)[i] =
        kjit_sim_warp(ctx, KJIT_SIM_BALLOT, mask, i % 4 == 0, 0, 32, i < 16 ? &kFirst : &kSecond);
    return KJIT_OK;
  };
  std::array<uint64_t, 32> out{};
  ASSERT_EQ(run(body, out.data(), 32), KJIT_OK) << message();
  EXPECT_EQ(out[3], 0x1111u);
  EXPECT_EQ(out[20], 0x11110000u);
}

TEST_F(Simulator, ThreadsThatEndBeforeABarrierDiverge) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t*) -> int32_t {
    if (thread_x(ctx) == 5) return KJIT_OK;
    kjit_sim_barrier(ctx, KJIT_SIM_SYNC, 0, &kFirst);
    return KJIT_OK;
  };
  EXPECT_EQ(run(body, nullptr, 40, 2), KJIT_RUNTIME_ERROR);
  EXPECT_EQ(line(), 10);
  EXPECT_EQ(message(),
            "divergent barrier: not all threads of the block come here; thread (5, 0, 0) has ended, in "
            "thread (0, 0, 0) of block (0, 0, 0)");
}

TEST_F(Simulator, ThreadsAtDifferentBarriersDiverge) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t*) -> int32_t {
    kjit_sim_barrier(ctx, KJIT_SIM_SYNC, 0, thread_x(ctx) < 7 ? &kFirst : &kSecond);
    return KJIT_OK;
  };
  EXPECT_EQ(run(body, nullptr, 8), KJIT_RUNTIME_ERROR);
  EXPECT_THAT(message(), HasSubstr("thread (7, 0, 0) waits at the barrier of line 20"));
}

TEST_F(Simulator, ALaneThatDoesNotComeDiverges) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t*) -> int32_t {
    if (thread_x(ctx) == 3) {
      kjit_sim_barrier(ctx, KJIT_SIM_SYNC, 0, &kSecond);
    } else {
      kjit_sim_warp(ctx, KJIT_SIM_SYNCWARP, ~0U, 0, 0, 32, &kFirst);
    }
    return KJIT_OK;
  };
  EXPECT_EQ(run(body, nullptr, 32), KJIT_RUNTIME_ERROR);
  EXPECT_THAT(message(), HasSubstr("divergent warp operation: not all threads of the mask come here; thread (3, 0, 0) "
                                   "waits at the barrier of line 20"));
}

TEST_F(Simulator, RacesHaveBothPlaces) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    auto* x = data<float>(slots);
    x[0] = static_cast<float>(thread_x(ctx));
    kjit_sim_write(ctx, x, 4, thread_x(ctx) == 0 ? &kFirst : &kSecond);
    return KJIT_OK;
  };
  float x = -1;
  EXPECT_EQ(run(body, &x, 1, 8), KJIT_OK) << "blocks are not compared";
  EXPECT_EQ(run(body, &x, 2), KJIT_RUNTIME_ERROR);
  EXPECT_EQ(line(), 20);
  EXPECT_EQ(message(),
            "race: writes the element of global memory that thread (0, 0, 0) wrote in line 10, with no "
            "barrier between them, in thread (1, 0, 0) of block (0, 0, 0)");
}

TEST_F(Simulator, TheSameValueAndAtomicsAreNoRace) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    auto* x = data<int32_t>(slots);
    x[0] = 7;
    kjit_sim_write(ctx, x, 4, &kFirst);
    x[1] += 1;
    kjit_sim_atomic(ctx, x + 1, 4, &kFirst);
    auto* bytes = reinterpret_cast<uint8_t*>(x + 2);
    bytes[thread_x(ctx)] = 1;  // neighbours within a word
    kjit_sim_write(ctx, bytes + thread_x(ctx), 1, &kFirst);
    return KJIT_OK;
  };
  std::array<int32_t, 18> x{};
  EXPECT_EQ(run(body, x.data(), 64), KJIT_OK) << message();
  EXPECT_EQ(x[1], 64);
}

// Within a warp, its operations order; another warp needs a barrier.
TEST_F(Simulator, WarpOperationsOrderTheirLanes) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    const int32_t i = thread_x(ctx), to = data<int32_t>(slots)[0];
    auto* shared = static_cast<int32_t*>(kjit_sim_shared(ctx, &kFirst, 64 * 4));
    shared[i] = i;
    kjit_sim_write(ctx, shared + i, 4, &kFirst);
    kjit_sim_warp(ctx, KJIT_SIM_SYNCWARP, ~0U, 0, 0, 32, &kFirst);
    kjit_sim_read(ctx, shared + (i + to) % 64, 4, &kSecond);
    return KJIT_OK;
  };
  int32_t to = 0;
  const Body within = [](kjit_ctx* ctx, void*, const uint64_t*) -> int32_t {
    const int32_t i = thread_x(ctx);
    auto* shared = static_cast<int32_t*>(kjit_sim_shared(ctx, &kFirst, 64 * 4));
    shared[i] = i;
    kjit_sim_write(ctx, shared + i, 4, &kFirst);
    kjit_sim_warp(ctx, KJIT_SIM_SYNCWARP, ~0U, 0, 0, 32, &kFirst);
    kjit_sim_read(ctx, shared + (i ^ 1), 4, &kSecond);
    return KJIT_OK;
  };
  EXPECT_EQ(run(within, nullptr, 64), KJIT_OK) << message();
  to = 32;
  EXPECT_EQ(run(body, &to, 64), KJIT_RUNTIME_ERROR);
  EXPECT_THAT(message(), HasSubstr("shared memory"));
}

TEST_F(Simulator, ReadsOfSharedMemoryNeedAWrite) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    auto* shared = static_cast<double*>(kjit_sim_shared(ctx, nullptr, 0));
    const int32_t block = self(ctx).place[3];
    if (block == 0) {
      shared[1] = 1;
      kjit_sim_write(ctx, shared + 1, 8, &kFirst);
    }
    kjit_sim_read(ctx, shared + 1, 8, &kSecond);
    data<double>(slots)[0] = static_cast<double>(block);
    return KJIT_OK;
  };
  double last = -1;
  EXPECT_EQ(run(body, &last, 1, 2, 64), KJIT_RUNTIME_ERROR) << "what another block wrote does not count";
  EXPECT_EQ(last, 0);
  EXPECT_EQ(message(),
            "a read of shared memory that no thread of the block has written, in thread (0, 0, 0) of block "
            "(1, 0, 0)");
}

// A thread that waits for what a later one writes gets it.
TEST_F(Simulator, WaitingInALoopLetsOthersRun) {
  const Body body = [](kjit_ctx* ctx, void*, const uint64_t* slots) -> int32_t {
    auto* flag = data<volatile int32_t>(slots);
    if (thread_x(ctx) == 3) {
      *flag = 1;
      kjit_sim_atomic(ctx, const_cast<int32_t*>(flag), 4, &kFirst);
    } else {
      while (*flag == 0) kjit_sim_atomic(ctx, const_cast<int32_t*>(flag), 4, &kSecond);
    }
    return KJIT_OK;
  };
  int32_t flag = 0;
  EXPECT_EQ(run(body, &flag, 4), KJIT_OK) << message();
}

TEST_F(Simulator, RefusesGridsThatNoDeviceHas) {
  const Body body = [](kjit_ctx*, void*, const uint64_t*) -> int32_t { return KJIT_OK; };
  EXPECT_EQ(run(body, nullptr, 0), KJIT_VALUE_ERROR);
  EXPECT_EQ(run(body, nullptr, 1025), KJIT_VALUE_ERROR);
  EXPECT_EQ(run(body, nullptr, 1, 1, 1 << 20), KJIT_VALUE_ERROR);
  EXPECT_THAT(message(), HasSubstr("1048576 bytes of shared memory"));
  EXPECT_EQ(run(body, nullptr, 1024, 100), KJIT_OK);
}

}  // namespace
}  // namespace kjit::rt
