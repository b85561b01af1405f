// What pass `parallel` tells people of each loop over prange and each statement on arrays.
#pragma once

#include <vector>

#include "passes/region.h"
#include "passes/remarks.h"

namespace kjit::passes {

class ParallelReport {
 public:
  // `remarks`: null when nobody asks; the rest does nothing then.
  ParallelReport(const kir::Function& f, std::vector<Remark>* remarks)
      : f_(f), remarks_(f.file && f.parallel && !f.lazy && !f.library ? remarks : nullptr) {}

  // A loop that may be a region was looked at: it says why it is none, if so.
  void collapsed(const kir::Stmt& loop, const kir::Stmt& inner);
  void analysed(const kir::Stmt& loop, const Region& region);
  // It is one. `nanoseconds`: the estimate; `trips`: its number of iterations.
  void region(const kir::Stmt& loop, const Region& region, kir::ExprRef nanoseconds, kir::ExprRef trips);
  // A statement that is no region, and stands in none.
  void left(const kir::Stmt& s);
  // Statements on arrays of which no form became a region.
  void finish();

 private:
  void say(Remark::Kind kind, const kir::Stmt& s, std::string text);
  void inside(const kir::Block& body);
  std::string name(const kir::Stmt& loop) const;
  std::string named(kir::VarId v) const;

  const kir::Function& f_;
  std::vector<Remark>* remarks_;
  std::vector<Remark> serial_;
};

}  // namespace kjit::passes
