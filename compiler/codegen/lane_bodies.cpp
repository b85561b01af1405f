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

// What differs between float32 and float64.
struct Format {
  double round;           // x + round is x rounded to an integer, which stands in its lowest bits
  uint64_t round_bits;    // of `round`
  unsigned digits, bias;  // stored digits; the bias of exponents
  double most, least;     // beyond them exp is infinite, or 0
  double ln2_high, ln2_low;
  llvm::ArrayRef<double> exp;  // q of Body::exp, highest power first
};
constexpr double kExpSingle[] = {0x1.6a5230p-10, 0x1.12396cp-7, 0x1.5558aap-5, 0x1.555492p-3, 0x1.fffffcp-2};
constexpr double kExpDouble[] = {
    0x1.af625f808e48dp-26, 0x1.28b42afacf212p-22, 0x1.71ddf72e4f5ffp-19, 0x1.a01993998a7e8p-16, 0x1.a01a01afd924bp-13,
    0x1.6c16c1860a1d3p-10, 0x1.111111110f88bp-7,  0x1.55555555503c8p-5,  0x1.5555555555558p-3,  0x1.0000000000009p-1};
const Format kSingle = {0x1.8p23, 0x4b400000, 23, 127, 89, -104, 0x1.62e43p-1, -0x1.05c61p-29, kExpSingle};
const Format kDouble = {0x1.8p52,  0x4338000000000000, 52, 1023, 710, -746, 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56,
                        kExpDouble};

// Writes the operations of one form.
class Body {
 public:
  Body(llvm::Function& function, const LaneBodies& bodies)
      : b(llvm::BasicBlock::Create(function.getContext(), "entry", &function)),
        function_(function),
        bodies_(bodies),
        type_(function.getReturnType()),
        vector_(llvm::dyn_cast<llvm::FixedVectorType>(type_)),
        single_(type_->getScalarType()->isFloatTy()),
        format_(single_ ? kSingle : kDouble) {}

  void exp(V x);
  // Of sine, or of cosine.
  void sine(V x, bool cosine);

 private:
  V number(double value) { return llvm::ConstantFP::get(type_, value); }
  V integer(uint64_t value) {  // its lowest bits
    return llvm::ConstantInt::get(integers(), llvm::APInt(64, value).trunc(single_ ? 32 : 64));
  }
  llvm::Type* integers() {
    llvm::Type* one = b.getIntNTy(single_ ? 32 : 64);
    return vector_ ? llvm::FixedVectorType::get(one, vector_->getNumElements()) : one;
  }
  V fma(V p, V q, V r) { return b.CreateIntrinsic(llvm::Intrinsic::fma, {type_}, {p, q, r}); }
  V bits(V x) { return b.CreateBitCast(x, integers()); }
  V floats(V x) { return b.CreateBitCast(x, type_); }
  // Horner's scheme.
  V polynomial(V x, llvm::ArrayRef<V> highest_first);
  V scaled(V x, V power, V integral);
  // Of an exponent with the bias added.
  V power_of_two(V biased) { return floats(b.CreateShl(biased, integer(format_.digits))); }
  V far_values(V x, V beyond);

  llvm::IRBuilder<> b;
  llvm::Function& function_;
  const LaneBodies& bodies_;
  llvm::Type* type_;
  llvm::FixedVectorType* vector_;
  bool single_;
  const Format& format_;
};

V Body::polynomial(V x, llvm::ArrayRef<V> highest_first) {
  V sum = nullptr;
  for (V c : highest_first) sum = sum ? fma(sum, x, c) : c;
  return sum;
}

// x times 2 to the power of n, which is `power` as a number and the lowest bits of `integral`; rounded once.
V Body::scaled(V x, V power, V integral) {
  const unsigned lanes = vector_ ? vector_->getNumElements() : 0, width = lanes * (single_ ? 32 : 64);
  if (width >= 128 && bodies_.scale) {
    using namespace llvm;
    static constexpr Intrinsic::ID kScale[2][3] = {
        {Intrinsic::x86_avx512_mask_scalef_pd_128, Intrinsic::x86_avx512_mask_scalef_pd_256,
         Intrinsic::x86_avx512_mask_scalef_pd_512},
        {Intrinsic::x86_avx512_mask_scalef_ps_128, Intrinsic::x86_avx512_mask_scalef_ps_256,
         Intrinsic::x86_avx512_mask_scalef_ps_512}};
    std::vector<V> operands{x, power, x, ConstantInt::get(b.getIntNTy(std::max(lanes, 8U)), (1U << lanes) - 1)};
    if (width == 512) operands.push_back(b.getInt32(4));
    return b.CreateIntrinsic(kScale[single_][width / 256], {}, operands);
  }
  // In two steps: one factor alone may be out of range where the product is not. All integers are positive, since AVX2
  // shifts none with a sign.
  constexpr uint64_t kAbove = 2048;
  V n = b.CreateSub(integral, integer(format_.round_bits - kAbove));
  V half = b.CreateLShr(n, integer(1));
  const uint64_t bias = format_.bias - kAbove / 2;  // wraps
  V rest = b.CreateAdd(b.CreateSub(n, half), integer(bias));
  return b.CreateFMul(b.CreateFMul(x, power_of_two(b.CreateAdd(half, integer(bias)))), power_of_two(rest));
}

// x = n log(2) + r, exp(r) = 1 + r + r^2 q(r): r in two numbers, q minimax relative to exp(r) on |r| <= 0.3466, with an
// error of 2^-28.2 (float32) or 2^-56.5.
void Body::exp(V x) {
  x = b.CreateSelect(b.CreateFCmpOGT(x, number(format_.most)), number(format_.most), x);
  x = b.CreateSelect(b.CreateFCmpOLT(x, number(format_.least)), number(format_.least), x);
  V rounded = fma(x, number(0x1.71547652b82fep+0), number(format_.round));
  V n = b.CreateFSub(rounded, number(format_.round));
  V high = fma(n, number(-format_.ln2_high), x);  // exact
  V low = b.CreateFMul(n, number(-format_.ln2_low));
  V r = b.CreateFAdd(high, low);
  std::vector<V> coefficients;
  for (const double c : format_.exp) coefficients.push_back(number(c));
  V q = polynomial(r, coefficients);
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
  V rounded = fma(size, number(0x1.45f306p-1), number(format_.round));
  V n = b.CreateFSub(rounded, number(format_.round));
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
  bool far;  // the library has to be there for large arguments
  Writer write;
};
constexpr Row kRows[] = {
    {"exp", false, [](Body& body, V x) { body.exp(x); }},
    {"expf", false, [](Body& body, V x) { body.exp(x); }},
    {"sinf", true, [](Body& body, V x) { body.sine(x, false); }},
    {"cosf", true, [](Body& body, V x) { body.sine(x, true); }},
};

const Row* find(llvm::StringRef libm) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.libm == libm; });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace

LaneBody lane_body(const std::string& libm) {
  const Row* row = find(libm);
  return !row ? LaneBody::None : row->far ? LaneBody::Near : LaneBody::Whole;
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
    const Row* row = find(name.split('.').first);
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
