// Emitters of numba.cuda: where a thread stands in its grid.
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

}  // namespace kjit::kirgen::emit
