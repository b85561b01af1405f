// One compile per key, whoever asks; failures reach everybody who waited and are forgotten.
#include "driver/specialisations.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "driver/engine_core.h"

namespace kjit::driver {
namespace {

class SpecialisationsTest : public ::testing::Test {
 protected:
  sema::TypeContext types;
  Specialisations table;
  Specialisations::Key key(std::vector<sema::TypeRef> arguments) { return {nullptr, nullptr, std::move(arguments)}; }
};

TEST_F(SpecialisationsTest, CompilesAKeyOnce) {
  int compiled = 0;
  auto compile = [&] { return ++compiled, std::make_shared<const detail::Code>(); };
  auto first = table.get(key({types.int64()}), compile);
  EXPECT_EQ(first, table.get(key({types.int64()}), compile));
  EXPECT_EQ(compiled, 1);
  EXPECT_NE(first, table.get(key({types.float64()}), compile));
  EXPECT_NE(first, table.get(key({types.py_int()}), compile)) << "weak and strong are different types";
  EXPECT_EQ(compiled, 3);
}

TEST_F(SpecialisationsTest, OneThreadCompilesOthersWait) {
  std::atomic<int> compiled = 0;
  std::vector<Specialisations::CodePtr> got(8);
  {
    std::vector<std::jthread> threads;
    for (auto& slot : got)
      threads.emplace_back([&] {
        slot = table.get(key({types.float64()}), [&] {
          ++compiled;
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          return std::make_shared<const detail::Code>();
        });
      });
  }
  EXPECT_EQ(compiled, 1);
  for (const auto& code : got) EXPECT_EQ(code, got[0]);
}

TEST_F(SpecialisationsTest, AFailureIsForgotten) {
  EXPECT_THROW(table.get(key({}), []() -> Specialisations::CodePtr { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(table.find(key({})), nullptr);
  EXPECT_NE(table.get(key({}), [] { return std::make_shared<const detail::Code>(); }), nullptr);
}

TEST_F(SpecialisationsTest, EachThreadThatWaitedHasAnErrorOfItsOwn) {
  std::atomic<int> thrown = 0;
  std::mutex mutex;
  std::set<const Error*> objects;
  std::latch all(4);
  {
    std::vector<std::jthread> threads;
    for (int k = 0; k < 4; ++k)
      threads.emplace_back([&] {
        try {
          table.get(key({types.float64()}), [&]() -> Specialisations::CodePtr {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            throw Error(ErrorKind::Compile, "no");
          });
        } catch (const Error& e) {
          thrown += e.message() == "no";
          {
            const std::lock_guard lock(mutex);
            objects.insert(&e);
          }
          all.arrive_and_wait();  // none is freed before all are counted
        }
      });
  }
  EXPECT_EQ(thrown, 4);
  EXPECT_EQ(objects.size(), 4u);
}

}  // namespace
}  // namespace kjit::driver
