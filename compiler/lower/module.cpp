// The module: functions of the ABI, their uniform twins, and everything that is declared or constant.
#include "lower/module.h"

#include <fmt/format.h>
#include <kjit_rt/abi.h>

#include <algorithm>

#include "lower/debug.h"
#include "lower/device.h"
#include "lower/function.h"
#include "lower/versions.h"

namespace kjit::lower {

namespace {

struct RuntimeRow {
  const char* name;
  const char* signature;
  const char* traits;
};
constexpr RuntimeRow kRuntime[] = {
#define RUNTIME(name, signature, traits) {#name, signature, traits},
#include "lower/runtime.def"
#undef RUNTIME
};

llvm::Type* letter_type(llvm::LLVMContext& c, char letter) {
  switch (letter) {
    case 'v':
      return llvm::Type::getVoidTy(c);
    case 'i':
      return llvm::Type::getInt32Ty(c);
    case 'l':
      return llvm::Type::getInt64Ty(c);
    case 'b':
      return llvm::Type::getInt8Ty(c);
    case 'f':
      return llvm::Type::getFloatTy(c);
    case 'd':
      return llvm::Type::getDoubleTy(c);
    default:
      return llvm::PointerType::getUnqual(c);
  }
}

llvm::AttrBuilder captures_none(llvm::LLVMContext& c) {
  llvm::AttrBuilder b(c);
  b.addCapturesAttr(llvm::CaptureInfo::none());
  return b;
}

void add_traits(llvm::Function* fn, std::string_view traits) {
  llvm::LLVMContext& c = fn->getContext();
  fn->setDoesNotThrow();
  for (char t : traits) {
    if (t == 'c') {
      fn->addFnAttr(llvm::Attribute::Cold);
      fn->addFnAttr(llvm::Attribute::NoInline);
    } else if (t == 'a') {
      fn->setReturnDoesNotAlias();
      fn->addRetAttr(llvm::Attribute::getWithAlignment(c, llvm::Align(64)));
      fn->addFnAttr(llvm::Attribute::getWithAllocSizeArgs(c, 1, std::nullopt));
      fn->setMemoryEffects(llvm::MemoryEffects::inaccessibleOrArgMemOnly());
    } else if (t == 'n') {
      for (unsigned k = 0; k < fn->arg_size(); ++k) fn->addParamAttrs(k, captures_none(c));
    } else if (t == 'r') {
      fn->setMemoryEffects(llvm::MemoryEffects::argMemOnly());
      fn->addParamAttrs(0, captures_none(c));
    }
  }
}

// The extension that the C ABI asks of small integers.
void add_extension(llvm::Function* fn, unsigned arg, Part part) {
  if (is_bool(part) || (part.kind == PartKind::Number && sema::is_unsigned(part.scalar) && size_of(part) < 4)) {
    fn->addParamAttr(arg, llvm::Attribute::ZExt);
  } else if (part.kind == PartKind::Number && sema::is_signed(part.scalar) && size_of(part) < 4) {
    fn->addParamAttr(arg, llvm::Attribute::SExt);
  }
}

void add_argument_attributes(llvm::Function* fn, unsigned arg, Part part, const sema::Type& type,
                             const kir::Function& function) {
  add_extension(fn, arg, part);
  llvm::LLVMContext& c = fn->getContext();
  if (part.kind == PartKind::Data && type.is_array()) {
    const auto align =
        std::max<uint64_t>(static_cast<uint64_t>(sema::size_of(sema::real_of(type.scalar))), function.alignment);
    fn->addParamAttr(arg, llvm::Attribute::getWithAlignment(c, llvm::Align(align)));
    if (function.assume_no_alias) fn->addParamAttr(arg, llvm::Attribute::NoAlias);
  }
  if (part.kind == PartKind::Shape && type.is_array()) {
    fn->addParamAttr(arg,
                     llvm::Attribute::get(c, llvm::Attribute::Range,
                                          llvm::ConstantRange(llvm::APInt(64, 0), llvm::APInt::getSignedMaxValue(64))));
  }
}

}  // namespace

std::string entry_symbol(const std::string& symbol) { return "kjit." + symbol; }
std::string packed_symbol(const std::string& symbol) { return entry_symbol(symbol) + ".packed"; }
std::string version_symbol(const std::string& symbol) { return entry_symbol(symbol) + ".version"; }

std::vector<Later> lower(const kir::Module& module, llvm::Module& target, const Options& options) {
  ModuleLowering lowering(module, target, options);
  lowering.run();
  if (!options.versions || (options.debug_info && !options.places_only)) return {};
  return lowering.add_versions(options.before_versions);
}

ModuleLowering::ModuleLowering(const kir::Module& kir, llvm::Module& module, const Options& options)
    : kir_(kir),
      module_(module),
      options_(options),
      lanes_(kir),
      debug_(options.debug_info ? std::make_unique<DebugInfo>(module, options) : nullptr) {}

ModuleLowering::~ModuleLowering() = default;

void ModuleLowering::find_called() {
  called_.assign(kir_.functions.size(), false);
  auto scan = [&](auto& self, const kir::Block& block) -> void {
    for (const kir::Stmt* s : block) {
      if (s->kind == kir::StmtKind::Call || s->kind == kir::StmtKind::Parallel) called_[s->callee] = true;
      self(self, s->head);
      self(self, s->body);
      self(self, s->orelse);
    }
  };
  for (const auto& f : kir_.functions) scan(scan, f->body);
}

// Of a GPU's module its kernels, and what they call; else everything that runs here.
void ModuleLowering::find_wanted() {
  wanted_.assign(kir_.functions.size(), false);
  const auto want = [&](auto& self, size_t k) -> void {
    if (wanted_[k]) return;
    wanted_[k] = true;
    const auto scan = [&](auto& inside, const kir::Block& block) -> void {
      for (const kir::Stmt* s : block) {
        if (s->kind == kir::StmtKind::Call || s->kind == kir::StmtKind::Parallel) self(self, s->callee);
        inside(inside, s->head), inside(inside, s->body), inside(inside, s->orelse);
      }
    };
    const kir::Function& f = *kir_.functions[k];
    scan(scan, f.body);
    if (options_.device && f.join) self(self, *f.join);
  };
  for (size_t k = 0; k < kir_.functions.size(); ++k) {
    const kir::Function& f = *kir_.functions[k];
    if (options_.device ? f.device && f.exported : !f.device || kir_.simulated) want(want, k);
  }
}

// A function that the host calls must not return an array without owner; one that kernels call may. Where both call it
// and it returns arrays, it is built twice.
void ModuleLowering::run() {
  find_called();
  find_wanted();
  std::vector<llvm::Function*> entries(kir_.functions.size(), nullptr);
  for (size_t k = 0; k < kir_.functions.size(); ++k) {
    const kir::Function& f = *kir_.functions[k];
    if (!wanted_[k]) {
      callees_.push_back(nullptr), by_value_.push_back(nullptr);
      continue;
    }
    if (f.exported) entries[k] = declare(f, f.symbol, true);
    const bool twice = f.exported && called_[k] && f.result && has_owner(f.result);
    const bool by_value = returns_by_value(f);
    callees_.push_back(f.exported && !twice && !by_value
                           ? entries[k]
                           : declare(f, f.exported ? f.symbol + ".inner" : f.symbol, false));
    by_value_.push_back(by_value ? declare_by_value(f, callees_[k]) : nullptr);
  }
  for (size_t k = 0; k < kir_.functions.size(); ++k) {
    const kir::Function& f = *kir_.functions[k];
    if (!wanted_[k]) continue;
    if (by_value_[k]) add_by_value(callees_[k], by_value_[k]);
    if (entries[k]) {
      if (by_value_[k]) {
        add_entry_by_value(entries[k], by_value_[k]);
      } else if (f.extern_symbol.empty()) {
        FunctionLowering(*this, f, entries[k], true).run();
      } else {
        lower_extern(*this, f, entries[k]);
      }
      if (options_.device) {
        add_device_kernel(*this, f, entries[k]);
      } else {
        add_packed(f, entries[k]);
      }
    }
    if (callees_[k] == entries[k]) continue;
    if (f.extern_symbol.empty()) {
      FunctionLowering(*this, f, callees_[k], false).run();
    } else {
      lower_extern(*this, f, callees_[k]);
    }
  }
  if (debug_) debug_->finish();
  add_device_sites(module_, device_sites_);
}

std::vector<Later> ModuleLowering::add_versions(const std::function<void()>& before) {
  debug_.reset();  // what is added has no place in the source
  std::vector<std::pair<const kir::Function*, VersionPlan>> plans;
  std::vector<Later> later;
  for (const auto& f : kir_.functions) {
    if (f->device) continue;
    if (f->lazy) later.push_back({f->symbol, true});
    if (f->offload) continue;  // what runs here waits for what runs there
    std::optional<VersionPlan> plan = plan_versions(kir_, *f);
    if (!plan) continue;
    if (!plan->disjoint.empty()) later.push_back({f->symbol, false});
    plans.emplace_back(f.get(), std::move(*plan));
  }
  if (!later.empty() && before) before();
  for (const auto& [f, plan] : plans) {
    add_version(*this, *f, module_.getFunction(entry_symbol(f->symbol)), plan);
    for (const auto& part : kir_.functions) {
      if (part->region && kir_.functions[part->from].get() == f) set_apart(*part);
    }
  }
  for (const auto& f : kir_.functions) {
    if (f->lazy && !f->device) postpone(*this, *f, module_.getFunction(entry_symbol(f->symbol)));
  }
  return later;
}

// What is said of the arguments of a function with a version for such holds for the regions in it.
void ModuleLowering::set_apart(const kir::Function& region) {
  llvm::Function* fn = module_.getFunction(entry_symbol(region.symbol));
  unsigned arg = 2;
  for (kir::VarId p : region.params) {
    const bool apart = std::find(region.apart.begin(), region.apart.end(), p) != region.apart.end();
    for (Part part : flatten(region.vars[p].type, Form::Abi)) {
      if (apart && part.kind == PartKind::Data) fn->addParamAttr(arg, llvm::Attribute::NoAlias);
      ++arg;
    }
  }
}

llvm::Function* ModuleLowering::declare(const kir::Function& function, const std::string& symbol, bool exported) {
  llvm::LLVMContext& c = context();
  llvm::SmallVector<llvm::Type*, 16> types{llvm::PointerType::getUnqual(c), llvm::PointerType::getUnqual(c)};
  for (kir::VarId p : function.params) {
    for (Part part : flatten(function.vars[p].type, Form::Abi)) types.push_back(storage_type(c, part));
  }
  auto* type = llvm::FunctionType::get(llvm::Type::getInt32Ty(c), types, false);
  const bool seen = !options_.device && (exported || function.lazy);
  auto* fn =
      llvm::Function::Create(type, seen ? llvm::GlobalValue::ExternalLinkage : llvm::GlobalValue::InternalLinkage,
                             entry_symbol(symbol), module_);
  fn->setDSOLocal(true);
  fn->setDoesNotThrow();
  fn->getArg(0)->setName("ctx");
  fn->getArg(1)->setName("result");
  if (!options_.device) {
    fn->addParamAttr(0, llvm::Attribute::NonNull);
    fn->addParamAttr(0, llvm::Attribute::getWithDereferenceableBytes(c, sizeof(kjit_ctx)));
    fn->addParamAttr(0, llvm::Attribute::getWithAlignment(c, llvm::Align(alignof(kjit_ctx))));
  }
  fn->addParamAttr(1, llvm::Attribute::NoAlias);
  fn->addParamAttr(1, llvm::Attribute::WriteOnly);
  fn->addParamAttrs(1, captures_none(c));
  // A call on a GPU passes results through memory of the thread, which is slow; there is no recursion.
  if (function.inline_always || options_.device) fn->addFnAttr(llvm::Attribute::AlwaysInline);
  if (options_.device) fn->addFnAttr(llvm::Attribute::Convergent);
  if (function.lazy && !options_.device) fn->addFnAttr(llvm::Attribute::NoInline), fn->addFnAttr(llvm::Attribute::Cold);
  unsigned arg = 2;
  for (kir::VarId p : function.params) {
    const sema::Type& param = *function.vars[p].type;
    for (Part part : flatten(&param, Form::Abi)) {
      add_argument_attributes(fn, arg++, part, param, function);
    }
  }
  return fn;
}

// Calls that are not inlined, those of a call cycle, cost a store and a load that waits for it when the result goes
// through memory. With debug info, functions stay as they are written.
bool ModuleLowering::returns_by_value(const kir::Function& function) const {
  if (!function.recursive || (debug_ && !options_.places_only) || !function.extern_symbol.empty() ||
      function.result == nullptr)
    return false;
  const PartList list = flatten(function.result, Form::Abi);
  return list.size() == 1 && list[0].kind == PartKind::Number;
}

llvm::Function* ModuleLowering::declare_by_value(const kir::Function& function, llvm::Function* body) {
  llvm::LLVMContext& c = context();
  const Part part = flatten(function.result, Form::Abi)[0];
  auto* pair = llvm::StructType::get(llvm::Type::getInt32Ty(c), storage_type(c, part));
  llvm::SmallVector<llvm::Type*, 16> types;
  for (const llvm::Argument& a : body->args()) {
    if (a.getArgNo() != 1) types.push_back(a.getType());
  }
  auto* fn = llvm::Function::Create(llvm::FunctionType::get(pair, types, false), llvm::GlobalValue::InternalLinkage,
                                    body->getName() + ".value", module_);
  fn->setDSOLocal(true);
  fn->setDoesNotThrow();
  const llvm::AttributeList known = body->getAttributes();
  for (unsigned k = 0; k < fn->arg_size(); ++k) {
    fn->addParamAttrs(k, llvm::AttrBuilder(c, known.getParamAttrs(k == 0 ? 0 : k + 1)));
  }
  return fn;
}

// The body, which is inlined and goes, with its result in a local variable.
void ModuleLowering::add_by_value(llvm::Function* body, llvm::Function* twin) {
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context(), "entry", twin));
  llvm::Type* type = llvm::cast<llvm::StructType>(twin->getReturnType())->getElementType(1);
  llvm::Value* result = b.CreateAlloca(type, nullptr, "result");
  llvm::SmallVector<llvm::Value*, 16> args{twin->getArg(0), result};
  for (unsigned k = 1; k < twin->arg_size(); ++k) args.push_back(twin->getArg(k));
  llvm::CallInst* status = b.CreateCall(body, args);
  status->setAttributes(body->getAttributes().removeFnAttributes(context()));
  status->addFnAttr(llvm::Attribute::AlwaysInline);
  llvm::Value* pair = b.CreateInsertValue(llvm::PoisonValue::get(twin->getReturnType()), status, 0);
  b.CreateRet(b.CreateInsertValue(pair, b.CreateLoad(type, result), 1));
}

