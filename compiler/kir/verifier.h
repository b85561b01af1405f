// One function's invariants (verifier.cpp lists them): for the files that check them only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::kir {

inline bool is_scalar_of(TypeRef t, Scalar s) { return t && t->is_scalar() && t->scalar == s; }
inline bool is_boolean(ExprRef e) { return e && is_scalar_of(e->type, Scalar::Bool); }
inline bool is_int64(ExprRef e) { return e && is_scalar_of(e->type, Scalar::I64); }

class Verifier {
 public:
  Verifier(const Module& module, const Function& f, std::vector<std::string>& out)
      : module_(module), f_(f), out_(out) {}

  void run();

 private:
  void report(int rule, const std::string& what);
  void require(bool fine, int rule, const Expr& e);
  bool require(bool fine, int rule, const Stmt& s, const char* what);

  void expr(ExprRef e);
  bool well_formed(const Expr& e);
  void scalar_operation(const Expr& e);
  void aggregate(const Expr& e);
  void array(const Expr& e);
  void view(const Expr& e);
  void block(const Block& b, int loops);
  void stmt(const Stmt& s, int loops);
  void array_stmt(const Stmt& s);
  void call(const Stmt& s);
  void parallel(const Stmt& s);
  void library(const Stmt& s);
  void device(const Stmt& s);
  void map(const Stmt& s);
  void assigned(const Stmt& s);
  bool reaches_end(const Block& b) const;
  static bool breaks(const Block& b);

  const Module& module_;
  const Function& f_;
  std::vector<std::string>& out_;
  std::set<const Stmt*> seen_;
};

}  // namespace kjit::kir
