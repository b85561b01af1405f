// What fails in a kernel with debug=True: kept in the module's memory on the device, for whoever waits for the kernel.
#include <fmt/format.h>
#include <kjit_rt/cuda.h>

#include "lower/device.h"

namespace kjit::lower {

namespace {

using kir::DeviceIndex;
using V = llvm::Value*;

constexpr unsigned kGlobal = 1;  // address space
constexpr uint32_t kOperands = 4;

llvm::StructType* record_type(llvm::LLVMContext& c) {
  auto* i32 = llvm::Type::getInt32Ty(c);
  auto* i64 = llvm::Type::getInt64Ty(c);
  return llvm::StructType::get(c, {i32, i32, i64, llvm::ArrayType::get(i32, 3), llvm::ArrayType::get(i32, 3), i32, i32,
                                   llvm::ArrayType::get(i64, kOperands)});
}
static_assert(sizeof(kjit_cuda_report) == 80 && offsetof(kjit_cuda_report, operands) == 48);

llvm::GlobalVariable* visible(llvm::Module& module, llvm::Type* type, llvm::Constant* value, const char* name) {
  auto* global = new llvm::GlobalVariable(module, type, false, llvm::GlobalValue::ExternalLinkage, value, name, nullptr,
                                          llvm::GlobalValue::NotThreadLocal, kGlobal);
  global->setAlignment(llvm::Align(8));
  return global;
}

class Reporter {
 public:
  Reporter(llvm::Module& module, llvm::Function* fn)
      : b(llvm::BasicBlock::Create(module.getContext(), "entry", fn)),
        fn_(fn),
        type_(record_type(module.getContext())) {
    record_ = visible(module, type_, llvm::Constant::getNullValue(type_), KJIT_CUDA_REPORT);
  }

  // One thread at a time looks whether it comes before the one that is there. No thread waits for another of its warp
  // while it holds the lock: what is done with it and the way back stand in one branch.
  void build() {
    auto& c = b.getContext();
    V number = thread_number();
    auto* retry = llvm::BasicBlock::Create(c, "retry", fn_);
    auto* locked = llvm::BasicBlock::Create(c, "locked", fn_);
    auto* first = llvm::BasicBlock::Create(c, "first", fn_);
    auto* unlock = llvm::BasicBlock::Create(c, "unlock", fn_);
    auto* next = llvm::BasicBlock::Create(c, "next", fn_);
    auto* done = llvm::BasicBlock::Create(c, "done", fn_);
    b.CreateBr(retry);
    b.SetInsertPoint(retry);
    const auto scope = c.getOrInsertSyncScopeID("device");
    V pair = b.CreateAtomicCmpXchg(field(0), b.getInt32(0), b.getInt32(1), llvm::MaybeAlign(4),
                                   llvm::AtomicOrdering::Monotonic, llvm::AtomicOrdering::Monotonic, scope);
    b.CreateCondBr(b.CreateExtractValue(pair, 1), locked, next);
    b.SetInsertPoint(locked);
    b.CreateFence(llvm::AtomicOrdering::AcquireRelease, scope);
    V known = b.CreateLoad(b.getInt64Ty(), field(2), true);
    V none = b.CreateICmpEQ(known, b.getInt64(0));
    b.CreateCondBr(b.CreateOr(none, b.CreateICmpULT(number, known)), first, unlock);
    b.SetInsertPoint(first);
    fill(number);
    b.CreateBr(unlock);
    b.SetInsertPoint(unlock);
    b.CreateFence(llvm::AtomicOrdering::AcquireRelease, scope);
    b.CreateAtomicRMW(llvm::AtomicRMWInst::Xchg, field(0), b.getInt32(0), llvm::MaybeAlign(4),
                      llvm::AtomicOrdering::Monotonic, scope);
    b.CreateBr(next);
    b.SetInsertPoint(next);
    auto* has = b.CreatePHI(b.getInt1Ty(), 2);
    has->addIncoming(b.getFalse(), retry);
    has->addIncoming(b.getTrue(), unlock);
    b.CreateCondBr(has, done, retry);
    b.SetInsertPoint(done);
    b.CreateRetVoid();
  }

