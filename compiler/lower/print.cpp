// print: pieces go to the runtime in order. Tuples print as Python prints them.
#include <fmt/format.h>

#include "lower/arrays.h"
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

void print_text(FunctionLowering& f, std::string_view text) {
  if (text.empty()) return;
  f.call(Rt::kjit_rt_print_text, {f.ctx(), f.module.text(text), f.int64(static_cast<int64_t>(text.size()))});
}

void print_scalar(FunctionLowering& f, PartsRef parts, Scalar s) {
  auto& b = f.b;
  if (sema::is_bool(s)) {
    f.call(Rt::kjit_rt_print_bool, {f.ctx(), b.CreateZExt(parts[0], b.getInt8Ty())});
  } else if (sema::is_signed(s)) {
    f.call(Rt::kjit_rt_print_i64, {f.ctx(), b.CreateSExt(parts[0], b.getInt64Ty())});
  } else if (sema::is_unsigned(s)) {
    f.call(Rt::kjit_rt_print_u64, {f.ctx(), b.CreateZExt(parts[0], b.getInt64Ty())});
  } else if (sema::is_float(s)) {
    f.call(s == Scalar::F32 ? Rt::kjit_rt_print_f32 : Rt::kjit_rt_print_f64, {f.ctx(), parts[0]});
  } else {
    f.call(s == Scalar::C64 ? Rt::kjit_rt_print_c64 : Rt::kjit_rt_print_c128, {f.ctx(), parts[0], parts[1]});
  }
}

void print_array(FunctionLowering& f, PartsRef parts, TypeRef type) {
  auto& b = f.b;
  ArrayOperand a(f, parts, type);
  llvm::Type* row = llvm::ArrayType::get(b.getInt64Ty(), std::max<unsigned>(type->rank, 1));
  V shape = f.entry_alloca(row, "shape");
  V strides = f.entry_alloca(row, "strides");
  for (int k = 0; k < a.rank(); ++k) {
    b.CreateStore(a.shape(k), b.CreateConstInBoundsGEP1_64(b.getInt64Ty(), shape, static_cast<uint64_t>(k)));
    b.CreateStore(a.stride_bytes(k), b.CreateConstInBoundsGEP1_64(b.getInt64Ty(), strides, static_cast<uint64_t>(k)));
  }
  f.call(Rt::kjit_rt_print_array,
         {f.ctx(), b.getInt32(static_cast<uint32_t>(type->scalar)), b.getInt32(type->rank), a.data(), shape, strides});
}

void print_value(FunctionLowering& f, PartsRef parts, TypeRef type, bool in_tuple);

void print_optional(FunctionLowering& f, PartsRef parts, TypeRef type, bool in_tuple) {
  llvm::BasicBlock* some = f.new_block("print.some");
  llvm::BasicBlock* none = f.new_block("print.none");
  llvm::BasicBlock* after = f.new_block("print.after");
  f.b.CreateCondBr(parts[0], some, none);
  f.start(some);
  print_value(f, parts.drop_front(), type->elements[0], in_tuple);
  f.b.CreateBr(after);
  f.start(none);
  print_text(f, "None");
  f.b.CreateBr(after);
  f.start(after);
}

void print_tuple(FunctionLowering& f, PartsRef parts, TypeRef type) {
  print_text(f, "(");
  for (size_t k = 0; k < type->elements.size(); ++k) {
    if (k > 0) print_text(f, ", ");
    const unsigned n = part_count(type->elements[k], Form::Inner);
    print_value(f, parts.take_front(n), type->elements[k], true);
    parts = parts.drop_front(n);
  }
  print_text(f, type->elements.size() == 1 ? ",)" : ")");
}

void print_value(FunctionLowering& f, PartsRef parts, TypeRef type, bool in_tuple) {
  switch (type->kind) {
    case TypeKind::Scalar:
      return print_scalar(f, parts, type->scalar);
    case TypeKind::Array:
      return print_array(f, parts, type);
    case TypeKind::Tuple:
      return print_tuple(f, parts, type);
    case TypeKind::Optional:
      return print_optional(f, parts, type, in_tuple);
    case TypeKind::None:
      return print_text(f, "None");
    case TypeKind::String:
      return print_text(f, in_tuple ? fmt::format("'{}'", type->text) : type->text);
    default:
      return print_text(f, fmt::format("<{}>", sema::to_string(type)));
  }
}

}  // namespace

void lower_print(FunctionLowering& f, const Stmt& s) {
  if (f.module.options().device) {
    if (!f.in_message) print_on_device(f, s);
    return;
  }
  for (const kir::PrintItem& item : s.items) {
    if (item.value == nullptr) {
      print_text(f, item.text);
    } else {
      print_value(f, f.value(item.value), item.value->type, false);
    }
  }
  // Nothing more runs once the host's side has failed.
  V status = f.call(Rt::kjit_rt_print_end, {f.ctx(), f.location(s.span)});
  llvm::BasicBlock* stop = f.new_block("print.failed");
  f.branch_cold(f.b.CreateIsNotNull(status), stop);
  llvm::BasicBlock* go_on = f.b.GetInsertBlock();
  f.start(stop);
  f.leave(status);
  f.start(go_on);
}

}  // namespace kjit::lower