void ModuleLowering::add_entry_by_value(llvm::Function* entry, llvm::Function* twin) {
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context(), "entry", entry));
  llvm::SmallVector<llvm::Value*, 16> args{entry->getArg(0)};
  for (unsigned k = 2; k < entry->arg_size(); ++k) args.push_back(entry->getArg(k));
  llvm::CallInst* pair = b.CreateCall(twin, args);
  pair->setAttributes(twin->getAttributes().removeFnAttributes(context()));
  b.CreateStore(b.CreateExtractValue(pair, 1), entry->getArg(1));
  b.CreateRet(b.CreateExtractValue(pair, 0));
}

// int32_t f.packed(ctx, result, const uint64_t* slots): one slot per parameter.
void ModuleLowering::add_packed(const kir::Function& function, llvm::Function* target) {
  llvm::LLVMContext& c = context();
  auto* pointer = llvm::PointerType::getUnqual(c);
  auto* type = llvm::FunctionType::get(llvm::Type::getInt32Ty(c), {pointer, pointer, pointer}, false);
  auto* fn = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, packed_symbol(function.symbol), module_);
  fn->setDSOLocal(true);
  fn->setDoesNotThrow();
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(c, "entry", fn));
  llvm::SmallVector<llvm::Value*, 16> args{fn->getArg(0), fn->getArg(1)};
  for (unsigned k = 2; k < target->arg_size(); ++k) {
    // Slots hold the component in their low bytes (little-endian).
    llvm::Value* slot = b.CreateConstInBoundsGEP1_64(b.getInt64Ty(), fn->getArg(2), k - 2);
    args.push_back(b.CreateAlignedLoad(target->getArg(k)->getType(), slot, llvm::Align(8)));
  }
  llvm::CallInst* status = b.CreateCall(target, args);
  status->setAttributes(target->getAttributes().removeFnAttributes(c));
  status->setIsNoInline();
  status->setTailCallKind(llvm::CallInst::TCK_Tail);
  b.CreateRet(status);
}

