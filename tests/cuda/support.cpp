#include "cuda/support.h"

namespace kjit::test {

rt::cuda::DriverRef real_driver(std::string& why) {
  try {
    return rt::cuda::Driver::open();
  } catch (const rt::cuda::Unavailable& error) {
    why = error.what();
    return nullptr;
  }
}

const char* const kAxpyPtx = R"(.version 6.3
.target sm_75
.address_size 64
.visible .entry axpy(.param .u64 y, .param .u64 x, .param .f32 a, .param .s32 n) {
  .reg .pred %p;
  .reg .b32 %r<6>;
  .reg .b64 %d<6>;
  .reg .f32 %f<5>;
  mov.u32 %r1, %ctaid.x;
  mov.u32 %r2, %ntid.x;
  mov.u32 %r3, %tid.x;
  mad.lo.s32 %r4, %r1, %r2, %r3;
  ld.param.s32 %r5, [n];
  setp.ge.s32 %p, %r4, %r5;
  @%p bra done;
  ld.param.u64 %d1, [y];
  ld.param.u64 %d2, [x];
  cvta.to.global.u64 %d1, %d1;
  cvta.to.global.u64 %d2, %d2;
  mul.wide.s32 %d3, %r4, 4;
  add.s64 %d4, %d1, %d3;
  add.s64 %d5, %d2, %d3;
  ld.global.f32 %f1, [%d5];
  ld.global.f32 %f2, [%d4];
  ld.param.f32 %f3, [a];
  fma.rn.f32 %f4, %f3, %f1, %f2;
  st.global.f32 [%d4], %f4;
done:
  ret;
}
.visible .entry fault() {
  .reg .b64 %d<2>;
  mov.u64 %d1, 0;
  st.global.u32 [%d1], 1;
  ret;
}
)";

}  // namespace kjit::test
