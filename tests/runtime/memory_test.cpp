// Blocks, owners, limits, and what happens when memory runs out.
#include <gtest/gtest.h>
#include <kjit_rt/core.h>
#include <pthread.h>

#include <cstring>
#include <thread>
#include <vector>

namespace {

class Memory : public ::testing::Test {
 protected:
  void SetUp() override { before_ = kjit_rt_live_blocks(); }
  void TearDown() override {
    kjit_ctx_destroy(&ctx_);
    EXPECT_EQ(kjit_rt_live_blocks(), before_) << "blocks leaked";
  }
  int64_t live() const { return kjit_rt_live_blocks() - before_; }

  kjit_ctx ctx_{};
  int64_t before_ = 0;
};

TEST_F(Memory, BlocksAreAlignedAndWritable) {
  for (int64_t bytes : {0, 1, 7, 64, 100, 4096, 200000, 5 << 20}) {
    void* owner = nullptr;
    auto* data = static_cast<unsigned char*>(kjit_rt_alloc(&ctx_, bytes, 0, &owner, nullptr));
    ASSERT_NE(data, nullptr);
    ASSERT_NE(owner, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(data) % 64, 0u);
    std::memset(data, 0xAB, static_cast<size_t>(bytes));
    EXPECT_EQ(live(), 1);
    kjit_rt_release(owner);
    EXPECT_EQ(live(), 0);
  }
}

TEST_F(Memory, LargeBlocksAreReusedAcrossSizesAndThreads) {
  constexpr int64_t kBytes = 300000;
  std::vector<std::jthread> threads;
  for (int k = 0; k < 4; ++k) {
    threads.emplace_back([k] {
      kjit_ctx ctx{};
      for (int round = 0; round < 200; ++round) {
        const int64_t bytes = kBytes + 1000 * ((round + k) % 7);
        void* owners[3];
        unsigned char* data[3];
        for (int i = 0; i < 3; ++i) {
          data[i] = static_cast<unsigned char*>(kjit_rt_alloc(&ctx, bytes, i == 1, &owners[i], nullptr));
          ASSERT_NE(data[i], nullptr);
          if (i == 1) ASSERT_EQ(data[i][bytes - 1] | data[i][0] | data[i][bytes / 2], 0);
          std::memset(data[i], k * 3 + i + 1, static_cast<size_t>(bytes));
        }
        for (int i = 0; i < 3; ++i) {
          ASSERT_EQ(data[i][0], k * 3 + i + 1);
          ASSERT_EQ(data[i][bytes - 1], k * 3 + i + 1);
          kjit_rt_release(owners[i]);
        }
      }
      kjit_ctx_destroy(&ctx);
    });
  }
}

// More than is kept, and larger than is kept at all.
TEST_F(Memory, WhatIsKeptHasALimit) {
  std::vector<void*> owners(40);
  for (void*& owner : owners) ASSERT_NE(kjit_rt_alloc(&ctx_, 8 << 20, 0, &owner, nullptr), nullptr);
  for (void* owner : owners) kjit_rt_release(owner);
  void* owner = nullptr;
  ASSERT_NE(kjit_rt_alloc(&ctx_, 80 << 20, 1, &owner, nullptr), nullptr);
  kjit_rt_release(owner);
}

TEST_F(Memory, ZeroedBlocksAreZeroAlsoWhenMemoryIsReused) {
  for (int round = 0; round < 3; ++round) {
    for (int64_t bytes : {48, 5000, 300000, 8 << 20}) {
      void* owner = nullptr;
      auto* data = static_cast<unsigned char*>(kjit_rt_alloc(&ctx_, bytes, 1, &owner, nullptr));
      ASSERT_NE(data, nullptr);
      int64_t wrong = 0;
      for (int64_t i = 0; i < bytes; ++i) wrong += data[i] != 0;
      EXPECT_EQ(wrong, 0);
      std::memset(data, 0xFF, static_cast<size_t>(bytes));
      kjit_rt_release(owner);
    }
  }
}

TEST_F(Memory, LastReleaseFrees) {
  void* owner = nullptr;
  ASSERT_NE(kjit_rt_alloc(&ctx_, 100, 0, &owner, nullptr), nullptr);
  kjit_rt_retain(owner);
  kjit_rt_release(owner);
  EXPECT_EQ(live(), 1);
  kjit_rt_release(owner);
  EXPECT_EQ(live(), 0);
  kjit_rt_retain(nullptr);
  kjit_rt_release(nullptr);
}

TEST_F(Memory, ImpossibleSizesAreMemoryErrors) {
  const kjit_location place = {"k.py", "f", 1, 1, 1, 2};
  for (int64_t bytes : {int64_t{-1}, INT64_MIN, INT64_MAX, INT64_MAX - 127, int64_t{1} << 60}) {
    void* owner = &ctx_;
    EXPECT_EQ(kjit_rt_alloc(&ctx_, bytes, bytes & 1, &owner, &place), nullptr);
    EXPECT_EQ(owner, nullptr);
    EXPECT_EQ(ctx_.error.kind, KJIT_MEMORY_ERROR);
    EXPECT_EQ(ctx_.error.location, &place);
  }
  EXPECT_STREQ(ctx_.error.message, "unable to allocate 1152921504606846976 bytes");
}

TEST_F(Memory, TheNthAllocationFailsWhenAsked) {
  void* owners[3] = {};
  kjit_rt_fail_allocation(2);
  EXPECT_NE(kjit_rt_alloc(&ctx_, 8, 0, &owners[0], nullptr), nullptr);
  EXPECT_EQ(kjit_rt_alloc(&ctx_, 8, 0, &owners[1], nullptr), nullptr);
  EXPECT_EQ(ctx_.error.kind, KJIT_MEMORY_ERROR);
  EXPECT_NE(kjit_rt_alloc(&ctx_, 8, 0, &owners[2], nullptr), nullptr);
  kjit_rt_release(owners[0]);
  kjit_rt_release(owners[2]);
  kjit_rt_fail_allocation(1);
  EXPECT_EQ(kjit_rt_wrap(nullptr, nullptr), nullptr);
  kjit_rt_fail_allocation(1);
  kjit_rt_fail_allocation(0);
  EXPECT_NE(kjit_rt_alloc(&ctx_, 8, 0, &owners[0], nullptr), nullptr);
  kjit_rt_release(owners[0]);
}

TEST_F(Memory, FailingAllocationConcernsTheCallingThreadOnly) {
  kjit_rt_fail_allocation(1);
  std::thread([] {
    kjit_ctx ctx{};
    void* owner = nullptr;
    EXPECT_NE(kjit_rt_alloc(&ctx, 8, 0, &owner, nullptr), nullptr);
    kjit_rt_release(owner);
  }).join();
  kjit_rt_fail_allocation(0);
}

TEST_F(Memory, LimitHoldsForWhatIsAliveAtOnce) {
  ctx_.memory_limit = 1000;
  void* a = nullptr;
  void* b = nullptr;
  ASSERT_NE(kjit_rt_alloc(&ctx_, 600, 0, &a, nullptr), nullptr);
  EXPECT_EQ(ctx_.memory_used, 600);
  EXPECT_EQ(kjit_rt_alloc(&ctx_, 401, 0, &b, nullptr), nullptr);
  EXPECT_STREQ(ctx_.error.message,
               "unable to allocate 401 bytes: the memory limit is 1000 bytes, of which 600 are in use");
  EXPECT_EQ(kjit_rt_alloc(&ctx_, INT64_MAX - 4096, 0, &b, nullptr), nullptr);
  ASSERT_NE(kjit_rt_alloc(&ctx_, 400, 0, &b, nullptr), nullptr);
  kjit_rt_release(a);
  EXPECT_EQ(kjit_ctx_memory_used(&ctx_), 400);
  ASSERT_NE(kjit_rt_alloc(&ctx_, 600, 0, &a, nullptr), nullptr);
  kjit_rt_release(a);
  kjit_rt_release(b);
  EXPECT_EQ(kjit_ctx_memory_used(&ctx_), 0);
}

TEST_F(Memory, FailedAllocationIsNotCharged) {
  ctx_.memory_limit = 1000;
  void* a = nullptr;
  kjit_rt_fail_allocation(1);
  EXPECT_EQ(kjit_rt_alloc(&ctx_, 600, 0, &a, nullptr), nullptr);
  EXPECT_EQ(kjit_ctx_memory_used(&ctx_), 0);
}

TEST_F(Memory, ChargedBlockOutlivesItsContext) {
  void* owner = nullptr;
  {
    kjit_ctx ctx{};
    kjit_ctx_init(&ctx);
    kjit_ctx_limit_memory(&ctx, 1 << 20);
    ASSERT_NE(kjit_rt_alloc(&ctx, 1000, 0, &owner, nullptr), nullptr);
    kjit_ctx_destroy(&ctx);
    std::memset(&ctx, 0xFF, sizeof ctx);
  }
  std::thread([owner] { kjit_rt_release(owner); }).join();
}

TEST_F(Memory, NewLimitStartsCountingAnew) {
  void* a = nullptr;
  void* b = nullptr;
  kjit_ctx_limit_memory(&ctx_, 100);
  ASSERT_NE(kjit_rt_alloc(&ctx_, 100, 0, &a, nullptr), nullptr);
  kjit_ctx_limit_memory(&ctx_, 100);
  ASSERT_NE(kjit_rt_alloc(&ctx_, 100, 0, &b, nullptr), nullptr);
  kjit_rt_release(a);
  EXPECT_EQ(kjit_ctx_memory_used(&ctx_), 100);
  kjit_rt_release(b);
}

TEST_F(Memory, ForeignMemoryIsReleasedOnceByTheLastReference) {
  int calls = 0;
  void* owner = kjit_rt_wrap([](void* user) { ++*static_cast<int*>(user); }, &calls);
  ASSERT_NE(owner, nullptr);
  kjit_rt_retain(owner);
  kjit_rt_release(owner);
  EXPECT_EQ(calls, 0);
  kjit_rt_release(owner);
  EXPECT_EQ(calls, 1);
}

TEST_F(Memory, OwnersAreSharedBetweenThreads) {
  void* owner = nullptr;
  ASSERT_NE(kjit_rt_alloc(&ctx_, 64, 0, &owner, nullptr), nullptr);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    kjit_rt_retain(owner);
    threads.emplace_back([owner] {
      for (int i = 0; i < 10000; ++i) {
        kjit_rt_retain(owner);
        kjit_rt_release(owner);
      }
      kjit_rt_release(owner);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(live(), 1);
  kjit_rt_release(owner);
}

TEST(StackLimit, LiesInsideTheStackOfTheThread) {
  auto check = [] {
    kjit_ctx ctx{};
    kjit_ctx_init(&ctx);
    ASSERT_NE(ctx.stack_limit, nullptr);
    char here = 0;
    EXPECT_LT(ctx.stack_limit, &here + (1 << 20));
    pthread_attr_t attributes;
    ASSERT_EQ(pthread_getattr_np(pthread_self(), &attributes), 0);
    void* low = nullptr;
    size_t size = 0;
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    EXPECT_GE(ctx.stack_limit, static_cast<char*>(low) + (256 << 10));
    EXPECT_LE(ctx.stack_limit, static_cast<char*>(low) + (512 << 10));
    kjit_ctx_destroy(&ctx);
  };
  check();
  std::thread(check).join();
}

}  // namespace
