// Objects become shared objects inside the process: loaded and called, complete or not, the same bytes, many threads.
#include "codegen/shared_object.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <link.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/SourceMgr.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <thread>

#include "codegen/pipeline.h"
#include "codegen/target.h"

namespace kjit::test {
namespace {

using codegen::link_shared_object;

std::string object_of(const std::string& ir) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic problem;
  const auto module = llvm::parseAssemblyString(ir, problem, context);
  if (!module) throw std::runtime_error(problem.getMessage().str());
  const auto machine = codegen::make_target_machine(codegen::resolve("x86-64", ""), 3);
  module->setTargetTriple(machine->getTargetTriple());
  module->setDataLayout(machine->createDataLayout());
  const auto bytes = codegen::generate(*module, *machine, codegen::FileType::Object);
  return {bytes.begin(), bytes.end()};
}

std::string link_one(const std::string& object, const codegen::SharedObjectOptions& options = {}) {
  const std::string_view objects[] = {object};
  return link_shared_object(objects, options);
}

class Loaded {
 public:
  explicit Loaded(const std::string& bytes) : file_(memfd_create("test", MFD_CLOEXEC)) {
    EXPECT_EQ(write(file_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    handle_ = dlopen(("/proc/self/fd/" + std::to_string(file_)).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle_) ADD_FAILURE() << dlerror();
  }
  ~Loaded() {
    if (handle_) dlclose(handle_);
    close(file_);
  }
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  template <typename F>
  F* find(const char* name) const {
    return handle_ ? reinterpret_cast<F*>(dlsym(handle_, name)) : nullptr;
  }

 private:
  int file_;
  void* handle_ = nullptr;
};

constexpr const char* kTwice = R"(
define i64 @twice(i64 %x) {
  %y = call i64 @inside(i64 %x)
  ret i64 %y
}
define hidden i64 @inside(i64 %x) {
  %y = add i64 %x, %x
  ret i64 %y
})";

std::string file_of_libm() {
  void* libm = dlopen("libm.so.6", RTLD_LAZY);
  link_map* map = nullptr;
  dlinfo(libm, RTLD_DI_LINKMAP, &map);
  std::string path = map->l_name;
  dlclose(libm);
  return path;
}

TEST(SharedObject, IsLoadedAndCalled) {
  const Loaded library(link_one(object_of(kTwice)));
  auto* twice = library.find<int64_t(int64_t)>("twice");
  ASSERT_NE(twice, nullptr);
  EXPECT_EQ(twice(21), 42);
  EXPECT_EQ(library.find<void>("inside"), nullptr);  // hidden
}

TEST(SharedObject, IsMadeOfSeveralObjects) {
  const std::string first = object_of(kTwice);
  const std::string second = object_of(
      "define i64 @four(i64 %x) { %y = call i64 @twice(i64 %x)\n %z = call i64 "
      "@twice(i64 %y)\n ret i64 %z }\n declare i64 @twice(i64)");
  const std::string_view objects[] = {first, second};
  const Loaded library(link_shared_object(objects));
  auto* four = library.find<int64_t(int64_t)>("four");
  ASSERT_NE(four, nullptr);
  EXPECT_EQ(four(3), 12);
}

TEST(SharedObject, NamesTheLibrariesThatItNeeds) {
  const std::string object = object_of(
      "define double @f(double %x) { %y = call double @cos(double %x)\n ret double %y }\n declare double @cos(double)");
  const std::string bytes = link_one(object, {.soname = "libf.so", .libraries = {file_of_libm()}, .complete = true});
  EXPECT_THAT(bytes, testing::HasSubstr("libm.so.6"));
  EXPECT_THAT(bytes, testing::HasSubstr("libf.so"));
  const Loaded library(bytes);
  auto* f = library.find<double(double)>("f");
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f(0), 1);
  EXPECT_THAT(link_one(object_of(kTwice), {.libraries = {file_of_libm()}}),
              testing::Not(testing::HasSubstr("libm.so.6")));
}

TEST(SharedObject, WhatIsMissingIsAnErrorWhereItIsToBeComplete) {
  const std::string object =
      object_of("define void @f() { call void @nowhere()\n ret void }\n declare void @nowhere()");
  EXPECT_NO_THROW(link_one(object));
  try {
    link_one(object, {.complete = true});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("undefined symbol: nowhere"));
  }
  EXPECT_THROW(link_one(object_of(kTwice), {.libraries = {"/nowhere/lib.so"}}), std::runtime_error);
  EXPECT_NO_THROW(link_one(object_of(kTwice)));  // and the next one works
}

TEST(SharedObject, IsTheSameBytesAgain) {
  const std::string object = object_of(kTwice);
  EXPECT_EQ(link_one(object), link_one(object));
  EXPECT_EQ(object, object_of(kTwice));
}

TEST(SharedObject, LeavesOptionsOfLlvmAndSignalsAlone) {
  struct sigaction before = {};
  struct sigaction after = {};
  sigaction(SIGTERM, nullptr, &before);
  link_one(object_of(kTwice));
  sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  auto* lsr = static_cast<llvm::cl::opt<bool>*>(llvm::cl::getRegisteredOptions().lookup("disable-lsr"));
  ASSERT_NE(lsr, nullptr);
  EXPECT_TRUE(lsr->getValue());
}

TEST(SharedObject, MayBeLargerThanAPipe) {
  const std::string bytes =
      link_one(object_of("@data = constant [3000000 x i8] c\"" + std::string(3000000, 'k') + "\""));
  EXPECT_GT(bytes.size(), 3000000);
  const Loaded library(bytes);
  const char* data = library.find<char>("data");
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(std::string_view(data, 3000000), std::string(3000000, 'k'));
}

TEST(SharedObject, IsMadeByManyThreads) {
  std::vector<std::string> made(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& m : made) threads.emplace_back([&m] { m = link_one(object_of(kTwice)); });
  }
  for (const std::string& m : made) EXPECT_EQ(m, made[0]);
  EXPECT_FALSE(made[0].empty());
}

}  // namespace
}  // namespace kjit::test
