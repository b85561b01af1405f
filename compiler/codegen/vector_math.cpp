#include "codegen/vector_math.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <algorithm>

namespace kjit::codegen {

namespace {

constexpr const char* kMark = "kjit-math";
constexpr llvm::StringLiteral kFast = "libm.fast.";  // names of kernels begin with "kjit."

llvm::StringRef mark_of(const llvm::Instruction& i) {
  const auto* call = llvm::dyn_cast<llvm::CallInst>(&i);
  return call && call->getCalledFunction() ? call->getFnAttr(kMark).getValueAsString() : "";
}

// The function of this name, with type and attributes of `like`.
llvm::Function* named(llvm::Function& like, const std::string& name) {
  llvm::Module& module = *like.getParent();
  if (llvm::Function* known = module.getFunction(name)) return known;
  auto* fn = llvm::Function::Create(like.getFunctionType(), llvm::GlobalValue::ExternalLinkage, name, module);
  fn->copyAttributesFrom(&like);
  return fn;
}

}  // namespace

void LazyLibrary::open() const {
  std::call_once(once_, [this] {
    handle_ = dlopen(name_, RTLD_LAZY | RTLD_LOCAL);
    if (handle_) return;
    const char* why = dlerror();
    absent_because_ = why ? why : fmt::format("{}: not found", name_);
  });
}

std::string LazyLibrary::absent_because() const {
  open();
  return absent_because_;
}

void* LazyLibrary::find(const std::string& symbol) const {
  open();
  return handle_ ? dlsym(handle_, symbol.c_str()) : nullptr;
}

// SLEEF has two sets of forms that agree among themselves, with fused multiply-add and without.
VectorMath::VectorMath(const TargetSpec& spec) : fma_(has_features(spec, "+avx2,+fma")) {
  if (fma_) {
    widths_ = {{16, "avx2128", 'b'}, {32, "avx2", 'd'}};
    if (has_features(spec, "+avx512f,+avx512dq")) widths_.push_back({64, "avx512f", 'e'});
    bodies_.scale = has_features(spec, "+avx512f,+avx512vl");
    return;
  }
  widths_ = {{16, has_features(spec, "+sse4.1") ? "sse4" : "sse2", 'b'}};
  if (has_features(spec, "+avx")) widths_.push_back({32, "avx", 'c'});
}

bool VectorMath::wanted(const llvm::Module& module) {
  return std::any_of(module.begin(), module.end(), [](const llvm::Function& f) {
    return std::any_of(llvm::inst_begin(f), llvm::inst_end(f),
                       [](const llvm::Instruction& i) { return !mark_of(i).empty(); });
  });
}

std::string VectorMath::sleef_name(const Row& row, bool single, unsigned lanes, const char* suffix) const {
  return fmt::format("Sleef_{}z_{}{}{}_{}{}", fma_ ? "fin" : "cin", row.name, single ? "f" : "d", lanes, row.accuracy,
                     suffix);
}

bool VectorMath::add_forms(const std::string& scalar, int operands, const Names& names) const {
  if (!std::all_of(names.begin(), names.end(), [this](const auto& n) { return find(n.second) != nullptr; }))
    return false;
  describe_forms(scalar, operands, names);
  return true;
}

void VectorMath::describe_forms(const std::string& scalar, int operands, const Names& names) const {
  const std::string& known = texts_.emplace_back(scalar);
  for (const auto& [lanes, name] : names) {
    const std::string& vector = texts_.emplace_back(name);
    const std::string& abi = texts_.emplace_back(fmt::format("_ZGV_LLVM_N{}{}", lanes, operands == 2 ? "vv" : "v"));
    forms_.emplace_back(known, vector, llvm::ElementCount::getFixed(lanes), false, abi, std::nullopt);
  }
}

bool VectorMath::add_body(const std::string& libm, const std::string& scalar, const Names& sleef) const {
  const LaneBody kind = lane_body(libm);
  if (kind == LaneBody::None) return false;
  Names far = sleef, bodies;
  far.emplace_back(1, scalar);
  for (const auto& [lanes, name] : far) {
    if (kind == LaneBody::Near && !find(name)) return false;
    if (kind == LaneBody::Near) bodies_.far[lane_body_name(libm, lanes)] = name;
    if (lanes > 1) bodies.emplace_back(lanes, lane_body_name(libm, lanes));
  }
  describe_forms(lane_body_name(libm, 1), 1, bodies);
  return true;
}

void VectorMath::add(const Row& row, bool single) const {
  const std::string libm = std::string(row.name) + (single ? "f" : "");
  Names sleef, mvec;
  for (const Width& w : widths_) {
    const unsigned lanes = w.bytes / (single ? 4 : 8);
    sleef.emplace_back(lanes, sleef_name(row, single, lanes, w.sleef));
    mvec.emplace_back(lanes, fmt::format("_ZGV{}N{}{}_{}", w.mvec, lanes, row.operands == 2 ? "vv" : "v", libm));
  }
  Scalars& names = scalars_[libm];
  const std::string scalar = sleef_name(row, single, 1, fma_ ? "purecfma" : "purec");
  if (fma_ && add_body(libm, scalar, sleef)) {
    names.lanes = names.fast = lane_body_name(libm, 1);
    return;
  }
  if (find(scalar) && add_forms(scalar, row.operands, sleef)) names.lanes = scalar;
  const std::string fast = kFast.str() + libm;
  if (add_forms(fast, row.operands, mvec)) names.fast = fast;
}

void VectorMath::build() const {
  std::call_once(once_, [this] {
    static constexpr Row kRows[] = {
#define VECTOR_MATH(name, operands, accuracy) {#name, operands, #accuracy},
#include "codegen/vector_math.def"
#undef VECTOR_MATH
    };
    for (const Row& row : kRows) add(row, false), add(row, true);
  });
}

void VectorMath::describe(llvm::TargetLibraryInfoImpl& library) const {
  build();
  library.addVectorizableFunctions(forms_);
}

void VectorMath::resolve(llvm::Function& function, bool vectors) const {
  build();
  for (llvm::Instruction& i : llvm::instructions(function)) {
    const llvm::StringRef mark = mark_of(i);
    if (mark.empty()) continue;
    auto& call = llvm::cast<llvm::CallInst>(i);
    auto found = scalars_.find(std::string_view(call.getCalledFunction()->getName()));
    if (found == scalars_.end()) continue;
    const std::string& name = mark == "lanes" ? found->second.lanes : vectors ? found->second.fast : "";
    if (!name.empty()) call.setCalledFunction(named(*call.getCalledFunction(), name));
  }
}

void VectorMath::restore(llvm::Module& module) {
  for (llvm::Function& f : llvm::make_early_inc_range(module)) {
    llvm::StringRef name = f.getName();
    if (!name.consume_front(kFast)) continue;
    f.replaceAllUsesWith(named(f, name.str()));
    f.eraseFromParent();
  }
}

bool VectorMath::define(llvm::Module& module) const {
  build();
  return define_lane_bodies(module, bodies_);
}

std::string VectorMath::about() const {
  const std::string why = sleef_.absent_because();
  if (!why.empty()) return "none: " + why;
  return fmt::format("SLEEF, {}", widths_.back().sleef);
}

void* VectorMath::find(const std::string& symbol) const {
  if (symbol.starts_with("Sleef_")) return sleef_.find(symbol);
  if (symbol.starts_with("_ZGV")) return mvec_.find(symbol);
  return nullptr;
}

}  // namespace kjit::codegen