llvm::FunctionType* ModuleLowering::parse_signature(std::string_view signature) {
  llvm::SmallVector<llvm::Type*, 8> params;
  for (char letter : signature.substr(1)) params.push_back(letter_type(context(), letter));
  return llvm::FunctionType::get(letter_type(context(), signature[0]), params, false);
}

llvm::Function* ModuleLowering::runtime(Rt fn) {
  llvm::Function*& known = runtime_[fn];
  if (known == nullptr) {
    const RuntimeRow& row = kRuntime[static_cast<size_t>(fn)];
    const std::string_view signature = row.signature;
    known = llvm::Function::Create(parse_signature(signature), llvm::GlobalValue::ExternalLinkage, row.name, module_);
    add_traits(known, row.traits);
    for (unsigned k = 1; k < signature.size(); ++k) {
      if (signature[k] == 'b') known->addParamAttr(k - 1, llvm::Attribute::ZExt);
    }
  }
  return known;
}

llvm::Function* ModuleLowering::pure_function(const std::string& name, std::string_view signature) {
  if (llvm::Function* known = module_.getFunction(name)) return known;
  auto* fn = llvm::Function::Create(parse_signature(signature), llvm::GlobalValue::ExternalLinkage, name, module_);
  fn->setDoesNotThrow();
  fn->setDoesNotAccessMemory();
  fn->addFnAttr(llvm::Attribute::WillReturn);
  fn->addFnAttr(llvm::Attribute::NoSync);
  fn->addFnAttr(llvm::Attribute::Speculatable);
  return fn;
}

