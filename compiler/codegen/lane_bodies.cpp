#include "codegen/lane_bodies.h"

#include <fmt/format.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/IntrinsicsX86.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

#include <algorithm>

namespace kjit::codegen {

namespace {

using V = llvm::Value*;
constexpr llvm::StringLiteral kPrefix = "lanes.";  // names of kernels begin with "kjit."

constexpr double kRound = 0x1.8p23;  // x + kRound is x rounded to an integer, which stands in its lowest bits

// Writes the operations of one form.
class Body {
 public:
  Body(llvm::Function& function, const LaneBodies& bodies)
      : b(llvm::BasicBlock::Create(function.getContext(), "entry", &function)),
        function_(function),
        bodies_(bodies),
        type_(function.getReturnType()),
        vector_(llvm::dyn_cast<llvm::FixedVectorType>(type_)) {}

  void exp(V x);
  // Of sine, or of cosine.
  void sine(V x, bool cosine);

 private:
  V number(double value) { return llvm::ConstantFP::get(type_, value); }
  V integer(uint32_t value) { return llvm::ConstantInt::get(integers(), value); }
  llvm::Type* integers() {
    llvm::Type* one = b.getInt32Ty();
    return vector_ ? llvm::FixedVectorType::get(one, vector_->getNumElements()) : one;
  }
  V fma(V p, V q, V r) { return b.CreateIntrinsic(llvm::Intrinsic::fma, {type_}, {p, q, r}); }
  V bits(V x) { return b.CreateBitCast(x, integers()); }
  V floats(V x) { return b.CreateBitCast(x, type_); }
  // c0 + c1 x + c2 x^2 ..., highest first.
  V polynomial(V x, std::initializer_list<V> highest_first);
  V scaled(V x, V power, V integral);
  V power_of_two(V exponent) { return floats(b.CreateShl(b.CreateAdd(exponent, integer(127)), integer(23))); }
  V far_values(V x, V beyond);

