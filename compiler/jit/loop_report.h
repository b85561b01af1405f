// What became of each innermost loop, in terms of the source: so many lanes, or why not and what to change. Made from
// LLVM's remarks about vectorisation.
#pragma once

#include <llvm/IR/DiagnosticInfo.h>

#include <map>
#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::jit {

class LoopReport {
 public:
  explicit LoopReport(const kir::Module& module);
  void add(const llvm::DiagnosticInfoOptimizationBase& remark);
  // "file:line:column: loop: text", in the order of the files, with the line of source.
  std::string text() const;

 private:
  struct Loop {
    source::SourceFilePtr file;
    source::LineColumn at;
    source::Span extent;  // of everything in it
    bool statement = false;
    std::string lanes, reason;
  };
  void scan(const kir::Function& function, const kir::Block& block);
  Loop* find(const std::string& path, unsigned line, unsigned column);

  std::vector<Loop> loops_;
};

}  // namespace kjit::jit