llvm::Function* ModuleLowering::complex_function(const std::string& name, std::string_view signature) {
  if (llvm::Function* known = module_.getFunction(name)) return known;
  auto* fn = llvm::Function::Create(parse_signature(signature), llvm::GlobalValue::ExternalLinkage, name, module_);
  fn->setDoesNotThrow();
  fn->setMemoryEffects(llvm::MemoryEffects::argMemOnly(llvm::ModRefInfo::Mod));
  fn->addFnAttr(llvm::Attribute::WillReturn);
  const unsigned out = static_cast<unsigned>(signature.size()) - 2;
  fn->addParamAttrs(out, captures_none(context()));
  fn->addParamAttr(out, llvm::Attribute::WriteOnly);
  return fn;
}

llvm::Constant* ModuleLowering::text(std::string_view text) {
  auto found = texts_.find(text);
  if (found != texts_.end()) return found->second;
  llvm::Constant* data = llvm::ConstantDataArray::getString(context(), {text.data(), text.size()});
  auto* global =
      new llvm::GlobalVariable(module_, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data, "text");
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  global->setAlignment(llvm::Align(1));
  texts_.emplace(text, global);
  return global;
}

llvm::Constant* ModuleLowering::location(const kir::Function& function, source::Span span) {
  source::LineColumn begin, end;
  if (function.file && !(span == source::Span{})) {
    begin = function.file->line_column(span.begin);
    end = function.file->line_column(span.end);
  }
  const std::string path = function.file ? function.file->path() : "";
  const std::string key =
      fmt::format("{}\n{}\n{} {} {} {}", path, function.name, begin.line, begin.column, end.line, end.column);
  llvm::Constant*& known = locations_[key];
  if (known) return known;
  auto* i32 = llvm::Type::getInt32Ty(context());
  auto number = [&](uint32_t v) { return llvm::ConstantInt::get(i32, v); };
  llvm::Constant* data = llvm::ConstantStruct::getAnon({text(path), text(function.name), number(begin.line),
                                                        number(begin.column), number(end.line), number(end.column)});
  known = new llvm::GlobalVariable(module_, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data, "location");
  return known;
}