  llvm::IRBuilder<> b;
  llvm::Function& function_;
  const LaneBodies& bodies_;
  llvm::Type* type_;
  llvm::FixedVectorType* vector_;
};

V Body::polynomial(V x, std::initializer_list<V> highest_first) {
  V sum = nullptr;
  for (V c : highest_first) sum = sum ? fma(sum, x, c) : c;
  return sum;
}

// x times 2 to the power of n, which is `power` as a float and `integral`'s lowest bits; rounded once.
V Body::scaled(V x, V power, V integral) {
  const unsigned width = vector_ ? 32 * vector_->getNumElements() : 0;
  if (width >= 128 && bodies_.scale) {
    if (width == 512)
      return b.CreateIntrinsic(llvm::Intrinsic::x86_avx512_mask_scalef_ps_512, {},
                               {x, power, x, b.getInt16(0xffff), b.getInt32(4)});
    return b.CreateIntrinsic(
        width == 256 ? llvm::Intrinsic::x86_avx512_mask_scalef_ps_256 : llvm::Intrinsic::x86_avx512_mask_scalef_ps_128,
        {}, {x, power, x, b.getInt8(0xff)});
  }
  // In two steps: one factor alone may be out of range where the product is not.
  V n = b.CreateSub(integral, integer(0x4b400000));
  V half = b.CreateAShr(n, integer(1));
  return b.CreateFMul(b.CreateFMul(x, power_of_two(half)), power_of_two(b.CreateSub(n, half)));
}

// x = n log(2) + r, exp(r) = 1 + r + r^2 q(r): r in two numbers, q minimax, relative to exp(r), on |r| <= 0.3466 (its
// error is 2^-28.2).
void Body::exp(V x) {
  for (const double limit : {89.0, -104.0}) {  // beyond them the result is infinite, or 0
    V beyond = limit > 0 ? b.CreateFCmpOGT(x, number(limit)) : b.CreateFCmpOLT(x, number(limit));
    x = b.CreateSelect(beyond, number(limit), x);
  }
  V rounded = fma(x, number(0x1.715476p+0), number(kRound));
  V n = b.CreateFSub(rounded, number(kRound));
  V high = fma(n, number(-0x1.62e43p-1), x);  // exact
  V low = b.CreateFMul(n, number(0x1.05c61p-29));
  V r = b.CreateFAdd(high, low);
  V q = polynomial(r, {number(0x1.6a5230p-10), number(0x1.12396cp-7), number(0x1.5558aap-5), number(0x1.555492p-3),
                       number(0x1.fffffcp-2)});
  V grown = b.CreateFAdd(high, fma(q, b.CreateFMul(r, r), low));
  b.CreateRet(scaled(b.CreateFAdd(grown, number(1)), n, bits(rounded)));
}

// |x| = n pi/2 + r, r = high + low; sine and cosine of r by minimax polynomials on |r| <= 0.786 (relative errors
// 2^-27.9 and 2^-33), whose coefficients are chosen by n: sin = r + (r^3 s(r^2) + low), cos = w + (r^4 c(r^2) + what w
// = 1 - r^2/2 lost).
void Body::sine(V x, bool cosine) {
  V size = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x);
  V beyond = b.CreateFCmpOGT(size, number(0x1p16));
  V far = far_values(x, beyond);
  V rounded = fma(size, number(0x1.45f306p-1), number(kRound));
  V n = b.CreateFSub(rounded, number(kRound));
  V first = fma(n, number(-0x1.921fb6p+0), size);  // exact
  V second = b.CreateFMul(n, number(0x1.777a5cp-25));
  V rest = fma(n, number(0x1.777a5cp-25), b.CreateFNeg(second));
  rest = fma(n, number(0x1.ee59dap-50), rest);
  V r = b.CreateFAdd(first, second);
  V low = b.CreateFAdd(b.CreateFAdd(b.CreateFSub(first, r), second), rest);
  V quarter = bits(rounded);
  if (cosine) quarter = b.CreateAdd(quarter, integer(1));
  V odd = b.CreateICmpNE(b.CreateAnd(quarter, integer(1)), integer(0));
  const auto choice = [&](double cos, double sin) { return b.CreateSelect(odd, number(cos), number(sin)); };
  V square = b.CreateFMul(r, r);
  V p = polynomial(square, {choice(0x1.99e8fap-16, -0x1.9952ecp-13), choice(-0x1.6c0c2ap-10, 0x1.110776p-7),
                            choice(0x1.55554ap-5, -0x1.555546p-3)});
  V w = fma(square, number(-0.5), number(1));
  V lost = fma(square, number(-0.5), b.CreateFSub(number(1), w));
  lost = fma(b.CreateFNeg(r), low, lost);
  V power = b.CreateFMul(square, b.CreateSelect(odd, square, r));
  V sum = b.CreateFAdd(b.CreateSelect(odd, w, r), fma(power, p, b.CreateSelect(odd, lost, low)));
  V sign = b.CreateShl(b.CreateAnd(quarter, integer(2)), integer(30));
  if (!cosine) sign = b.CreateXor(sign, b.CreateAnd(bits(x), integer(0x80000000)));
  b.CreateRet(b.CreateSelect(beyond, far, floats(b.CreateXor(bits(sum), sign))));
}

// The library's values for arguments beyond the limit, for all lanes at once; whatever where there is none. Stands
// before the other operations, of which nothing then has to be kept over the call.
V Body::far_values(V x, V beyond) {
  auto& context = function_.getContext();
  auto* start = b.GetInsertBlock();
  auto* far = llvm::BasicBlock::Create(context, "far", &function_);
  auto* near = llvm::BasicBlock::Create(context, "near", &function_);
  b.CreateCondBr(vector_ ? b.CreateOrReduce(beyond) : beyond, far, near,
                 llvm::MDBuilder(context).createUnlikelyBranchWeights());
  b.SetInsertPoint(far);
  const std::string& name = bodies_.far.find(function_.getName())->second;
  llvm::CallInst* call =
      b.CreateCall(function_.getParent()->getOrInsertFunction(name, function_.getFunctionType()), {x});
  call->setDoesNotThrow();
  call->setDoesNotAccessMemory();
  b.CreateBr(near);
  b.SetInsertPoint(near);
  llvm::PHINode* values = b.CreatePHI(type_, 2);
  values->addIncoming(number(0), start);
  values->addIncoming(call, far);
  return values;
}

using Writer = void (*)(Body&, V);
struct Row {
  const char* libm;
  Writer write;
};
constexpr Row kRows[] = {
    {"expf", [](Body& body, V x) { body.exp(x); }},
    {"sinf", [](Body& body, V x) { body.sine(x, false); }},
    {"cosf", [](Body& body, V x) { body.sine(x, true); }},
};

}  // namespace

bool has_lane_body(const std::string& libm) {
  return std::any_of(std::begin(kRows), std::end(kRows), [&](const Row& row) { return row.libm == libm; });
}

std::string lane_body_name(const std::string& libm, unsigned lanes) {
  return fmt::format("{}{}.{}", kPrefix.str(), libm, lanes);
}

bool define_lane_bodies(llvm::Module& module, const LaneBodies& bodies) {
  bool any = false;
  // The vectorisers name all forms there, so that they stay.
  llvm::removeFromUsedLists(module, [](llvm::Constant* c) { return c->getName().starts_with(kPrefix); });
  for (llvm::Function& f : llvm::make_early_inc_range(module)) {
    llvm::StringRef name = f.getName();
    if (!f.isDeclaration() || !name.consume_front(kPrefix)) continue;
    if (f.use_empty()) {
      f.eraseFromParent();
      continue;
    }
    const std::string libm = name.split('.').first.str();
    const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.libm == libm; });
    Body body(f, bodies);
    row->write(body, f.getArg(0));
    f.setLinkage(llvm::GlobalValue::InternalLinkage);
    f.setAttributes({});
    f.addFnAttr(llvm::Attribute::AlwaysInline);
    f.addFnAttr(llvm::Attribute::NoUnwind);
    any = true;
  }
  return any;
}

}  // namespace kjit::codegen
