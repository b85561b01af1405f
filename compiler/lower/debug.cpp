#include "lower/debug.h"

#include <fmt/format.h>
#include <llvm/BinaryFormat/Dwarf.h>

namespace kjit::lower {

namespace {

struct Path {
  std::string directory, name;
};
Path split(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path.empty() ? "<kernel>" : path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

unsigned line_of(const kir::Function& function, source::Span span) {
  return function.file ? function.file->line_column(span.begin).line : 0;
}

}  // namespace

DebugInfo::DebugInfo(llvm::Module& module, const Options& options)
    : builder_(module), optimized_(options.optimized), device_(options.device) {
  module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  module.addModuleFlag(llvm::Module::Max, "Dwarf Version", device_ ? 2 : 5);
}

llvm::DIFile* DebugInfo::file_of(const kir::Function& function) {
  const std::string path = function.file ? function.file->path() : "";
  llvm::DIFile*& file = files_[path];
  if (file == nullptr) {
    const Path parts = split(path);
    file = builder_.createFile(parts.name, parts.directory);
  }
  if (unit_ == nullptr) {
    unit_ = builder_.createCompileUnit(
        llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C99), file, "kjit", optimized_, "", 0, "",
        device_ ? llvm::DICompileUnit::DebugDirectivesOnly : llvm::DICompileUnit::FullDebug);
  }
  return file;
}

llvm::DISubprogram* DebugInfo::subprogram(const kir::Function& of, llvm::Function* function) {
  llvm::DIFile* file = file_of(of);
  llvm::DISubroutineType* type = builder_.createSubroutineType(builder_.getOrCreateTypeArray({}));
  const unsigned line = line_of(of, of.span);
  llvm::DISubprogram* out =
      builder_.createFunction(file, of.name, function->getName(), file, line, type, line, llvm::DINode::FlagPrototyped,
                              llvm::DISubprogram::SPFlagDefinition |
                                  (optimized_ ? llvm::DISubprogram::SPFlagOptimized : llvm::DISubprogram::SPFlagZero));
  function->setSubprogram(out);
  return out;
}

void DebugInfo::begin_function(FunctionLowering& f, llvm::Function* function) {
  scope_ = subprogram(f.kir, function);
  if (!device_) function->setUWTableKind(llvm::UWTableKind::Default);
}

llvm::DebugLoc DebugInfo::begin_wrapper(const kir::Function& of, llvm::Function* function) {
  llvm::DISubprogram* scope = subprogram(of, function);
  return llvm::DILocation::get(function->getContext(), line_of(of, of.span), 1, scope);
}

void DebugInfo::set_place(FunctionLowering& f, source::Span span) {
  if (span == source::Span{} || f.kir.file == nullptr) {
    if (!f.b.getCurrentDebugLocation()) f.b.SetCurrentDebugLocation(llvm::DILocation::get(f.context(), 0, 0, scope_));
    return;
  }
  const source::LineColumn at = f.kir.file->line_column(span.begin);
  f.b.SetCurrentDebugLocation(llvm::DILocation::get(f.context(), at.line, at.column, scope_));
}

llvm::DIType* DebugInfo::number_type(Scalar real) {
  unsigned encoding = llvm::dwarf::DW_ATE_signed;
  if (sema::is_bool(real)) encoding = llvm::dwarf::DW_ATE_boolean;
  if (sema::is_unsigned(real)) encoding = llvm::dwarf::DW_ATE_unsigned;
  if (sema::is_float(real)) encoding = llvm::dwarf::DW_ATE_float;
  return builder_.createBasicType(sema::name_of(real), static_cast<uint64_t>(sema::size_of(real)) * 8, encoding);
}

llvm::DIType* DebugInfo::part_type(Part part, Scalar element) {
  switch (part.kind) {
    case PartKind::Data:
      return builder_.createPointerType(number_type(sema::real_of(element)), 64);
    case PartKind::Owner:
      return builder_.createPointerType(nullptr, 64);
    case PartKind::Shape:
    case PartKind::Stride:
      return number_type(Scalar::I64);
    case PartKind::Has:
      return number_type(Scalar::Bool);
    case PartKind::Number:
      break;
  }
  return number_type(part.scalar);
}

// Scalars are themselves; everything else is a struct of its parts, named after what they are.
llvm::DIType* DebugInfo::variable_type(const kir::Var& v, const PartList& parts) {
  if (parts.size() == 1) return part_type(parts[0], v.type->scalar);
  const BufferLayout layout = buffer_layout(parts);
  const bool is_complex = v.type->is_scalar();
  llvm::SmallVector<llvm::Metadata*, 8> members;
  int shape = 0, stride = 0, number = 0;
  for (size_t k = 0; k < parts.size(); ++k) {
    std::string name;
    switch (parts[k].kind) {
      case PartKind::Data:
        name = "data", shape = stride = 0;
        break;
      case PartKind::Owner:
        name = "owner";
        break;
      case PartKind::Shape:
        name = fmt::format("shape{}", shape++);
        break;
      case PartKind::Stride:
        name = fmt::format("stride{}", stride++);
        break;
      case PartKind::Has:
        name = "has";
        break;
      case PartKind::Number:
        name = is_complex ? (number++ == 0 ? "real" : "imag") : fmt::format("item{}", number++);
        break;
    }
    members.push_back(builder_.createMemberType(
        scope_, name, scope_->getFile(), 0, static_cast<uint64_t>(size_of(parts[k])) * 8, 0,
        static_cast<uint64_t>(layout.offsets[k]) * 8, llvm::DINode::FlagZero, part_type(parts[k], v.type->scalar)));
  }
  return builder_.createStructType(scope_, sema::to_string(v.type), scope_->getFile(), 0,
                                   static_cast<uint64_t>(layout.size) * 8, 0, llvm::DINode::FlagZero, nullptr,
                                   builder_.getOrCreateArray(members));
}

void DebugInfo::declare_variable(FunctionLowering& f, VarId var, const Parts& slots, unsigned argument) {
  const kir::Var& v = f.kir.vars[var];
  if (v.name.empty() || v.name[0] == '%' || slots.empty()) return;
  const PartList parts = flatten(v.type, Form::Inner);
  const unsigned line = line_of(f.kir, v.span);
  llvm::DIType* type = variable_type(v, parts);
  llvm::DILocalVariable* variable =
      argument > 0 ? builder_.createParameterVariable(scope_, v.name, argument, scope_->getFile(), line, type, true)
                   : builder_.createAutoVariable(scope_, v.name, scope_->getFile(), line, type, true);
  const BufferLayout layout = buffer_layout(parts);
  llvm::DILocation* place = llvm::DILocation::get(f.context(), line, 0, scope_);
  for (size_t k = 0; k < slots.size(); ++k) {
    llvm::DIExpression* expression = builder_.createExpression();
    if (slots.size() > 1) {
      expression = *llvm::DIExpression::createFragmentExpression(
          expression, static_cast<unsigned>(layout.offsets[k]) * 8, static_cast<unsigned>(size_of(parts[k])) * 8);
    }
    builder_.insertDeclare(slots[k], variable, expression, place, f.b.GetInsertPoint());
  }
}

void DebugInfo::finish() { builder_.finalize(); }

}  // namespace kjit::lower
