// print in kernels for a GPU: the driver's vprintf, which writes when the kernel is waited for.
#include <fmt/format.h>

#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

// The text with places for values, as C's printf has it, and the values: each takes eight bytes.
class Line {
 public:
  explicit Line(FunctionLowering& f) : f_(f) {}

  void text(std::string_view piece) {
    for (const char c : piece) format_ += c == '%' ? std::string("%%") : std::string(1, c);
  }
  void value(PartsRef parts, TypeRef type) {
    if (type->is_tuple()) return tuple(parts, type);
    if (type->is_scalar()) return number(parts, type->scalar);
    text(type->is_none() ? "None" : type->kind == TypeKind::String ? type->text : "?");
  }
  void print() {
    auto& b = f_.b;
    auto* row = llvm::ArrayType::get(b.getInt64Ty(), std::max<size_t>(values_.size(), 1));
    V buffer = f_.entry_alloca(row, "printed", 8);
    for (unsigned k = 0; k < values_.size(); ++k)
      b.CreateAlignedStore(values_[k], b.CreateConstInBoundsGEP2_64(row, buffer, 0, k), llvm::Align(8));
    auto* pointer = b.getPtrTy();
    auto* type = llvm::FunctionType::get(b.getInt32Ty(), {pointer, pointer}, false);
    b.CreateCall(f_.module.module().getOrInsertFunction("vprintf", type), {f_.module.text(format_), buffer});
  }

 private:
  void number(PartsRef parts, Scalar s) {
    auto& b = f_.b;
    if (sema::is_bool(s)) {
      format_ += "%s";
      values_.push_back(b.CreateSelect(parts[0], f_.module.text("True"), f_.module.text("False")));
    } else if (sema::is_integer(s)) {
      format_ += sema::is_signed(s) ? "%lld" : "%llu";
      values_.push_back(b.CreateIntCast(parts[0], b.getInt64Ty(), sema::is_signed(s)));
    } else {
      format_ += "%f";
      values_.push_back(b.CreateFPExt(parts[0], b.getDoubleTy()));
    }
  }
  void tuple(PartsRef parts, TypeRef type) {
    text("(");
    for (size_t k = 0; k < type->elements.size(); ++k) {
      if (k > 0) text(", ");
      const unsigned n = part_count(type->elements[k], Form::Inner);
      value(parts.take_front(n), type->elements[k]);
      parts = parts.drop_front(n);
    }
    text(type->elements.size() == 1 ? ",)" : ")");
  }

  FunctionLowering& f_;
  std::string format_;
  Parts values_;
};

}  // namespace

void print_on_device(FunctionLowering& f, const Stmt& s) {
  Line line(f);
  for (const kir::PrintItem& item : s.items) {
    if (item.value) {
      line.value(f.value(item.value), item.value->type);
    } else {
      line.text(item.text);
    }
  }
  line.print();
}

}  // namespace kjit::lower
