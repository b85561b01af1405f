// Emitters of numba.cuda: where a thread stands in its grid, memory that threads share, what they do together.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

using kir::DeviceIndex;

ExprRef device_index(Builder& b, DeviceIndex which) {
  kir::Expr* e = b.node(Op::DeviceIndex, b.types.scalar(Scalar::I32), {});
  e->index = static_cast<uint32_t>(which);
  return e;
}

// Axis 0, 1 or 2 of a triple whose first number is `x`.
ExprRef wide(Builder& b, DeviceIndex x, int64_t axis) {
  const auto which = static_cast<DeviceIndex>(static_cast<int64_t>(x) + axis);
  return b.cast(device_index(b, which), b.types.int64());
}

}  // namespace

// cuda.threadIdx.x and its like, by the row's name.
ExprRef cuda_index(CallEmitter& call) {
  const std::string_view name =
      std::string_view(call.call.builtin->name).substr(std::string_view("numba.cuda.").size());
  uint32_t which = 0;
  while (kir::info(static_cast<DeviceIndex>(which)).python != name) ++which;  // a test looks at every row
  return device_index(call.b, static_cast<DeviceIndex>(which));
}

// grid(n): block number * threads of a block + number in the block. gridsize(n): blocks * threads of a block.
ExprRef cuda_grid(CallEmitter& call) {
  Builder& b = call.b;
  const bool size = call.call.builtin->id == sema::BuiltinId::cuda_gridsize;
  std::vector<ExprRef> axes;
  for (int64_t axis = 0; axis < int_constant(call, 0, 1); ++axis) {
    ExprRef threads = wide(b, DeviceIndex::block_dim_x, axis);
    ExprRef blocks = wide(b, size ? DeviceIndex::grid_dim_x : DeviceIndex::block_x, axis);
    ExprRef product = b.binary(Op::Mul, blocks, threads);
    axes.push_back(size ? product : b.binary(Op::Add, product, wide(b, DeviceIndex::thread_x, axis)));
  }
  return axes.size() == 1 ? axes[0] : b.tuple(std::move(axes));
}

namespace {

using kir::DeviceFn;

std::string_view name_behind_cuda(CallEmitter& call) {
  return std::string_view(call.call.builtin->name).substr(std::string_view("numba.cuda.").size());
}

DeviceFn function_named(std::string_view name) {
  uint32_t which = 0;
  while (kir::info(static_cast<DeviceFn>(which)).python != name) ++which;  // a test looks at every row
  return static_cast<DeviceFn>(which);
}

// The operation, with a variable for its result, which is of type `number` where the table says so.
ExprRef operation(Builder& b, DeviceFn fn, std::vector<ExprRef> operands, TypeRef number = nullptr,
                  ExprRef array = nullptr, uint32_t wrap = 0) {
  kir::Stmt* s = b.stmt(kir::StmtKind::Device);
  s->device = fn, s->exprs = std::move(operands), s->array = array, s->wrap = wrap;
  TypeRef type = nullptr;
  switch (kir::info(fn).result) {
    case '0':
      return b.node(Op::NoneValue, b.types.none(), {});
    case 'i':
      type = b.types.scalar(Scalar::I32);
      break;
    case 'u':
      type = b.types.scalar(Scalar::U32);
      break;
    case 'b':
      type = b.types.boolean();
      break;
    default:
      type = number;
      break;
  }
  s->has_var = true;
  s->var = b.temp(type);
  return b.var(s->var);
}

// Of a mask, int64 -1 too: the low 32 bits.
ExprRef mask(Builder& b, ExprRef value) { return b.cast(b.cast(value, b.types.int64()), b.types.scalar(Scalar::U32)); }

std::vector<int64_t> constant_shape(CallEmitter& call) {
  const sema::Constant& shape = *call.constant(0);  // typing has looked at it
  std::vector<int64_t> out;
  if (const auto* tuple = std::get_if<sema::ConstantTuple>(&shape.value)) {
    for (const sema::Constant& n : *tuple) out.push_back(n.as_int());
  } else {
    out.push_back(shape.as_int());
  }
  return out;
}

ExprRef placed_array(CallEmitter& call, kir::Memory memory) {
  Builder& b = call.b;
  std::vector<ExprRef> shape;
  for (const int64_t n : constant_shape(call)) shape.push_back(b.const_int(n));
  if (memory == kir::Memory::Shared && b.is_const_int(shape[0], 0)) {
    memory = kir::Memory::Dynamic;
    const int64_t item = size_of(call.result->scalar);
    ExprRef bytes = b.cast(device_index(b, DeviceIndex::dynamic_shared_bytes), b.types.int64());
    shape[0] = b.binary(Op::FloorDiv, bytes, b.const_int(item));
  }
  kir::Stmt* s = b.stmt(kir::StmtKind::Alloc);
  s->var = b.temp(b.machine(call.result), "%shared");
  s->exprs = std::move(shape), s->memory = memory;
  return b.var(s->var);
}

// An index for each axis, in range where that is checked; bit k of `wrap` where index k may be negative.
std::vector<ExprRef> places(CallEmitter& call, ExprRef array, ExprRef index, uint32_t& wrap) {
  Builder& b = call.b;
  std::vector<ExprRef> out;
  if (index->type->is_tuple()) index = b.reuse(index);
  for (uint32_t axis = 0; axis < array->type->rank; ++axis) {
    ExprRef at = index->type->is_tuple() ? b.get(index, axis) : index;
    const bool negative =
        !sema::is_unsigned(at->type->scalar) && !(b.is_const(at) && at->constant.i >= 0) && at->op != Op::DeviceIndex;
    at = b.reuse(b.cast(at, b.types.int64()));
    if (b.function.boundscheck) {
      ExprRef length = b.reuse(b.dim(array, axis));
      ExprRef below = b.compare(Op::Lt, at, length);
      ExprRef above = negative ? b.compare(Op::Ge, at, b.unary(Op::Neg, length)) : b.const_bool(true);
      b.check(b.binary(Op::AndThen, above, below), KJIT_INDEX_ERROR,
              "index {0} is out of bounds for axis {1} with size {2}", {at, b.const_int(axis), length});
    }
    if (negative) wrap |= 1u << axis;
    out.push_back(at);
  }
  return out;
}

}  // namespace