// As bytes, which LLVM writes as one block, and can still fold loads from.
llvm::Constant* ModuleLowering::constant_array(uint32_t index) {
  llvm::Constant*& known = constant_arrays_[index];
  if (known) return known;
  const std::vector<std::byte>& bytes = kir_.constant_arrays[index]->data;
  llvm::Constant* data = llvm::ConstantDataArray::getString(
      context(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, /*AddNull=*/bytes.empty());
  // Constant memory of a GPU is small.
  const unsigned space = options_.device && bytes.size() <= kConstantMemory - constant_bytes_ ? 4 : 0;
  if (space != 0) constant_bytes_ += (bytes.size() + 63) / 64 * 64;
  auto* global = new llvm::GlobalVariable(module_, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data,
                                          "array", nullptr, llvm::GlobalValue::NotThreadLocal, space);
  global->setAlignment(llvm::Align(64));
  return known = llvm::ConstantExpr::getPointerBitCastOrAddrSpaceCast(global, llvm::PointerType::getUnqual(context()));
}

uint32_t ModuleLowering::device_site(const std::string& text) {
  const auto at = static_cast<uint32_t>(device_sites_.size());
  device_sites_ += text;
  device_sites_ += '\0';
  return at;
}

llvm::Constant* ModuleLowering::gpu_image() {
  if (gpu_image_ == nullptr) {
    llvm::Constant* data = llvm::ConstantDataArray::getString(context(), options_.gpu_image);
    gpu_image_ =
        new llvm::GlobalVariable(module_, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data, "gpu.image");
  }
  return gpu_image_;
}

llvm::Constant* ModuleLowering::zero_word() {
  if (zero_word_ == nullptr) {
    auto* i32 = llvm::Type::getInt32Ty(context());
    zero_word_ = new llvm::GlobalVariable(module_, i32, true, llvm::GlobalValue::PrivateLinkage,
                                          llvm::ConstantInt::get(i32, 0), "zero_word");
  }
  return zero_word_;
}

}  // namespace kjit::lower
