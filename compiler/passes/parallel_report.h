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
  // It shares the region of `first`.
  void merged(const kir::Stmt& loop, const kir::Stmt& first, const Region& region);
  // What is made from here on is another form of what was told.
  void quiet(bool on) { quiet_ = on; }
  // A statement that is no region, and stands in none.
  void left(const kir::Stmt& s);
  // Statements on arrays of which no form became a region.
  void finish();

 private:
  void say(Remark::Kind kind, const kir::Stmt& s, std::string text);
  void inside(const kir::Block& body);
  std::string name(const kir::Stmt& loop) const;
  std::string named(kir::VarId v) const;
  std::string variables(const Region& region) const;  // what becomes of them

  const kir::Function& f_;
  std::vector<Remark>* remarks_;
  std::vector<Remark> serial_;
  bool quiet_ = false;
};

}  // namespace kjit::passes
