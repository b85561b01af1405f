// DWARF: lines of statements and expressions, named variables. Built only when asked for.
#pragma once

#include <llvm/IR/DIBuilder.h>

#include <map>

#include "lower/function.h"

namespace kjit::lower {

class DebugInfo {
 public:
  DebugInfo(llvm::Module& module, const Options& options);
  void begin_function(FunctionLowering& f, llvm::Function* function);
  // A function that LLVM alone knows around one of the program, and the place of what it does.
  llvm::DebugLoc begin_wrapper(const kir::Function& of, llvm::Function* function);
  void set_place(FunctionLowering& f, source::Span span);
  // `argument`: one-based number of a parameter; 0: a local variable. `slots`: where its parts live.
  void declare_variable(FunctionLowering& f, VarId var, const Parts& slots, unsigned argument);
  void finish();

 private:
  llvm::DISubprogram* subprogram(const kir::Function& of, llvm::Function* function);
  llvm::DIFile* file_of(const kir::Function& function);
  llvm::DIType* number_type(Scalar real);
  llvm::DIType* part_type(Part part, Scalar element);
  llvm::DIType* variable_type(const kir::Var& v, const PartList& parts);

  llvm::DIBuilder builder_;
  bool optimized_, device_;
  llvm::DICompileUnit* unit_ = nullptr;
  llvm::DISubprogram* scope_ = nullptr;
  std::map<std::string, llvm::DIFile*> files_;
};

}  // namespace kjit::lower
