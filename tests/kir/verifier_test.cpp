// The verifier names the invariant that is broken; the printer shows what stands there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kir/kir.h"
#include "kir/machine_type.h"

namespace kjit::kir {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// A module of one function f(a: array(float64, 1d, C), n: int64) -> int64 with a variable s: float64.
struct OneFunction {
  sema::TypeContext types;
  Module module;
  Function* f;
  VarId a, n, s;

  OneFunction() {
    module.functions.push_back(std::make_unique<Function>());
    f = module.functions.back().get();
    f->name = f->symbol = "f";
    f->result = types.int64();
    a = f->add_var("a", types.array(Scalar::F64, 1, Layout::C), {});
    n = f->add_var("n", types.int64(), {});
    s = f->add_var("s", types.float64(), {});
    f->params = {a, n};
    f->vars[a].is_param = f->vars[n].is_param = true;
  }
  Expr* node(Op op, TypeRef type, std::vector<ExprRef> args = {}) {
    Expr* e = f->new_expr(op, type, {});
    e->args = std::move(args);
    return e;
  }
  Expr* var(VarId v) {
    Expr* e = node(Op::Var, f->vars[v].type);
    e->var = v;
    return e;
  }
  Expr* integer(int64_t value) {
    Expr* e = node(Op::Const, types.int64());
    e->constant.i = value;
    return e;
  }
  Stmt* stmt(StmtKind kind) {
    Stmt* out = f->new_stmt(kind, {});
    f->body.push_back(out);
    return out;
  }
  void finish() { stmt(StmtKind::Return)->expr = var(n); }
};

TEST(Verifier, AcceptsWhatIsRight) {
  OneFunction t;
  t.finish();
  EXPECT_THAT(verify(t.module), IsEmpty());
}

TEST(Verifier, OperandsHaveOneType) {
  OneFunction t;
  Stmt* s = t.stmt(StmtKind::Assign);
  s->var = t.s;
  s->expr = t.node(Op::Add, t.types.float64(), {t.var(t.s), t.var(t.n)});
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 3: add(s, n)")));
}

TEST(Verifier, WeakTypesDoNotOccur) {
  OneFunction t;
  t.stmt(StmtKind::Return)->expr = t.node(Op::Undef, t.types.py_int());
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 1")));
}

TEST(Verifier, ParametersAreNotAssigned) {
  OneFunction t;
  Stmt* s = t.stmt(StmtKind::Assign);
  s->var = t.n;
  s->expr = t.integer(3);
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 7")));
}

TEST(Verifier, AssignedValuesHaveTheVariablesType) {
  OneFunction t;
  Stmt* s = t.stmt(StmtKind::Assign);
  s->var = t.s;
  s->expr = t.integer(3);
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 8")));
}

TEST(Verifier, LoadsHaveAnIndexForEachAxis) {
  OneFunction t;
  Stmt* s = t.stmt(StmtKind::Assign);
  s->var = t.s;
  s->expr = t.node(Op::Load, t.types.float64(), {t.var(t.a), t.var(t.n), t.var(t.n)});
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 10: a[n, n]")));
}

TEST(Verifier, ReadonlyArraysAreNotWritten) {
  OneFunction t;
  t.f->vars[t.a].type = t.types.array(Scalar::F64, 1, Layout::C, true);
  Stmt* s = t.stmt(StmtKind::FillArray);
  s->array = t.var(t.a);
  s->expr = t.var(t.s);
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("a read-only array is written")));
}

TEST(Verifier, ViewsConsumeAllAxes) {
  OneFunction t;
  Expr* view = t.node(Op::View, t.types.array(Scalar::F64, 1, Layout::A), {t.var(t.a)});
  view->components = {Component::All, Component::All};
  Stmt* s = t.stmt(StmtKind::FillArray);
  s->array = view;
  s->expr = t.var(t.s);
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 11")));
}

TEST(Verifier, BreakStandsInALoop) {
  OneFunction t;
  t.stmt(StmtKind::Break);
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 14")));
}

TEST(Verifier, FunctionsWithAResultDoNotFallOffTheirEnd) {
  OneFunction t;
  Stmt* s = t.stmt(StmtKind::Check);
  s->expr = t.node(Op::Lt, t.types.boolean(), {t.var(t.n), t.integer(3)});
  s->error = 2;
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 18")));
}

TEST(Verifier, CallsPassWhatTheCalleeTakes) {
  OneFunction t;
  Stmt* s = t.stmt(StmtKind::Call);
  s->exprs = {t.var(t.n)};
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 16")));
}

TEST(Verifier, AStatementStandsInOnePlace) {
  OneFunction t;
  Stmt* s = t.stmt(StmtKind::Assign);
  s->var = t.s;
  s->expr = t.node(Op::Undef, t.types.float64());
  t.f->body.push_back(s);
  t.finish();
  EXPECT_THAT(verify(t.module), Contains(HasSubstr("invariant 19")));
}

TEST(Printer, ShowsFunctionsAsText) {
  OneFunction t;
  t.f->exported = true;
  Stmt* loop = t.stmt(StmtKind::For);
  loop->var = t.f->add_var("i", t.types.int64(), {});
  loop->exprs = {t.integer(0), t.var(t.n), t.integer(1)};
  Stmt* store = t.f->new_stmt(StmtKind::Store, {});
  store->array = t.var(t.a);
  store->exprs = {t.var(loop->var)};
  store->wrap = 1;
  store->expr = t.var(t.s);
  loop->body.push_back(store);
  t.finish();
  EXPECT_THAT(verify(t.module), IsEmpty());
  EXPECT_EQ(to_string(*t.f),
            "func @f(a: array(float64, 1d, C), n: int64) -> int64 exported {\n"
            "  var s: float64\n"
            "  var i: int64\n"
            "  for i in 0, n, 1 {\n"
            "    a[i?] = s\n"
            "  }\n"
            "  return n\n"
            "}\n");
}

TEST(MachineType, ErasesWhatOnlyInferenceNeeds) {
  sema::TypeContext types;
  EXPECT_EQ(machine_type(types, types.py_int()), types.int64());
  EXPECT_EQ(machine_type(types, types.string("x")), types.none());
  EXPECT_EQ(machine_type(types, types.tuple({types.py_float(), types.dtype(Scalar::F32)})),
            types.tuple({types.float64(), types.none()}));
  EXPECT_EQ(machine_type(types, types.optional(types.py_float())), types.optional(types.float64()));
  EXPECT_EQ(machine_type(types, types.function(nullptr, nullptr, {types.py_int()})), types.tuple({types.int64()}));
  sema::Type range;
  range.kind = sema::TypeKind::Range;
  EXPECT_EQ(machine_type(types, types.intern(range)), types.homogeneous(types.int64(), 3));
}

}  // namespace
}  // namespace kjit::kir