 private:
  V field(unsigned k) { return b.CreateStructGEP(type_, record_, k); }
  V index(DeviceIndex first, int axis) {
    const auto which = static_cast<DeviceIndex>(static_cast<int>(first) + axis);
    return b.CreateIntrinsic(llvm::Intrinsic::lookupIntrinsicID(kir::info(which).llvm), {});
  }
  // The thread's place in the grid, from 1 on: blocks in order, and the threads of each; axis x runs fastest.
  V thread_number() {
    const auto in_order = [&](DeviceIndex at, DeviceIndex size) {
      V n = b.getInt64(0);
      for (int axis = 2; axis >= 0; --axis)
        n = b.CreateAdd(b.CreateMul(n, b.CreateZExt(index(size, axis), b.getInt64Ty())),
                        b.CreateZExt(index(at, axis), b.getInt64Ty()));
      return n;
    };
    V threads = b.getInt64(1);
    for (int axis = 0; axis < 3; ++axis)
      threads = b.CreateMul(threads, b.CreateZExt(index(DeviceIndex::block_dim_x, axis), b.getInt64Ty()));
    V blocks = in_order(DeviceIndex::block_x, DeviceIndex::grid_dim_x);
    V thread = in_order(DeviceIndex::thread_x, DeviceIndex::block_dim_x);
    return b.CreateAdd(b.CreateAdd(b.CreateMul(blocks, threads), thread), b.getInt64(1));
  }
  void fill(V number) {
    const auto put = [&](V value, V at) { b.CreateStore(value, at, true); };
    put(fn_->getArg(0), field(1));
    put(number, field(2));
    for (int axis = 0; axis < 3; ++axis) {
      const auto at = static_cast<unsigned>(axis);
      put(index(DeviceIndex::block_x, axis), b.CreateConstInBoundsGEP1_32(b.getInt32Ty(), field(3), at));
      put(index(DeviceIndex::thread_x, axis), b.CreateConstInBoundsGEP1_32(b.getInt32Ty(), field(4), at));
    }
    put(fn_->getArg(1), field(5));
    for (unsigned k = 0; k < kOperands; ++k)
      put(fn_->getArg(2 + k), b.CreateConstInBoundsGEP1_32(b.getInt64Ty(), field(7), k));
  }

  llvm::IRBuilder<> b;
  llvm::Function* fn_;
  llvm::StructType* type_;
  llvm::GlobalVariable* record_;
};

llvm::Function* reporter(llvm::Module& module) {
  constexpr const char* kName = "kjit.report";
  if (llvm::Function* known = module.getFunction(kName)) return known;
  llvm::LLVMContext& c = module.getContext();
  llvm::SmallVector<llvm::Type*, 8> types(2, llvm::Type::getInt32Ty(c));
  types.append(kOperands, llvm::Type::getInt64Ty(c));
  auto* fn = llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getVoidTy(c), types, false),
                                    llvm::GlobalValue::InternalLinkage, kName, module);
  fn->setDoesNotThrow();
  fn->addFnAttr(llvm::Attribute::NoInline);
  fn->addFnAttr(llvm::Attribute::Cold);
  Reporter(module, fn).build();
  return fn;
}

}  // namespace

// The places and messages of a module stand in one text; `site` is where one begins: file, place (first line and
// column, last ones), function and message, each in a line of its own, then a 0.
void report_on_device(FunctionLowering& f, const Stmt& s) {
  auto& b = f.b;
  const kir::Function& function = f.kir;
  source::LineColumn begin, end;
  if (function.file) begin = function.file->line_column(s.span.begin), end = function.file->line_column(s.span.end);
  const std::string message = s.printed ? "" : s.message;
  const uint32_t site =
      f.module.device_site(fmt::format("{}\n{} {} {} {}\n{}\n{}", function.file ? function.file->path() : "",
                                       begin.line, begin.column, end.line, end.column, function.name, message));
  Parts args{b.getInt32(static_cast<uint32_t>(s.error)), b.getInt32(site)};
  for (uint32_t k = 0; k < kOperands; ++k) {
    if (k >= s.exprs.size()) {
      args.push_back(f.int64(0));
      continue;
    }
    ExprRef e = s.exprs[k];
    args.push_back(cast_scalar(f, f.value(e), e->type->scalar, Scalar::I64)[0]);
  }
  b.CreateCall(reporter(f.module.module()), args);
}

llvm::Value* somebody_failed(FunctionLowering& f) {
  auto& b = f.b;
  (void)reporter(f.module.module());
  llvm::GlobalVariable* record = f.module.module().getNamedGlobal(KJIT_CUDA_REPORT);
  V number = b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), record, offsetof(kjit_cuda_report, number));
  return b.CreateIsNotNull(b.CreateAlignedLoad(b.getInt64Ty(), number, llvm::Align(8), true));
}

void add_device_sites(llvm::Module& module, const std::string& sites) {
  if (sites.empty()) return;
  llvm::Constant* data = llvm::ConstantDataArray::getString(module.getContext(), sites, /*AddNull=*/true);
  visible(module, data->getType(), data, KJIT_CUDA_SITES);
}

}  // namespace kjit::lower