ExprRef cuda_shared_array(CallEmitter& call) { return placed_array(call, kir::Memory::Shared); }
ExprRef cuda_local_array(CallEmitter& call) { return placed_array(call, kir::Memory::Stack); }

ExprRef cuda_const_array_like(CallEmitter& call) { return value(call, 0); }

// Operands as the table of operations has them, from the arguments in order.
ExprRef cuda_operation(CallEmitter& call) {
  Builder& b = call.b;
  const DeviceFn fn = function_named(name_behind_cuda(call));
  const std::string_view letters = kir::info(fn).operands;
  std::vector<ExprRef> operands;
  TypeRef number = nullptr;
  for (size_t k = 0; k < letters.size(); ++k) {
    if (absent(call, k)) {  // syncwarp(): the whole warp
      operands.push_back(b.constant(b.types.scalar(Scalar::U32), int64_t{0xffffffff}));
    } else if (letters[k] == 'u') {
      operands.push_back(mask(b, value(call, k)));
    } else if (letters[k] == 'i') {
      operands.push_back(b.cast(value(call, k), b.types.scalar(Scalar::I32)));
    } else if (letters[k] == 'b') {
      operands.push_back(truth(b, value(call, k)));
    } else {
      TypeRef given = b.machine(argument_type(call, k));
      const bool word = size_of(given->scalar) >= 4 && !is_bool(given->scalar);
      number = word ? given : b.types.scalar(Scalar::I32);
      operands.push_back(b.cast(value(call, k), number));
    }
  }
  ExprRef result = operation(b, fn, std::move(operands), number);
  return result->type->is_none() ? result : b.cast(result, b.machine(call.result));
}

// The grid is no value: what is done with it stands in its methods' names.
ExprRef cuda_this_grid(CallEmitter& call) { return call.b.node(Op::NoneValue, call.b.types.none(), {}); }

ExprRef cuda_grid_sync(CallEmitter& call) {
  operation(call.b, DeviceFn::grid_sync, {});
  return call.b.constant(call.b.types.scalar(Scalar::I32), 0);
}

// All have the same where those with a thread's own value are all.
ExprRef cuda_match_all(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef given = b.machine(argument_type(call, 1));
  TypeRef number = size_of(given->scalar) >= 4 && !is_bool(given->scalar) ? given : b.types.scalar(Scalar::I32);
  ExprRef lanes = b.reuse(mask(b, value(call, 0)));
  ExprRef same = operation(b, DeviceFn::match_any_sync, {lanes, b.cast(value(call, 1), number)});
  ExprRef all = b.reuse(b.compare(Op::Eq, same, lanes));
  TypeRef i32 = b.types.scalar(Scalar::I32);
  return b.tuple({b.select(all, b.cast(lanes, i32), b.zero(i32)), all});
}

ExprRef cuda_lanemask_lt(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef u32 = b.types.scalar(Scalar::U32);
  ExprRef one = b.constant(u32, 1);
  ExprRef lane = b.cast(device_index(b, DeviceIndex::laneid), u32);
  return b.binary(Op::Sub, b.binary(Op::Shl, one, lane), one);
}

ExprRef cuda_atomic(CallEmitter& call) {
  Builder& b = call.b;
  const bool first = call.call.builtin->id == sema::BuiltinId::cuda_atomic_compare_and_swap;
  ExprRef array = b.reuse(value(call, 0));
  TypeRef element = b.types.scalar(array->type->scalar);
  uint32_t wrap = 0;
  std::vector<ExprRef> operands = places(call, array, first ? b.const_int(0) : value(call, 1), wrap);
  for (size_t k = first ? 1 : 2; k < call.args.size(); ++k) operands.push_back(b.cast(value(call, k), element));
  const DeviceFn fn = first ? DeviceFn::atomic_cas : function_named(name_behind_cuda(call));
  return operation(b, fn, std::move(operands), element, array, wrap);
}

ExprRef cuda_bits(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.machine(call.result);
  ExprRef x = number(call, 0, t);
  switch (call.call.builtin->id) {
    case sema::BuiltinId::cuda_popc:
      return b.unary(Op::PopCount, x);
    case sema::BuiltinId::cuda_clz:
      return b.unary(Op::CountLeadingZeros, x);
    case sema::BuiltinId::cuda_brev:
      return b.unary(Op::BitReverse, x);
    default: {
      ExprRef place = b.binary(Op::Add, b.unary(Op::CountTrailingZeros, x), b.constant(t, 1));
      return b.select(b.compare(Op::Eq, x, b.zero(t)), b.zero(t), place);
    }
  }
}

ExprRef cuda_fma(CallEmitter& call) {
  TypeRef t = call.b.machine(call.result);
  return call.b.math(kir::MathFn::fma, t, {number(call, 0, t), number(call, 1, t), number(call, 2, t)});
}

ExprRef cuda_cbrt(CallEmitter& call) {
  TypeRef t = call.b.machine(call.result);
  return call.b.math(kir::MathFn::cbrt, t, {number(call, 0, t)});
}

ExprRef cuda_selp(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.machine(call.result);
  return b.select(truth(b, value(call, 0)), number(call, 1, t), number(call, 2, t));
}

}  // namespace kjit::kirgen::emit
