// Objects loaded without LLVM's linker: the same results, and a damaged one is an error.
#include <gtest/gtest.h>

#include <cmath>

#include "load/image.h"
#include "load/symbols.h"
#include "support/kir_kernels.h"

namespace kjit::test {
namespace {

// Exponentials of a float64 vector, added up: calls of outside functions, constants, loops.
jit::Kept make_kept() {
  sema::TypeContext types;
  kir::Module module;
  Kernel k(types, module, "sum");
  k.f->result = types.float64();
  ExprRef x = k.param("x", types.array(Scalar::F64, 1, Layout::C));
  const VarId s = k.local("s", types.float64()), i = k.local("i", types.int64());
  k.assign(s, k.real(0));
  k.loop(i, k.dim(x, 0), [&] {
    ExprRef e = k.math(kir::MathFn::atan, {k.load(x, {k.var(i)})});
    k.assign(s, k.op(Op::Add, k.var(s), e));
  });
  k.ret(k.op(Op::Mul, k.var(s), k.real(0.7)));
  const jit::BackendOptions options;
  const std::unique_ptr<jit::Backend> backend(kjit_llvm_backend_create(jit::kBackendAbi, &options));
  jit::Kept kept;
  backend->compile(module, {}, nullptr, &kept);
  return kept;
}

TEST(Kept, ObjectsRunWhereTheyArePlaced) {
  const jit::Kept kept = make_kept();
  EXPECT_TRUE(kept.lanes) << "atan has vector forms";
  const load::Image image(kept.object, load::find_symbol);
  auto sum = reinterpret_cast<int32_t (*)(kjit_ctx*, void*, void*, void*, int64_t, int64_t)>(image.address("kjit.sum"));
  ASSERT_NE(sum, nullptr);
  EXPECT_NE(image.address("kjit.sum.packed"), nullptr);
  EXPECT_EQ(image.address("kjit.product"), nullptr);
  Context ctx;
  double data[9] = {}, result = 0, wanted = 0;
  for (int i = 0; i < 9; ++i) data[i] = 0.3 * i, wanted += std::atan(0.3 * i);
  EXPECT_EQ(sum(ctx.get(), &result, data, nullptr, 9, 8), KJIT_OK);
  EXPECT_NEAR(result, 0.7 * wanted, 1e-14);
}

TEST(Kept, WhatIsNotThereIsNamed) {
  const jit::Kept kept = make_kept();
  try {
    const load::Image image(kept.object, [](const std::string&) -> void* { return nullptr; });
    FAIL() << "bound to nothing";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("which is not there"), std::string::npos) << error.what();
  }
}

// The cache would not give such objects out; here they are placed all the same, and never run.
TEST(Kept, DamagedObjectsAreErrorsOrPlaced) {
  const std::string good = make_kept().object;
  int errors = 0;
  const auto place = [&](const std::string& object) {
    try {
      const load::Image image(object, load::find_symbol);
    } catch (const std::runtime_error&) {
      ++errors;
    }
  };
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (i % 2 ? 0xff : 0x81));
    place(bad);
  }
  EXPECT_GT(errors, 100);
  errors = 0;
  for (size_t length = 0; length < good.size(); length += 3) place(good.substr(0, length));
  EXPECT_EQ(errors, static_cast<int>((good.size() + 2) / 3)) << "the table of sections stands at the end";
}

}  // namespace
}  // namespace kjit::test
